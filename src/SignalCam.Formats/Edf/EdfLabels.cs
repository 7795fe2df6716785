using System.Collections.Frozen;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Edf;

/// <summary>Tells ECG leads by the labels of a file that may hold anything.</summary>
internal static class EdfLabels
{
    private static readonly string[] Prefixes = ["ECG", "EKG"];

    private static readonly FrozenSet<string> Limbs = FrozenSet.Create(StringComparer.Ordinal, "I", "II", "III", "aVR", "aVL", "aVF");

    private static readonly FrozenSet<string> Known = SignalLayout.StandardLeads
        .Concat(["V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R", "V7R", "V8R", "V9R", "MLII"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The lead of each label; null where it names none.</summary>
    public static string?[] Leads(IReadOnlyList<string> labels)
    {
        var leads = labels.Select(Lead).ToArray();
        // C1 to C6 are chest leads beside limb leads; by themselves C3 and C4 are places on the scalp.
        if (!leads.Any(l => l is not null && Limbs.Contains(l)))
            return leads;
        for (var i = 0; i < leads.Length; i++)
            if (leads[i] is null && labels[i] is [('C' or 'c'), >= '1' and <= '6'])
                leads[i] = $"V{labels[i][1]}";
        return leads;
    }

    /// <summary>The lead of one label: "ECG V1" and "V1" as V1, "ECG LII" as II, "ECG2" as it is; null where it names none.</summary>
    public static string? Lead(string label)
    {
        var meaning = Meaning(label);
        if (Known.Contains(meaning))
            return meaning;
        foreach (var prefix in Prefixes)
            if (label.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && (label.Length == prefix.Length || !char.IsLetter(label[prefix.Length])))
                return Rest(label, prefix) is { Length: > 0 } rest ? Meaning(rest) : label;
        return null;
    }

    /// <summary>What follows "ECG "; empty for a label such as "ECG", "ECG1" or "ECG1-ECG2", which is a name as a whole.</summary>
    private static string Rest(string label, string prefix) =>
        label.Length > prefix.Length && label[prefix.Length] is ' ' or '_' or ':' ? label[(prefix.Length + 1)..].Trim() : "";

    private static string Meaning(string label)
    {
        var meaning = LeadNames.Meaning(label);
        // "LI", "LII" and "LIII" as some writers have them.
        return meaning is ['L' or 'l', ..] && LeadNames.Canonical(meaning[1..]) is "I" or "II" or "III" ? LeadNames.Canonical(meaning[1..]) : meaning;
    }
}
