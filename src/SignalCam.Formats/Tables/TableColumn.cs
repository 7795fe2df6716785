using SignalCam.Core.Signals;

namespace SignalCam.Formats.Tables;

/// <summary>The kind of a column.</summary>
internal enum ColumnKind
{
    /// <summary>Samples of a lead or of another signal.</summary>
    Signal,

    Time,

    /// <summary>Numbers the rows.</summary>
    Index,

    /// <summary>Holds nothing, or no numbers.</summary>
    Ignored,
}

/// <summary>A column by its name: "II", "II (mV)", "V1_uV", "time [ms]".</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name without the unit; empty if there is none.</param>
/// <param name="Unit">As stated in the name or the line of units; null if none is.</param>
internal sealed record TableColumn(ColumnKind Kind, string Name, string? Unit)
{
    private static readonly HashSet<string> TimeNames =
    [
        "time", "t", "ts", "epoch", "unix_time", "unixtime", "seconds", "sec", "secs", "second", "elapsed_time", "elapsed", "timestamp",
            "time_stamp", "timestamps", "datetime",
            "date_time", "clock", "sample_time", "milliseconds", "ms",
        "zeit", "temps", "tiempo", "tempo", "czas", "\u0432\u0440\u0435\u043C\u044F",
    ];

    private static readonly HashSet<string> IndexNames =
    [
        "index", "idx", "sample", "samples", "sample_number", "sample_no", "sample_nr", "sample_index", "n", "no", "nr", "unnamed_0",
            "row", "frame", "count", "counter", "i_sample",
    ];

    private static readonly HashSet<string> OtherNames =
        ["label", "labels", "class", "target", "id", "note", "notes", "quality", "patient", "patient_id", "record", "record_id", "subject",
            "fold", "date", "beat", "rhythm", "comment"];

    /// <summary>Whether it says of itself that it is a time.</summary>
    public bool IsTime => Kind == ColumnKind.Time;

    /// <summary>Reads the name of a column.</summary>
    /// <param name="title">As it stands above the column.</param>
    /// <param name="statedUnit">What the line of units says; null if there is no such line.</param>
    public static TableColumn Of(string title, string? statedUnit)
    {
        var (name, unit) = SplitUnit(SpreadsheetCell.Unescape(title));
        unit = statedUnit is { Length: > 0 } ? WithoutBrackets(statedUnit) : unit;
        var plain = TablePreamble.Plain(name);
        if (TimeNames.Contains(plain) && LeadNames.Recognize(name) is null)
            return new TableColumn(ColumnKind.Time, name, unit
                ?? (plain is "ms" or "milliseconds" ? "ms" : plain is "seconds" or "sec" or "secs" or "second" ? "s" : null));
        if (IndexNames.Contains(plain) && unit is null)
            return new TableColumn(ColumnKind.Index, name, null);
        // "time_s" and "t_ms" as well.
        if (name.LastIndexOfAny(['_', ' ', '-']) is > 0 and var mark && TimeNames.Contains(TablePreamble.Plain(name[..mark]))
            && TableTime.SecondsIn(name[(mark + 1)..]) is not null)
            return new TableColumn(ColumnKind.Time, name[..mark], name[(mark + 1)..]);
        return new TableColumn(ColumnKind.Signal, name, unit);
    }

    /// <summary>Whether it may be an ECG lead, by name and unit.</summary>
    public bool MayBeLead => Kind == ColumnKind.Signal && !OtherNames.Contains(TablePreamble.Plain(Name))
        && (LeadNames.Recognize(Name) is not null || ChannelKinds.MayBeEcg(Name, IsCounts ? null : Unit));

    /// <summary>Whether the unit is that of a converter, which is not an unit of voltage: the option has to give one.</summary>
    private bool IsCounts => Unit is not null && TablePreamble.Plain(Unit) is "adc" or "raw" or "counts" or "count" or "digits" or "digit"
        or "lsb" or "au" or "a_u" or "adu" or "adus" or "units";

    /// <summary>Whether a field of a line under the names is a unit: "(mV)", "uV", "s", "hh:mm:ss.mmm".</summary>
    public static bool IsUnit(string field)
    {
        var unit = WithoutBrackets(field);
        return VoltageUnits.TryGetMillivolt(unit, out _) || TableTime.SecondsIn(unit) is not null
            || unit.StartsWith("hh:mm", StringComparison.OrdinalIgnoreCase)
            || unit.StartsWith("mm:ss", StringComparison.OrdinalIgnoreCase);
    }

    private static string WithoutBrackets(string text) => text.Trim().Trim('(', ')', '[', ']', '{', '}', '"', '\'').Trim();

    /// <summary>"II (mV)", "II [mV]", "II_mV", "II mV", "II/mV", "II, mV".</summary>
    private static (string Name, string? Unit) SplitUnit(string title)
    {
        title = title.Trim().Trim('"').Trim();
        var open = title.LastIndexOfAny(['(', '[', '{']);
        if (open > 0 && title[^1] is ')' or ']' or '}' && open > 0)
        {
            var (name, inner) = (title[..open].Trim().TrimEnd('_', ','), title[(open + 1)..^1].Trim());
            // "Lead I (Einthoven)" has no unit.
            return LeadNames.Recognize(title) is not null && !IsUnit(inner) ? (title, null) : (name, inner.Length > 0 ? inner : null);
        }
        var mark = title.LastIndexOfAny(['_', ' ', '/', ',', '.', '-']);
        // A single V behind a name is more often a lead than volt.
        if (mark > 0 && mark < title.Length - 2 && VoltageUnits.TryGetMillivolt(title[(mark + 1)..], out _))
            return (title[..mark].Trim(), title[(mark + 1)..]);
        return (title, null);
    }
}
