using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Tables;

/// <summary>
/// The lines above a table, such as "# fs = 500 Hz", "Sample Rate,512 hertz" or "Unit: uV". Statements about neither device nor signal
/// may be anything, and count as the patient's.
/// </summary>
internal sealed class TablePreamble
{
    private const int LongestKey = 60;
    private const int MostFields = 200;

    private static readonly HashSet<string> RateKeys =
    [
        "sample_rate", "sampling_rate", "samplerate", "samplingrate", "sample_frequency", "sampling_frequency", "samplingfrequency",
            "frequency", "fs", "sfreq", "rate", "sr",
        "sampling_rate_hz", "sampling_frequency_hz", "sample_rate_hz", "frequency_hz", "fs_hz", "abtastrate", "abtastfrequenz",
        "\u0447\u0430\u0441\u0442\u043E\u0442\u0430",
            "\u0447\u0430\u0441\u0442\u043E\u0442\u0430_\u0434\u0438\u0441\u043A\u0440\u0435\u0442\u0438\u0437\u0430\u0446\u0438\u0438",
    ];

    private static readonly HashSet<string> UnitKeys = ["unit", "units", "einheit", "amplitude_unit", "signal_unit"];

    private static readonly HashSet<string> LeadKeys = ["lead", "leads", "channel", "channels", "ableitung", "ableitungen"];

    private static readonly HashSet<string> StartKeys = ["start", "start_time", "recorded_date", "recording_date", "date", "date_time",
        "datetime", "acquisition_time", "acquisition_date"];

    private static readonly HashSet<string> DeviceKeys =
    [
        "device", "device_name", "manufacturer", "model", "software_version", "software", "version", "firmware", "filter", "filters",
            "high_pass", "low_pass", "notch",
        "resolution", "gain", "classification", "format",
    ];

    private readonly Dictionary<string, string> _metadata = [];
    private readonly Dictionary<string, string> _patient = [];

    /// <summary>Samples per second; null if nothing is stated.</summary>
    public double? Rate { get; private set; }

    /// <summary>The unit of all leads; null if none is stated.</summary>
    public string? Unit { get; private set; }

    /// <summary>Names of the leads; null if none is stated.</summary>
    public IReadOnlyList<string>? Leads { get; private set; }

    /// <summary>When the recording began; null if that is not stated or cannot be read.</summary>
    public EcgStart? Start { get; private set; }

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public IReadOnlyDictionary<string, string> Patient => _patient;

    /// <summary>Takes a line above the table: of one field "key: value" or "key = value", of several the key and its value.</summary>
    public void Add(IReadOnlyList<string> fields)
    {
        if (fields.Count == 0)
            return;
        var line = fields[0].TrimStart('#', '%', '!', '/', ' ');
        var mark = line.IndexOfAny([':', '=']);
        var (key, values) = mark > 0
            ? (line[..mark], (IReadOnlyList<string>)[line[(mark + 1)..], .. fields.Skip(1)])
            : (line, [.. fields.Skip(1)]);
        values = [.. values.Select(v => v.Trim()).Where(v => v.Length > 0)];
        if (values.Count > 0 && key.Length <= LongestKey)
            Add(Plain(key), values);
    }

    /// <summary>Whether a line is of this kind rather than the names of columns: "Unit,mV".</summary>
    public static bool IsKey(string field) => Plain(field.TrimStart('#', '%', '!', '/', ' ')) is var key
        && (RateKeys.Contains(key) || UnitKeys.Contains(key) || (LeadKeys.Contains(key) && key[^1] != 's') || DeviceKeys.Contains(key));

    /// <summary>Lower case, with one underscore for each run of other characters than letters and digits.</summary>
    public static string Plain(string name)
    {
        var plain = string.Concat(name.Trim().Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : '_')).Trim('_');
        while (plain.Contains("__", StringComparison.Ordinal))
            plain = plain.Replace("__", "_", StringComparison.Ordinal);
        return plain;
    }

    private void Add(string key, IReadOnlyList<string> values)
    {
        var value = string.Join(", ", values);
        if (RateKeys.Contains(key))
            Rate ??= ReadRate(values);
        else if (UnitKeys.Contains(key))
            Unit ??= values[0];
        else if (LeadKeys.Contains(key) && !char.IsAsciiDigit(values[^1][^1]) | LeadNames.Recognize(values[^1]) is not null)
            Leads ??= values.Count > 1 ? values : [.. values[0].Split([',', ';', '|'],
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        else if (StartKeys.Contains(key) && ReadStart(value) is { } start)
            Start ??= start;
        else if (_metadata.Count + _patient.Count < MostFields && key.Length > 0)
            (DeviceKeys.Contains(key) ? _metadata : _patient).TryAdd(key, value);
    }

    /// <summary>"512 hertz", "0.5 kHz", "500".</summary>
    private static double? ReadRate(IReadOnlyList<string> values)
    {
        var text = string.Join(' ', values).Replace('\t', ' ');
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] is '.' or ','))
            end++;
        if (!double.TryParse(text[..end].Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) || !(rate > 0)
            || !double.IsFinite(rate))
            return null;
        return text[end..].Trim().TrimEnd('.').ToLowerInvariant() switch
        {
            "" or "hz" or "hertz" or "sps" or "samples/s" or "samples per second" or "1/s" or "\u0433\u0446" => rate,
            "khz" => rate * 1000,
            _ => null,
        };
    }

    private static EcgStart? ReadStart(string text)
    {
        string[] formats = ["yyyy-MM-dd HH:mm:ss zzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz"];
        if (DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var zoned))
            return new EcgStart(zoned.DateTime, zoned.Offset);
        return DateTime.TryParseExact(text, ["yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF"], CultureInfo.InvariantCulture,
            DateTimeStyles.None, out var local)
            ? new EcgStart(local)
            : null;
    }
}
