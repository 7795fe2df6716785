using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>
/// "cam-x-gradient": the positive part of the exact class activation map, brought to the resolution of samples, times gradient x input. The
/// map says which beat, the gradient where in it and in which lead. By lead; the strip is the sum over the leads.
/// </summary>
/// <remarks>
/// The idea of Guided Grad-CAM (Selvaraju et al. 2017, doi 10.1109/ICCV.2017.74, section 3), with a gradient that nothing is cut off from.
/// It adds up to nothing, and is zero wherever the map speaks against the class; a negative value stands for a sample that speaks against
/// it in a place that speaks for it. Two forward passes and one backward. Safe for concurrent callers.
/// </remarks>
internal sealed class CamTimesGradientExplainer(ExplainerOptions? options = null)
    : BuiltInExplainer(ExplainerName, options ?? new ExplainerOptions())
{
    /// <summary>The name: "cam-x-gradient".</summary>
    public const string ExplainerName = "cam-x-gradient";

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var maps = Gradients.OfInput(batch.Model, batch.Samples, batch.Classes).Values;
        TensorPrimitives.Multiply(maps, batch.Samples, maps);
        var output = batch.Model.Run(batch.Samples, batch.Count, CamKind.Exact);
        for (var i = 0; i < batch.Count; i++)
        {
            var cam = new RawMap(batch.Name(i), Name, output.Map(i, batch.Classes[i]).ToArray(), HeatMapSign.ForAndAgainst);
            var evidence = new MapSteps().Strip(cam, batch.Length);
            TensorPrimitives.Max(evidence, 0, evidence);
            for (var lead = 0; lead < batch.Leads; lead++)
            {
                var strip = maps.AsSpan(i * batch.Size + lead * batch.Length, batch.Length);
                TensorPrimitives.Multiply(strip, evidence, strip);
            }
        }
        return [.. maps.Chunk(batch.Size).Select((map, i) =>
            LeadMaps.Create(batch.Name(i), Name, map, batch.Leads, HeatMapSign.ForAndAgainst, HeatMapUnits.Arbitrary))];
    }
}
