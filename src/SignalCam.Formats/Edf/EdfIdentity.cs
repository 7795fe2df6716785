using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>The header's patient, start and equipment fields: EDF+ has subfields, plain EDF has free text.</summary>
internal sealed record EdfIdentity
{
    private const string Unknown = "X";
    private const string StartDateWord = "Startdate";

    // The date that EDF+ prescribes where the true one is not to be said.
    private const string NoDate = "01.01.85";

    // Two digits of a year: 85 to 99 are of the twentieth century.
    private const int FirstYear = 1985;

    private static readonly string[] DateFormats = ["dd-MMM-yyyy", "d-MMM-yyyy"];

    public string? Equipment { get; private init; }

    public Dictionary<string, string> Patient { get; private init; } = [];

    private EcgStart? Start { get; init; }

    /// <summary>When the first sample was taken, this many seconds after the header's start; null if that is not known.</summary>
    public EcgStart? StartAfter(decimal seconds)
    {
        var ticks = (Start?.Local.Ticks ?? -1) + (long)(seconds * TimeSpan.TicksPerSecond);
        return Start is null || ticks < 0 || ticks > DateTime.MaxValue.Ticks ? null : new EcgStart(new DateTime(ticks));
    }

    public static EdfIdentity Of(EdfHeader header, List<string> warnings)
    {
        var patient = PatientOf(header.PatientField);
        var parts = header.RecordingField.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts is not [StartDateWord, ..])
        {
            if (IsStated(header.RecordingField))
                patient["recording"] = header.RecordingField;
            return new EdfIdentity { Patient = patient, Start = StartOf(header, null, warnings) };
        }
        // The hospital's number of the investigation leads to the patient; the technician is left out.
        if (parts.Length > 2 && IsStated(parts[2]))
            patient["admission"] = Spaced(parts[2]);
        var equipment = parts.Length > 4 ? string.Join(' ', parts[4..]) : null;
        return new EdfIdentity
        {
            Patient = patient,
            Start = StartOf(header, parts.Length > 1 ? parts[1] : null, warnings),
            Equipment = equipment is not null && IsStated(equipment) ? Spaced(equipment) : null,
        };
    }

    /// <summary>"code sex birthdate name", each X where unknown; other text is taken as a whole.</summary>
    private static Dictionary<string, string> PatientOf(string field)
    {
        var patient = new Dictionary<string, string>();
        var parts = field.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length >= 4 && parts[1] is "F" or "M" or Unknown && (parts[2] == Unknown || Date(parts[2]) is not null))
        {
            Add(FieldNames.PatientId, parts[0]);
            Add(FieldNames.Sex, parts[1]);
            Add(FieldNames.BirthDate, Date(parts[2]) is { } birth ? FormattableString.Invariant($"{birth:yyyy-MM-dd}") : Unknown);
            Add(FieldNames.PatientName, parts[3]);
        }
        // Some writers leave the placeholder of the specification.
        else if (!field.Equals("dd-MMM-yyyy", StringComparison.OrdinalIgnoreCase))
            Add("patient", field);
        return patient;

        void Add(string name, string value)
        {
            if (IsStated(value))
                patient[name] = Spaced(value);
        }
    }

    private static EcgStart? StartOf(EdfHeader header, string? startDate, List<string> warnings)
    {
        var (date, time) = (header.StartDate, header.StartTime);
        if (startDate == Unknown && date == NoDate)
            return null;
        var day = Date(startDate) ?? HeaderDate(date);
        if (day is not null && Numbers(time) is [< 24, < 60, < 60] clock)
            return new EcgStart(day.Value.Add(new TimeSpan(clock[0], clock[1], clock[2])));
        warnings.Add($"start date '{date}' and time '{time}' cannot be read");
        return null;
    }

    private static DateTime? HeaderDate(string text)
    {
        if (Numbers(text) is not [>= 1, >= 1 and <= 12, <= 99] parts)
            return null;
        var year = parts[2] + (parts[2] >= FirstYear % 100 ? 1900 : 2000);
        return parts[0] <= DateTime.DaysInMonth(year, parts[1]) ? new DateTime(year, parts[1], parts[0]) : null;
    }

    /// <summary>Three numbers of up to two digits; writers do not agree on what stands between them.</summary>
    private static int[] Numbers(string text)
    {
        var parts = text.Split(['.', ':', '-', '/', ' '], StringSplitOptions.RemoveEmptyEntries);
        var numbers = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
            if (parts[i].Length > 2 || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return [];
        return numbers;
    }

    private static DateTime? Date(string? text) =>
        DateTime.TryParseExact(text, DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    private static bool IsStated(string text) => text.Length > 0 && text.Any(c => c is not ('X' or ' '));

    private static string Spaced(string text) => text.Replace('_', ' ');
}
