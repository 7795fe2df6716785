using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Explainers;

/// <summary>A recording's scores and, for each class, where in time the evidence lies.</summary>
/// <param name="Kind">Which feature maps the maps are made from.</param>
/// <param name="Logits">One per class.</param>
/// <param name="Probabilities">One per class.</param>
/// <param name="Maps">One per class. The same strip holds for all leads: a CAM says when, not in which lead.</param>
public sealed record CamExplanation(CamKind Kind, IReadOnlyList<float> Logits, IReadOnlyList<float> Probabilities, IReadOnlyList<HeatMap> Maps);

/// <summary>Class activation maps out of the same forward pass that scores.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
public sealed class CamExplainer(EcgModel model, CamKind kind = CamKind.Exact)
{
    /// <summary>Scores and explains recordings in one pass.</summary>
    /// <param name="recordings">Raw recordings in millivolt.</param>
    /// <exception cref="ArgumentException">A recording does not have the shape that the model takes.</exception>
    public IReadOnlyList<CamExplanation> Explain(IReadOnlyList<EcgSignal> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        if (recordings.Count == 0)
            return [];
        var size = model.Input.LeadCount * model.Input.Length;
        var samples = new float[recordings.Count * size];
        for (var i = 0; i < recordings.Count; i++)
            model.Prepare(recordings[i]).Samples.Span.CopyTo(samples.AsSpan(i * size));
        var output = model.Run(samples, recordings.Count, kind);
        return [.. Enumerable.Range(0, recordings.Count).Select(i => new CamExplanation(
            kind,
            output.Logits[(i * output.ClassCount)..((i + 1) * output.ClassCount)],
            output.Probabilities[(i * output.ClassCount)..((i + 1) * output.ClassCount)],
            [.. model.Manifest.Classes.Select((name, c) => CellMaps.ToHeatMap(name, output.Map(i, c), model.Input.Length, kind))]))];
    }
}
