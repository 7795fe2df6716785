using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Explainers;

/// <summary>Options of <see cref="CamExplainer"/>.</summary>
public sealed class CamExplainerOptions : ExplainerOptions
{
    /// <summary>Which feature maps the maps are made from. Default <see cref="CamKind.Exact"/>.</summary>
    public CamKind Kind { get; set; } = CamKind.Exact;
}

/// <summary>
/// "cam": class activation maps (Zhou et al. 2016, doi 10.1109/CVPR.2016.319) out of the same forward pass that scores, one for every
/// class. One strip for all leads.
/// </summary>
/// <remarks>
/// The exact map promises that its mean plus the head's bias is the logit; CAM `paper` promises nothing, and is stretched to [0, 1] as
/// published unless its options say otherwise. Safe for concurrent callers.
/// </remarks>
public sealed class CamExplainer : IEcgExplainer
{
    /// <summary>The name: "cam".</summary>
    public const string ExplainerName = "cam";

    /// <summary>What <see cref="HeatMap.Method"/> says of CAM `paper`; the exact one has the explainer's name.</summary>
    public const string PaperMethod = "cam paper";

    private readonly MapSteps _steps;

    /// <summary>Creates the explainer with the published steps.</summary>
    /// <param name="kind">Which feature maps the maps are made from.</param>
    public CamExplainer(CamKind kind = CamKind.Exact)
        : this(new CamExplainerOptions { Kind = kind })
    {
    }

    /// <summary>Creates the explainer.</summary>
    public CamExplainer(CamExplainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Kind = options.Kind;
        _steps = Kind == CamKind.Paper ? options.Steps(MapPostProcessing.MinMax) : options.Steps();
    }

    /// <inheritdoc/>
    public string Name => ExplainerName;

    /// <summary>Which feature maps the maps are made from.</summary>
    public CamKind Kind { get; }

    /// <inheritdoc/>
    public IReadOnlyList<EcgExplanation> Explain(EcgModel model, float[] samples, int count, ClassChoice? classes = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var output = model.Run(samples, count, Kind);
        var probabilities = CalibratedScores.Probabilities(model.Manifest, output);
        var bias = Kind == CamKind.Exact ? Bias.Of(model) : null;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var logits = output.Logits[(i * output.ClassCount)..((i + 1) * output.ClassCount)];
            var recording = probabilities[(i * output.ClassCount)..((i + 1) * output.ClassCount)];
            return new EcgExplanation(logits, recording,
                [.. (classes ?? ClassChoice.All).Resolve(model.Manifest, recording).Select(c => _steps.Apply(Raw(c, logits[c]), model.Input.LeadCount, model.Input.Length))]);

            RawMap Raw(int c, float logit)
            {
                var cells = output.Map(i, c).ToArray();
                return new RawMap(model.Manifest.Classes[c], Kind == CamKind.Exact ? ExplainerName : PaperMethod, cells, HeatMapSign.ForAndAgainst)
                {
                    CompletenessError = bias is null ? null : Completeness.Error(cells.Average(v => (double)v) + bias[c], logit),
                };
            }
        })];
    }
}
