using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Scoring;

namespace SignalCam.Torch.Explainers;

/// <summary>
/// "cam": class activation maps (Zhou et al. 2016, doi 10.1109/CVPR.2016.319) out of a forward pass. One strip for all leads.
/// </summary>
/// <remarks>
/// <para>A classifier takes these maps from the pass that scores, on every backend; as an explainer among others it is held against them by
/// an audit.</para>
/// <para>The exact map promises that its mean plus the head's bias is the logit; CAM `paper` promises nothing, and is stretched to [0, 1]
/// as published unless its options say otherwise. Safe for concurrent callers.</para>
/// </remarks>
internal sealed class CamExplainer : BuiltInExplainer
{
    /// <summary>The name: "cam".</summary>
    public const string ExplainerName = CamExplainerOptions.ExplainerName;

    /// <summary>Creates the explainer with the published steps.</summary>
    /// <param name="kind">Which feature maps the maps are made from.</param>
    public CamExplainer(CamKind kind = CamKind.Exact)
        : this(new CamExplainerOptions { Kind = kind })
    {
    }

    /// <summary>Creates the explainer.</summary>
    public CamExplainer(CamExplainerOptions options)
        : base(ExplainerName, options,
            (options ?? throw new ArgumentNullException(nameof(options))).Kind == CamKind.Paper ? [MapPostProcessing.MinMax] : []) =>
            Kind = options.Kind;

    /// <summary>Which feature maps the maps are made from.</summary>
    public CamKind Kind { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var output = batch.Model.Run(batch.Samples, batch.Count, Kind);
        var biases = batch.Model.Biases;
        return [.. batch.Classes.Select(
            (c, i) => CamMaps.Raw(batch.Name(i), Kind, output.Map(i, c), biases[c], output.Logits[i * output.ClassCount + c]))];
    }
}
