using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Explainers;

/// <summary>Options of <see cref="CamExplainer"/>.</summary>
public sealed class CamExplainerOptions
{
    /// <summary>Which feature maps the maps are made from. Default <see cref="CamKind.Exact"/>.</summary>
    public CamKind Kind { get; set; } = CamKind.Exact;
}

/// <summary>"cam": class activation maps (Zhou et al. 2016, doi 10.1109/CVPR.2016.319) out of the same forward pass that scores.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
/// <param name="kind">Which feature maps the maps are made from.</param>
public sealed class CamExplainer(CamKind kind = CamKind.Exact) : IEcgExplainer
{
    /// <summary>The name: "cam".</summary>
    public const string ExplainerName = "cam";

    /// <inheritdoc/>
    public string Name => ExplainerName;

    /// <summary>Which feature maps the maps are made from.</summary>
    public CamKind Kind => kind;

    /// <inheritdoc/>
    public IReadOnlyList<EcgExplanation> Explain(EcgModel model, float[] samples, int count)
    {
        ArgumentNullException.ThrowIfNull(model);
        var output = model.Run(samples, count, kind);
        var probabilities = CalibratedScores.Probabilities(model.Manifest, output);
        return [.. Enumerable.Range(0, count).Select(i => new EcgExplanation(
            output.Logits[(i * output.ClassCount)..((i + 1) * output.ClassCount)],
            probabilities[(i * output.ClassCount)..((i + 1) * output.ClassCount)],
            [.. model.Manifest.Classes.Select((name, c) => CellMaps.ToHeatMap(name, output.Map(i, c), model.Input.Length, kind))]))];
    }
}

/// <summary>The explainers that come with the SDK.</summary>
public static class BuiltInExplainers
{
    /// <summary>Adds "cam" to a registry.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public static PluginRegistry<IEcgExplainer> Register(PluginRegistry<IEcgExplainer> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Add<CamExplainerOptions>(CamExplainer.ExplainerName, o => new CamExplainer(o.Kind));
    }
}
