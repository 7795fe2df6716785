using System.Collections.Frozen;

namespace SignalCam.Core.Signals;

/// <summary>Distinguishes ECG leads from other signals of monitors, polygraphs and Holter recorders.</summary>
internal static class ChannelKinds
{
    /// <summary>Words of names of other signals. A name that has one of them, and is not a known lead, is not an ECG.</summary>
    private static readonly FrozenSet<string> OtherWords = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "resp", "respiration", "respiratory", "rsp", "breath", "breathing", "airflow", "flow", "nasal", "oronasal", "thorax", "thoracic",
            "thor", "abdomen", "abdominal", "abdo", "rip",
        "pleth", "plethysmogram", "plethysmograph", "ppg", "spo2", "sao2", "sato2", "sat", "o2", "hr", "hrv", "heartrate", "pulse", "prf",
            "rr",
        "bp", "abp", "art", "nbp", "nibp", "cvp", "pap", "icp", "lap", "rap", "uap", "fap", "press", "pressure", "co2", "etco2", "imco2",
            "awrr",
        "abpsys", "abpdias", "abpmean", "nbpsys", "nbpdias", "nbpmean", "papsys", "papdias", "papmean",
        "eeg", "eog", "emg", "egg", "erg", "gsr", "eda", "scr", "scl", "temp", "temperature", "tskin", "accelerometer", "acceleration",
            "accel", "acc", "accx", "accy", "accz", "gyro",
        "marker", "mark", "event", "events", "trigger", "trig", "status", "annotation", "annotations", "battery", "batt", "light", "snore",
            "sound", "microphone", "mic",
        "position", "pos", "activity", "counter", "angle", "uc", "toco", "fhr", "pcg", "phono", "scg", "bcg", "icg", "impedance", "stim",
            "squarewave", "ramp", "sine", "noise", "timestamp", "pace", "pacer", "pacemaker");

    private static readonly FrozenSet<string> EegElectrodes = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Fp1", "Fp2", "Fpz", "F3", "F4", "F7", "F8", "Fz", "P3", "P4", "Pz", "O1", "O2", "Oz", "T3", "T4", "T5", "T6", "T7", "T8", "P7",
            "P8", "Cz", "A1", "A2", "M1", "M2");

    /// <summary>Whether a channel may be an ECG lead: a voltage (or no unit at all), and not named like another kind of signal.</summary>
    /// <param name="name">Its name as stated; null or empty if it has none.</param>
    /// <param name="unit">Its unit as stated; null if the file states none.</param>
    public static bool MayBeEcg(string? name, string? unit)
    {
        if (unit is not null && !VoltageUnits.TryGetMillivolt(unit, out _))
            return false;
        return string.IsNullOrWhiteSpace(name) || LeadSpelling.Read(name) is { Lead: not null } || !HasOtherName(name);
    }

    /// <summary>Whether a name is that of an EEG channel: by the word, or by an electrode of the 10-20 system.</summary>
    public static bool IsEeg(string name) => Tokens(name).Any(token => token.Equals("EEG", StringComparison.OrdinalIgnoreCase)
        || EegElectrodes.Contains(token));

    private static bool HasOtherName(string name) => IsEeg(name) || Tokens(name).Any(OtherWords.Contains);

    private static string[] Tokens(string name) => name.Split([' ', '_', '-', '.', ':', '/', '(', ')', '[', ']', ','],
        StringSplitOptions.RemoveEmptyEntries);
}
