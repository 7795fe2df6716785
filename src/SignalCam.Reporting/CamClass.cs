using System.Collections.Immutable;
using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Reporting;

/// <summary>One class of a heat-map picture: its map, how probable the model holds it, and what was decided.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Map">
/// One value per sample for all leads, or leads x length values, lead-major, for a map of each lead's own; of <see cref="MapRate"/> where
/// that is given. NaN and infinities stay uncoloured.
/// </param>
/// <param name="Probability">0 to 1.</param>
/// <param name="Threshold">Probability above which the class counts as detected; null where the decision is not made that way.</param>
public sealed record CamClass(string Class, float[] Map, double Probability, double? Threshold = null)
{
    /// <summary>Takes what the map has: its strip, and the leads' own values where the method tells leads apart.</summary>
    public CamClass(HeatMap map, double probability, double? threshold = null)
        : this((map ?? throw new ArgumentNullException(nameof(map))).Class, [.. map.Samples], probability, threshold) =>
        LeadMaps = map.LeadSamples;

    /// <summary>
    /// The map of each lead by name, which is then drawn instead of <see cref="Map"/>: a lead of the recording that has none stays
    /// uncoloured. Default null: <see cref="Map"/> is all there is.
    /// </summary>
    public IReadOnlyDictionary<string, ImmutableArray<float>>? LeadMaps { get; init; }

    /// <summary>Values a second of the map. Default null: the rate of the recording, whose length the map then has.</summary>
    public double? MapRate { get; init; }

    /// <summary>Seconds from the first sample that is drawn to the map's first value. Default 0.</summary>
    public double MapStart { get; init; }

    /// <summary>The decision in words; default "detected" or "not detected" by the threshold, nothing without one.</summary>
    public string? Decision { get; init; }

    /// <summary>Name, probability, threshold and decision.</summary>
    internal string Caption()
    {
        var decision = Decision
            ?? (Threshold is { } t && !double.IsNaN(Probability) ? Probability > t ? "detected" : "not detected" : null);
        return $"{Class}: probability {Nice.Fixed(Probability, 3)}"
            + (Threshold is { } threshold ? $", threshold {Nice.Fixed(threshold, 3)}" : "")
            + (decision is null ? "" : $" \u2192 {decision}");
    }
}

/// <summary>The values of a class's map, by lead of the recording that it is drawn over.</summary>
internal sealed class CamMap
{
    private readonly float[] _strip;
    private readonly float[]?[]? _leads;

    private CamMap(float[] strip, float[]?[]? leads, double rate, double start) =>
        (_strip, _leads, Rate, Start) = (strip, leads, rate, start);

    /// <summary>Values a second.</summary>
    public double Rate { get; }

    /// <summary>Seconds from the recording's first sample to the first value.</summary>
    public double Start { get; }

    /// <summary>Whether each lead has values of its own.</summary>
    public bool IsPerLead => _leads is not null;

    /// <summary>The values behind a lead; null for a lead without any.</summary>
    public float[]? Of(int lead) => _leads is null ? _strip : _leads[lead];

    /// <summary>All values that can be seen.</summary>
    public IEnumerable<float> Values => _leads is null ? _strip : _leads.OfType<float[]>().SelectMany(lead => lead);

    /// <summary>Finds the values of each lead.</summary>
    /// <exception cref="ArgumentException">The map fits neither the length nor leads x length.</exception>
    public static CamMap Of(CamClass shown, SignalLayout layout)
    {
        var rate = shown.MapRate ?? layout.SamplingRate;
        if (!(rate > 0 && double.IsFinite(rate) && double.IsFinite(shown.MapStart)))
            throw new ArgumentException(
                $"the map of '{shown.Class}' has {rate} values a second from {shown.MapStart} s; both are finite, the rate above 0",
                nameof(shown));
        if (shown.LeadMaps is { } byName)
            return new CamMap(shown.Map, ByName(shown, byName, layout), rate, shown.MapStart);
        var length = shown.MapRate is null ? layout.Length : 0;
        if (shown.MapRate is not null || shown.Map.Length == length)
            return new CamMap(shown.Map, null, rate, shown.MapStart);
        if (shown.Map.Length != length * layout.LeadCount)
            throw new ArgumentException(
                $"the map of '{shown.Class}' has {shown.Map.Length} values; {layout} takes {length}, or {length * layout.LeadCount} for a "
                + "map of each lead", nameof(shown));
        return new CamMap(shown.Map, [.. Enumerable.Range(0, layout.LeadCount)
            .Select(lead => shown.Map[(lead * length)..((lead + 1) * length)])], rate, shown.MapStart);
    }

    private static float[]?[] ByName(CamClass shown, IReadOnlyDictionary<string, ImmutableArray<float>> byName, SignalLayout layout)
    {
        var known = new Dictionary<string, float[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var (lead, values) in byName)
            known.TryAdd(LeadNames.Canonical(lead), [.. values]);
        if (shown.MapRate is null && known.FirstOrDefault(lead => lead.Value.Length != layout.Length) is { Key: { } name } other)
            throw new ArgumentException(
                $"the map of '{shown.Class}' has {other.Value.Length} values in lead {name}; {layout} takes {layout.Length}",
                nameof(shown));
        return [.. layout.Leads.Select(lead => known.GetValueOrDefault(LeadNames.Canonical(lead)))];
    }
}
