using System.Collections.Frozen;
using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>Lead names: the single place that knows the spellings in use.</summary>
/// <remarks>Thread-safe.</remarks>
public static class LeadNames
{
    private static readonly FrozenDictionary<string, int> Ranks = SignalLayout.StandardLeads
        .Select((lead, rank) => (lead, rank)).ToFrozenDictionary(l => l.lead, l => l.rank, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The leads that names of a recording's channels mean: case is ignored, quotes and the words "Lead", "ECG", "EKG", "MDC", "Ableitung"
    /// and their like around a name as well ("ECG-aVR", "MDC_ECG_LEAD_V1", "'II'", "II. Ableitung"); DI is I, C1 to C6 are V1 to V6 by
    /// IEC's naming (not beside EEG electrodes, of which two are called C3 and C4), and letters of other scripts that look or sound like
    /// those of a lead stand for them.
    /// </summary>
    /// <param name="names">The names as the file states them, in its order; null or empty for a channel without a name.</param>
    /// <returns>
    /// For each channel the standard name of its lead, such as "aVR"; or, if it is unknown or two channels would be the same lead, the
    /// name as stated, trimmed; "signal N", counted from 1, for a channel without a name. Distinct ignoring case: a duplicate name gets a
    /// number behind it.
    /// </returns>
    /// <remarks>Nothing is guessed: MLII (a modified lead), -aVR (inverted) and V (an unnamed chest lead) are separate leads.</remarks>
    public static IReadOnlyList<string> Normalize(IReadOnlyList<string?> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (AreStandard(names))
            return SignalLayout.StandardLeads;
        var stated = new string?[names.Count];
        for (var i = 0; i < stated.Length; i++)
            stated[i] = LeadSpelling.WithoutQuotes(names[i] ?? "") is { Length: > 0 } name ? name : null;
        var meanings = Meanings(names);
        // A lead goes to the channel that is called just so, else to the only one that means it.
        var leads = new string?[stated.Length];
        for (var i = 0; i < leads.Length; i++)
            leads[i] = stated[i] is { } name && IsOnlyOne(meanings, stated, i) ? meanings[i] : stated[i];
        return Distinct(leads);
    }

    /// <summary>
    /// The lead denoted by a single name, or null if unknown. <see cref="Normalize"/> judges the names of a
    /// recording together.
    /// </summary>
    /// <param name="name">A name as a file states it.</param>
    public static string? Recognize(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return LeadSpelling.Read(name).Lead;
    }

    /// <summary>The usual spelling of a lead (AVR as aVR); any other name is unchanged.</summary>
    internal static string Canonical(string lead) => LeadSpelling.Canonical(lead);

    /// <summary>For each name, the lead that it denotes, or the name itself.</summary>
    internal static string[] Meanings(IReadOnlyList<string?> names)
    {
        var readings = new LeadReading[names.Count];
        for (var i = 0; i < readings.Length; i++)
            readings[i] = LeadSpelling.Read(names[i] ?? "");
        var isChest = !readings.Any(r => r is { Kind: LeadNaming.Usual, Lead: ['V', ..] })
            && !names.Any(n => n is not null && ChannelKinds.IsEeg(n));
        var isLimb = !readings.Any(r => r is { Kind: LeadNaming.Usual, Lead: "I" or "II" or "III" })
            && !names.Any(n => n?.Trim() is "D4" or "d4" or "D0" or "d0");
        var meanings = new string[readings.Length];
        for (var i = 0; i < meanings.Length; i++)
        {
            var (lead, kind) = readings[i];
            var holds = kind switch { LeadNaming.ChestC => isChest, LeadNaming.LimbD => isLimb, _ => true };
            meanings[i] = lead is not null && holds ? lead : names[i]?.Trim() ?? "";
        }
        return meanings;
    }

    private static bool IsOnlyOne(string[] meanings, string?[] stated, int index)
    {
        for (var i = 0; i < meanings.Length; i++)
            if (i != index && string.Equals(meanings[i], meanings[index], StringComparison.OrdinalIgnoreCase)
                && !string.Equals(stated[index], meanings[index], StringComparison.OrdinalIgnoreCase))
                return false;
        return true;
    }

    /// <summary>
    /// One name per description, spelled as usual. A signal without description is "signal N", counted from 1; a duplicate name gets a
    /// number behind it.
    /// </summary>
    internal static IReadOnlyList<string> Distinct(IReadOnlyList<string?> descriptions)
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

    /// <summary>
    /// Positions of the leads in the order to show them: standard leads in their usual order, then the others in the recording's.
    /// </summary>
    internal static IReadOnlyList<int> Order(IReadOnlyList<string> leads) =>
        [.. Enumerable.Range(0, leads.Count).OrderBy(i => Ranks.GetValueOrDefault(leads[i], int.MaxValue))];
}
