using System.Collections.Frozen;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>Turns the descriptions of signals into distinct lead names.</summary>
internal static class LeadNames
{
    private static readonly FrozenDictionary<string, string> Spelling = SignalLayout.StandardLeads
        .Concat(["V7", "V8", "V9", "V3R", "V4R", "V5R", "V6R", "V7R", "V8R", "V9R", "MLII"])
        .ToFrozenDictionary(lead => lead, StringComparer.OrdinalIgnoreCase);

    /// <summary>A standard lead the way it is usually spelled (AVR as aVR); anything else stays as it is.</summary>
    public static string Canonical(string description) => Spelling.GetValueOrDefault(description, description);

    /// <summary>One name per signal. A signal without description is "signal N", counted from 1; a doubled name gets a number behind it.</summary>
    public static string[] For(IReadOnlyList<WfdbSignalSpec> signals)
    {
        var names = new string[signals.Count];
        var taken = new HashSet<string>(signals.Count, StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int>? doubled = null;
        for (var i = 0; i < names.Length; i++)
        {
            var name = signals[i].Description is { } description ? Canonical(description) : $"signal {i + 1}";
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
}
