namespace SignalCam.Formats.Arrays;

/// <summary>The content of an array file: numbers, strings and lists of strings by name.</summary>
internal sealed class ArrayContent
{
    private static readonly string[] RateNames =
        ["fs", "sfreq", "srate", "sampling_rate", "samplingrate", "sample_rate", "samplerate", "sampling_frequency", "samplingfrequency",
            "sample_frequency", "frequency", "freq", "fsample"];

    private static readonly string[] LeadNames = ["leads", "lead_names", "leadnames", "sig_name", "signal_names", "channels",
        "channel_names", "ch_names", "lead"];

    private static readonly string[] UnitNames = ["unit", "units", "sig_units", "signal_unit", "signal_units"];

    private static readonly HashSet<string> PatientNames = ["sex", "gender", "age", "name", "id", "patient_id", "patient", "birth_date",
        "height", "weight", "exam_id", "record_id", "ecg_id", "subject"];

    private readonly Dictionary<string, IReadOnlyList<string>> _texts = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<NumericArray> _arrays = [];

    /// <summary>Whether the axis of several recordings may be the last one, as in MATLAB.</summary>
    public bool MayRecordsBeLast { get; init; }

    /// <summary>All arrays of numbers.</summary>
    public IReadOnlyList<NumericArray> Arrays => _arrays;

    /// <summary>Adds an array of numbers.</summary>
    public void Add(NumericArray array) => _arrays.Add(array);

    /// <summary>Adds a text or a list of texts; the first of a name counts.</summary>
    public void Add(string name, params IReadOnlyList<string> texts) =>
        _texts.TryAdd(Plain(name), [.. texts.Select(t => t.Trim('\0', ' '))]);

    /// <summary>Samples per second; null if the file states none.</summary>
    public double? Rate => First(RateNames, n => Scalar(n) ?? (Texts(n) is [var text]
        && double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var rate) ? rate : null)) is { } found
        && found > 0 && double.IsFinite(found) ? found : null;

    /// <summary>Names of the leads; null if the file states none.</summary>
    public IReadOnlyList<string>? Leads => LeadNames.Select(Texts).FirstOrDefault(t => t is not null) switch
    {
        [var one] when one.Contains(',') => [.. one.Split(',', StringSplitOptions.TrimEntries)],
        var list => list,
    };

    /// <summary>The unit of the samples; null if the file states none, or several.</summary>
    public string? Unit => UnitNames.Select(Texts).FirstOrDefault(t => t is not null)?.Distinct().ToArray() is [var unit] ? unit : null;

    /// <summary>Texts and single numbers that are none of these and say who the patient is.</summary>
    public Dictionary<string, string> Patient => Others(PatientNames.Contains);

    /// <summary>Texts that are none of these and do not say who the patient is. What is not known counts as the patient's.</summary>
    public Dictionary<string, string> Metadata => Others(name => name is "device" or "manufacturer" or "model" or "software" or "version"
        or "dx" or "label" or "labels" or "filter");

    /// <summary>Small letters, without the path of groups and fields before it.</summary>
    public static string Plain(string name) => name[(name.LastIndexOfAny(['/', '.']) + 1)..].ToLowerInvariant();

    /// <summary>Whether an array is one of the facts, not a signal.</summary>
    public static bool IsFact(NumericArray array) => Plain(array.Name) is var name
        && (RateNames.Contains(name) || PatientNames.Contains(name)) && array.LongAxes.Length <= 1;

    private double? Scalar(string name) => _arrays.FirstOrDefault(a => a.Count == 1 && Plain(a.Name) == name)?.Scalar();

    private IReadOnlyList<string>? Texts(string name) => _texts.GetValueOrDefault(name);

    private static T? First<T>(string[] names, Func<string, T?> find)
        where T : struct => names.Select(find).FirstOrDefault(v => v is not null);

    private Dictionary<string, string> Others(Func<string, bool> isWanted)
    {
        var others = new Dictionary<string, string>();
        foreach (var (name, texts) in _texts)
            if (isWanted(name))
                others.TryAdd(name, string.Join(", ", texts));
        foreach (var array in _arrays)
            if (isWanted(Plain(array.Name)) && array.Scalar() is { } value)
                others.TryAdd(Plain(array.Name), value.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return others;
    }
}
