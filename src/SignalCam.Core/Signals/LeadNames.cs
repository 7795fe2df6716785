using System.Collections.Frozen;
using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>How leads are called.</summary>
internal static class LeadNames
{
    private static readonly FrozenDictionary<string, string> Spelling = SignalLayout.StandardLeads
        .Concat(["V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R", "V7R", "V8R", "V9R", "MLII"])
        .ToFrozenDictionary(lead => lead, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int> Ranks = SignalLayout.StandardLeads
        .Select((lead, rank) => (lead, rank)).ToFrozenDictionary(l => l.lead, l => l.rank, StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Prefixes = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "lead", "ecg", "ekg", "mdc");

    private static readonly FrozenDictionary<string, string> Synonyms = new Dictionary<string, string> { ["DI"] = "I", ["DII"] = "II", ["DIII"] = "III" }
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>A lead the way it is usually spelled (AVR as aVR); any other name stays as it is.</summary>
    public static string Canonical(string lead) => Spelling.GetValueOrDefault(lead, lead);

    /// <summary>
    /// The lead that a name means: without the words "Lead", "ECG", "EKG" and "MDC" and the blank or underscore behind each ("ECG Lead II",
    /// "MDC_ECG_LEAD_AVR"), DI, DII and DIII as I, II and III, and spelled as usual.
    /// </summary>
    public static string Meaning(string name)
    {
        var lead = name.Trim();
        for (int end; (end = lead.IndexOfAny([' ', '_'])) > 0 && Prefixes.Contains(lead[..end]);)
            lead = lead[(end + 1)..].TrimStart();
        return Canonical(Synonyms.GetValueOrDefault(lead, lead));
    }

    /// <summary>One name per description. A signal without description is "signal N", counted from 1; a doubled name gets a number behind it.</summary>
    public static IReadOnlyList<string> Distinct(IReadOnlyList<string?> descriptions)
    {
        if (AreStandard(descriptions))
            return SignalLayout.StandardLeads;
        var names = new string[descriptions.Count];
        var taken = new HashSet<string>(descriptions.Count, StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int>? doubled = null;
        for (var i = 0; i < names.Length; i++)
        {
            var name = descriptions[i] is { } description ? Canonical(description) : $"signal {i + 1}";
            names[i] = name;
            while (!taken.Add(names[i]))
            {
                doubled ??= new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
                var count = doubled[name] = doubled.GetValueOrDefault(name, 1) + 1;
                names[i] = $"{name} {count}";
            }
        }
        return names;
    }

    private static bool AreStandard(IReadOnlyList<string?> descriptions)
    {
        var standard = SignalLayout.StandardLeads;
        if (descriptions.Count != standard.Count)
            return false;
        for (var i = 0; i < standard.Count; i++)
            if (!standard[i].Equals(descriptions[i], StringComparison.OrdinalIgnoreCase))
                return false;
        return true;
    }

    /// <summary>Positions of the leads in the order to show them: standard leads in their usual order, then the others in the recording's.</summary>
    public static IReadOnlyList<int> Order(IReadOnlyList<string> leads) =>
        [.. Enumerable.Range(0, leads.Count).OrderBy(i => Ranks.GetValueOrDefault(leads[i], int.MaxValue))];
}
