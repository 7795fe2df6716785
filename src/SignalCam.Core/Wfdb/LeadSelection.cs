using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Wfdb;

/// <summary>The content of a recording: its leads in millivolts and its other signals.</summary>
internal sealed record WfdbContent(EcgSignal Signal, IReadOnlyList<string?> Units, IReadOnlyList<EcgChannel> Others, string? Warning);

/// <summary>Selects the ECG leads among the signals of a recording, and names them.</summary>
internal sealed record LeadSelection(bool[] IsLead, IReadOnlyList<string> Names, string? Warning)
{
    private const int MostNamed = 20;

    /// <summary>Selects the leads: voltages that are not named like another kind of signal, at the most common sampling rate.</summary>
    /// <param name="source">For messages.</param>
    /// <param name="signals">The recording's signals.</param>
    /// <param name="statedLeads">Lead names for a recording that states none.</param>
    /// <exception cref="EcgFormatException">There is no lead, or not as many as names.</exception>
    public static LeadSelection Of(string source, IReadOnlyList<WfdbSignalSpec> signals, IReadOnlyList<string>? statedLeads)
    {
        var descriptions = signals.Select(s => s.Description).ToArray();
        if (statedLeads is not null && descriptions.All(d => d is null))
        {
            if (statedLeads.Count != signals.Count)
                throw new EcgFormatException(source, null, $"{signals.Count} signals",
                    $"{statedLeads.Count}, as EcgReadOptions.Leads names");
            descriptions = [.. statedLeads];
        }
        var names = LeadNames.Normalize(descriptions);
        var isLead = new bool[signals.Count];
        string? warning = null;
        for (var i = 0; i < isLead.Length; i++)
            isLead[i] = ChannelKinds.MayBeEcg(descriptions[i], signals[i].Units);
        if (!isLead.Contains(true))
        {
            for (var i = 0; i < isLead.Length; i++)
                isLead[i] = VoltageUnits.TryGetMillivolt(signals[i].Units, out _);
            if (!isLead.Contains(true))
                throw new EcgFormatException(source, null, $"no ECG among {signals.Count} signals ({Listed(signals, names)})",
                    "at least one signal in mV, uV, nV or V");
            warning = "no signal is called like an ECG lead; those that are voltages are taken for leads";
        }
        KeepOneRate(signals, isLead);
        return new LeadSelection(isLead, names, warning);
    }

    private static void KeepOneRate(IReadOnlyList<WfdbSignalSpec> signals, bool[] isLead)
    {
        var perFrame = signals.Where((_, i) => isLead[i]).GroupBy(s => s.SamplesPerFrame).OrderByDescending(g => g.Count())
            .ThenByDescending(g => g.Key).First().Key;
        for (var i = 0; i < isLead.Length; i++)
            isLead[i] &= signals[i].SamplesPerFrame == perFrame;
    }

    private static string Listed(IReadOnlyList<WfdbSignalSpec> signals, IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamed).Select((name, i) => signals[i].Units is { } unit ? $"{name} in {unit}" : name));
}
