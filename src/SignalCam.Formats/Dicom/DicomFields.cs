using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>The metadata of a DICOM object.</summary>
internal static class DicomFields
{
    /// <summary>
    /// Acquisition DateTime, or the date and time of acquisition, content or study, in this order; PS3.5 6.2 (DA, TM, DT).
    /// </summary>
    public static EcgStart? Start(DicomData data, List<string> warnings)
    {
        var stated = data.Text(DicomTag.AcquisitionDateTime)
            ?? Join(data, DicomTag.AcquisitionDate, DicomTag.AcquisitionTime)
            ?? Join(data, DicomTag.ContentDate, DicomTag.ContentTime)
            ?? Join(data, DicomTag.StudyDate, DicomTag.StudyTime);
        if (stated is null)
            return null;
        var start = ParseDateTime(stated, data.Text(DicomTag.TimezoneOffset));
        if (start is null)
            warnings.Add($"the start '{(stated.Length > 40 ? stated[..40] : stated)}' is no date and time");
        return start;
    }

    public static Dictionary<string, string> Metadata(DicomData data, string kind, IReadOnlyList<DicomGroup> groups)
    {
        var fields = new Dictionary<string, string> { ["object"] = kind };
        Add(fields, FieldNames.Manufacturer, data.Text(DicomTag.Manufacturer));
        Add(fields, FieldNames.Model, data.Text(DicomTag.Model));
        Add(fields, FieldNames.Software, data.Text(DicomTag.Software));
        Add(fields, FieldNames.Device, data.Text(DicomTag.DeviceSerial));
        Add(fields, "modality", data.Text(DicomTag.Modality));
        Add(fields, "groups", string.Join(", ", groups.Select(g => g.Label ?? $"group {g.Number}")));
        var leads = groups.Where(g => !g.IsBeat).SelectMany(g => g.Channels).Where(c => c.IsLead).ToList();
        Add(fields, FieldNames.HighPass, Filter(leads, c => c.LowFrequency));
        Add(fields, FieldNames.LowPass, Filter(leads, c => c.HighFrequency));
        Add(fields, FieldNames.Notch, Filter(leads, c => c.Notch));
        return fields;
    }

    public static Dictionary<string, string> Patient(DicomData data)
    {
        var fields = new Dictionary<string, string>();
        Add(fields, FieldNames.PatientName, data.Text(DicomTag.PatientName));
        Add(fields, FieldNames.PatientId, data.Text(DicomTag.PatientId));
        Add(fields, FieldNames.BirthDate, data.Text(DicomTag.PatientBirthDate) is { } date ? IsoDate(date) ?? date : null);
        Add(fields, FieldNames.Sex, data.Text(DicomTag.PatientSex));
        Add(fields, FieldNames.Age, data.Text(DicomTag.PatientAge));
        Add(fields, FieldNames.Height, data.Text(DicomTag.PatientSize) is { } metres ? metres + " m" : null);
        Add(fields, FieldNames.Weight, data.Text(DicomTag.PatientWeight) is { } kilograms ? kilograms + " kg" : null);
        Add(fields, "accession_number", data.Text(DicomTag.AccessionNumber));
        Add(fields, "study_id", data.Text(DicomTag.StudyId));
        Add(fields, "referring_physician", data.Text(DicomTag.ReferringPhysician));
        Add(fields, "institution", data.Text(DicomTag.Institution));
        return fields;
    }

    /// <summary>YYYYMMDDHHMMSS.FFFFFF&amp;ZZXX, of which everything behind the year may be absent; null if it is not a date.</summary>
    public static EcgStart? ParseDateTime(string text, string? timezone)
    {
        text = text.Trim();
        var sign = text.IndexOfAny(['+', '-'], Math.Min(4, text.Length));
        var offset = Offset(sign >= 0 ? text[sign..] : timezone);
        var local = sign >= 0 ? text[..sign] : text;
        var point = local.IndexOf('.');
        var whole = point >= 0 ? local[..point] : local;
        if (!DateTime.TryParseExact(whole, ["yyyyMMddHHmmss", "yyyyMMddHHmm", "yyyyMMddHH", "yyyyMMdd"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var start))
            return null;
        if (point >= 0 && double.TryParse("0" + local[point..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var fraction))
            start = start.AddTicks((long)Math.Round(fraction * TimeSpan.TicksPerSecond));
        return new EcgStart(start, offset);
    }

    private static TimeSpan? Offset(string? text)
    {
        if (text is not { Length: 5 } || text[0] is not ('+' or '-')
            || !int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return null;
        var minutes = (value / 100 * 60) + (value % 100);
        return minutes <= 14 * 60 ? TimeSpan.FromMinutes(text[0] == '-' ? -minutes : minutes) : null;
    }

    private static string? Join(DicomData data, uint date, uint time) =>
        data.Text(date) is { } day
            ? day.Replace(".", "", StringComparison.Ordinal) + data.Text(time)?.Replace(":", "", StringComparison.Ordinal)
            : null;

    private static string? IsoDate(string text) =>
        DateTime.TryParseExact(text, ["yyyyMMdd", "yyyy.MM.dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;

    /// <summary>One value where all leads have it, otherwise a list; 0 is a filter that is off, absent is unknown.</summary>
    private static string? Filter(List<DicomChannel> leads, Func<DicomChannel, double?> value)
    {
        var stated = leads.Select(value).Distinct().ToList();
        return stated is [] or [null] ? null : string.Join(", ", stated.Select(v => v switch
        {
            null => "not stated",
            0 => "off",
            { } hertz => hertz.ToString(CultureInfo.InvariantCulture),
        }));
    }

    private static void Add(Dictionary<string, string> fields, string name, string? value)
    {
        if (value is not null)
            fields[name] = value;
    }
}
