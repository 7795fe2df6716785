using SignalCam.Core.Signals;

namespace SignalCam.Formats.Edf;

/// <summary>Tells ECG leads by the labels of a file that may hold anything.</summary>
internal static class EdfLabels
{
    /// <summary>Characters of a label.</summary>
    public const int Length = 16;

    private static readonly string[] Prefixes = ["ECG", "EKG"];

    /// <summary>The lead of each label; null if it names none.</summary>
    public static string?[] Leads(IReadOnlyList<string> labels)
    {
        var leads = labels.Select(Lead).ToArray();
        var isUnsure = labels.Select(l => LeadSpelling.Read(l).Kind != LeadNaming.Usual).ToArray();
        // C1 to C6 are chest leads beside limb leads; by themselves C3 and C4 are places on the scalp, and D1 may be any channel.
        var hasLimb = leads.Where((lead, i) => !isUnsure[i] && lead is "I" or "II" or "III").Any();
        var meanings = LeadNames.Meanings(labels);
        for (var i = 0; i < leads.Length; i++)
            if (isUnsure[i] && !(hasLimb && meanings[i] == leads[i]))
                leads[i] = null;
        return leads;
    }

    /// <summary>The lead of one label: "ECG V1" and "V1" as V1, "ECG LII" as II, "ECG2" unchanged; null if it names none.</summary>
    public static string? Lead(string label)
    {
        if (LeadNames.Recognize(label) is { } lead)
            return lead;
        foreach (var prefix in Prefixes)
            if (label.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
                && (label.Length == prefix.Length || !char.IsLetter(label[prefix.Length])))
                return Rest(label, prefix) is { Length: > 0 } rest ? LimbWithL(rest) ?? rest : label;
        return LimbWithL(label);
    }

    /// <summary>The label that is read as this lead, by the standard "ECG " and its name; null if there is none.</summary>
    public static string? Label(string lead) => ((string[])[$"ECG {lead}", lead]).FirstOrDefault(label =>
        label.Length <= Length && label.All(c => c is >= ' ' and <= '~') && Leads([label])[0] == lead);

    /// <summary>What follows "ECG "; empty for a label such as "ECG", "ECG1" or "ECG1-ECG2", which is a name as a whole.</summary>
    private static string Rest(string label, string prefix) =>
        label.Length > prefix.Length && label[prefix.Length] is ' ' or '_' or ':' ? label[(prefix.Length + 1)..].Trim() : "";

    /// <summary>"LI", "LII" and "LIII", as some writers have them.</summary>
    private static string? LimbWithL(string label) => label.ToUpperInvariant() switch
    {
        "LI" => "I",
        "LII" => "II",
        "LIII" => "III",
        _ => null,
    };
}
