using System.Buffers.Binary;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Scp;

/// <summary>The fields of section 1, by name.</summary>
internal static class ScpFields
{
    private const int ModelOffset = 8;
    private const int ModelLength = 6;
    private const int MainsOffset = 18;
    private const int StringsOffset = 36;

    /// <summary>Date (tag 25), time (26) and time zone (34: minutes from UTC, 0x7FFF unknown).</summary>
    public static EcgStart? Start(ScpTags tags, List<string> warnings)
    {
        if (tags.Value(25) is not { Length: >= 4 } date)
            return null;
        var (year, month, day) = (BinaryPrimitives.ReadUInt16LittleEndian(date.Span), date.Span[2], date.Span[3]);
        var time = tags.Value(26) is { Length: >= 3 } value ? value.Span : [0, 0, 0];
        if (Date(year, month, day) is not { } start || time[0] > 23 || time[1] > 59 || time[2] > 59)
        {
            if ((year, month, day) != (0, 0, 0))
                warnings.Add($"the start {year}-{month}-{day} {time[0]}:{time[1]}:{time[2]} is no date and time");
            return null;
        }
        var zone = tags.Value(34) is { Length: >= 2 } minutes ? BinaryPrimitives.ReadInt16LittleEndian(minutes.Span) : short.MaxValue;
        return new EcgStart(start.Add(new TimeSpan(time[0], time[1], time[2])), Math.Abs((int)zone) <= 14 * 60 ? TimeSpan.FromMinutes(zone)
            : null);
    }

    public static Dictionary<string, string> Metadata(ScpRecord record, ScpTags tags, ScpWaveform rhythm)
    {
        var fields = new Dictionary<string, string>
        {
            [FieldNames.Version] = (record.Version / 10.0).ToString("0.0", CultureInfo.InvariantCulture),
            ["resolution_nv"] = rhythm.Nanovolt.ToString(CultureInfo.InvariantCulture),
        };
        AddDevice(fields, tags.Value(14).Span);
        // 0 in a filter's tag is what writers without knowledge leave there.
        Add(fields, FieldNames.HighPass, tags.UInt16(27) is > 0 and var high ? (high / 100.0).ToString(CultureInfo.InvariantCulture)
            : null);
        Add(fields, FieldNames.LowPass, tags.UInt16(28) is > 0 and var low ? low.ToString(CultureInfo.InvariantCulture) : null);
        Add(fields, FieldNames.Notch, tags.Byte(29) switch
        {
            { } map when (map & 1) != 0 => "60",
            { } map when (map & 2) != 0 => "50",
            _ => null,
        });
        return fields;
    }

    public static Dictionary<string, string> Patient(ScpTags tags)
    {
        var fields = new Dictionary<string, string>();
        Add(fields, FieldNames.LastName, tags.Text(0));
        Add(fields, FieldNames.FirstName, tags.Text(1));
        Add(fields, "second_last_name", tags.Text(3));
        Add(fields, FieldNames.PatientId, tags.Text(2));
        Add(fields, FieldNames.Age, Quantity(tags, 4, ["", "years", "months", "weeks", "days", "hours"]));
        Add(fields, FieldNames.BirthDate, BirthDate(tags.Value(5).Span));
        Add(fields, FieldNames.Height, Quantity(tags, 6, ["", "cm", "in", "mm"]));
        Add(fields, FieldNames.Weight, Quantity(tags, 7, ["", "kg", "g", "lb", "oz"]));
        Add(fields, FieldNames.Sex, tags.Byte(8) switch { 1 => "M", 2 => "F", _ => null });
        Add(fields, "referring_physician", tags.Text(20));
        Add(fields, "confirming_physician", tags.Text(21));
        Add(fields, "technician", tags.Text(22));
        Add(fields, "free_text", Join(tags.Texts(30)));
        Add(fields, "sequence_number", tags.Text(31));
        Add(fields, "history", Join(tags.Texts(35)));
        return fields;
    }

    /// <summary>Tag 14: fixed fields, then texts that end in 0: program, serial number, two versions, manufacturer.</summary>
    private static void AddDevice(Dictionary<string, string> fields, ReadOnlySpan<byte> device)
    {
        if (device.Length < ModelOffset + ModelLength)
            return;
        Add(fields, FieldNames.Model, ScpTags.Decode(device.Slice(ModelOffset, ModelLength)));
        if (device.Length > MainsOffset)
            Add(fields, "mains_hz", device[MainsOffset] switch { 1 => "50", 2 => "60", _ => null });
        if (device.Length <= StringsOffset)
            return;
        var texts = new List<string?>();
        for (var rest = device[StringsOffset..]; !rest.IsEmpty;)
        {
            texts.Add(ScpTags.Decode(rest));
            var zero = rest.IndexOf((byte)0);
            rest = zero < 0 ? [] : rest[(zero + 1)..];
        }
        string?[] names = ["analysing_program", FieldNames.Device, FieldNames.Software, "scp_software", FieldNames.Manufacturer];
        for (var i = 0; i < Math.Min(names.Length, texts.Count); i++)
            Add(fields, names[i]!, texts[i] is "unknown" ? null : texts[i]);
    }

    private static string? BirthDate(ReadOnlySpan<byte> value) =>
        value.Length >= 4 && Date(BinaryPrimitives.ReadUInt16LittleEndian(value), value[2], value[3]) is { } date
            ? date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : null;

    private static DateTime? Date(int year, int month, int day) =>
        year is >= 1 and <= 9999 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateTime(year, month, day) : null;

    /// <summary>A number with a unit; absent where the unit is 0 or unknown.</summary>
    private static string? Quantity(ScpTags tags, int tag, string[] units) =>
        tags.Value(tag) is { Length: >= 3 } value && value.Span[2] is var unit && unit > 0 && unit < units.Length
            ? string.Create(CultureInfo.InvariantCulture, $"{BinaryPrimitives.ReadUInt16LittleEndian(value.Span)} {units[unit]}")
            : null;

    private static string? Join(IEnumerable<string> texts) => string.Join("; ", texts) is { Length: > 0 } joined ? joined : null;

    private static void Add(Dictionary<string, string> fields, string name, string? value)
    {
        if (value is not null)
            fields[name] = value;
    }
}
