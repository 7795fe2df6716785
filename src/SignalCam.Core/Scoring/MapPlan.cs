using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Core.Scoring;

/// <summary>Which maps are made, how, and of which classes.</summary>
/// <param name="Name">The explainer as answers name it.</param>
/// <param name="Cam">The maps that come out of the scoring pass; null where an explainer makes them.</param>
/// <param name="Explainer">What makes the others.</param>
/// <param name="Steps">From raw maps to heat maps.</param>
/// <param name="Classes">Which classes get one.</param>
internal sealed record MapPlan(string Name, CamKind? Cam, IMapExplainer? Explainer, MapSteps Steps, ClassChoice Classes);

/// <summary>The raw maps of the windows of one recording, class by class.</summary>
internal static class CamMaps
{
    /// <summary>The map of one window and class as the backend made it.</summary>
    public static RawMap Raw(string name, CamKind kind, ReadOnlySpan<float> cells, float bias, float logit) =>
        new(name, CamExplainerOptions.ExplainerName, cells.ToArray(), HeatMapSign.ForAndAgainst)
        {
            Kind = kind,
            Unit = kind == CamKind.Exact ? HeatMapUnits.Logit : HeatMapUnits.Arbitrary,
            CompletenessError = kind == CamKind.Exact ? Completeness.Error(Mean(cells) + bias, logit) : null,
        };

    private static double Mean(ReadOnlySpan<float> cells)
    {
        var sum = 0.0;
        foreach (var cell in cells)
            sum += cell;
        return sum / cells.Length;
    }
}

/// <summary>How far a map is from the sum that its method promises.</summary>
internal static class Completeness
{
    public static double Error(double sum, double expected) => Math.Abs(sum - expected) / Math.Max(1, Math.Abs(expected));
}

/// <summary>
/// Puts the maps of overlapping windows together to one over the whole recording: each sample is the mean over the windows that it lies in.
/// </summary>
internal static class WindowMaps
{
    public static HeatMap Join(MapSteps steps, IReadOnlyList<RawMap> maps, AdaptedRecording recording, SignalLayout input)
    {
        if (maps.Count == 1)
            return steps.Finish(maps[0], steps.Strip(maps[0], input.Length),
                steps.LeadStrips(maps[0], input.LeadCount, input.Length), input.Leads, recording.Kept);
        var coverage = new float[recording.Kept];
        var strip = new float[recording.Kept];
        var byLead = maps[0].LeadCells is null ? null : new float[input.LeadCount * recording.Kept];
        for (var w = 0; w < maps.Count; w++)
        {
            var start = recording.Starts[w];
            for (var t = 0; t < input.Length; t++)
                coverage[start + t]++;
            Add(steps.Strip(maps[w], input.Length), strip.AsSpan(start));
            if (byLead is null)
                continue;
            var leads = steps.LeadStrips(maps[w], input.LeadCount, input.Length)!;
            for (var lead = 0; lead < input.LeadCount; lead++)
                Add(leads.AsSpan(lead * input.Length, input.Length), byLead.AsSpan(lead * recording.Kept + start));
        }
        Divide(strip, coverage);
        for (var lead = 0; byLead is not null && lead < input.LeadCount; lead++)
            Divide(byLead.AsSpan(lead * recording.Kept, recording.Kept), coverage);
        var whole = maps[0] with
        {
            Cells = (float[])strip.Clone(),
            LeadCells = null,
            CompletenessError = maps.Max(m => m.CompletenessError),
        };
        return steps.Finish(whole, strip, byLead, input.Leads, recording.Kept);
    }

    private static void Add(ReadOnlySpan<float> values, Span<float> sum) =>
        System.Numerics.Tensors.TensorPrimitives.Add(sum[..values.Length], values, sum[..values.Length]);

    private static void Divide(Span<float> sum, ReadOnlySpan<float> coverage) =>
        System.Numerics.Tensors.TensorPrimitives.Divide(sum, coverage, sum);
}
