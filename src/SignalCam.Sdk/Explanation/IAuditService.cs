using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch.Audit;

namespace SignalCam.Sdk.Explanation;

/// <summary>Measures how far the maps of explainers can be trusted, for one model on recordings of any registered dataset.</summary>
/// <remarks>
/// Thread-safe, but not repeatable while they draw from torch's generator at once: networks with fresh weights come from
/// it.
/// </remarks>
public interface IAuditService
{
    /// <summary>
    /// Scores recordings, selects those in which the model calls a class present, and measures every explainer on the most probable class
    /// of each: maps are compared with the model's behaviour, so they explain its answer and not the truth.
    /// </summary>
    /// <param name="request">Which model, which recordings, which explainers.</param>
    /// <param name="progress">Receives the share of the work that is done, on any thread.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">
    /// A plug-in named by the request or the model file is missing, or no recording has a class that is called present.
    /// </exception>
    /// <exception cref="ModelNotSupportedException">The model's architecture lacks what a named explainer needs.</exception>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or cannot be converted to the model's input, and bad recordings are not skipped.
    /// </exception>
    Task<AuditOutcome> AuditAsync(AuditRequest request, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>Which model, which recordings, which explainers.</summary>
public sealed class AuditRequest
{
    /// <summary>The model file. Default null: the weights named by <see cref="Pretrained"/>.</summary>
    public string? ModelPath { get; init; }

    /// <summary>
    /// The name of pretrained weights (<see cref="PretrainedModels"/>) to use if <see cref="ModelPath"/> is null. Default
    /// "normal-abnormal".
    /// </summary>
    public string Pretrained { get; init; } = PretrainedModels.NormalAbnormal;

    /// <summary>
    /// The dataset and its options. For the synthetic set, and of a folder with a ground_truth.json, the planted leads and times are the
    /// truth that maps are compared with.
    /// </summary>
    public required ComponentSpec Dataset { get; init; }

    /// <summary>Folds to take recordings from. Default null: all.</summary>
    public FoldSet? Folds { get; init; }

    /// <summary>Maximum number of recordings to measure, spread evenly over those in which a class is called present. Default
    /// 500.</summary>
    public int Records { get; init; } = 500;

    /// <summary>
    /// The explainers and their options. Default null: every one that is registered, "cam" both as `exact` and, where the architecture
    /// gives its last convolution's output, as `paper`.
    /// </summary>
    public IReadOnlyList<ComponentSpec>? Explainers { get; init; }

    /// <summary>The amount of measurement.</summary>
    public AuditOptions Options { get; init; } = new();

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }

    /// <summary>
    /// The backend that computes the scores by which recordings are chosen; explainers always use TorchSharp. Default
    /// <see cref="ScoringBackend.Auto"/>.
    /// </summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>How a recording of another length than the model's is handled. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.</summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>How a bad recording is handled. Default: the first one ends the operation.</summary>
    public RecordingReaderOptions Reading { get; init; } = new();
}

/// <summary>How far the maps of explainers can be trusted.</summary>
/// <param name="Model">The manifest of the model file.</param>
/// <param name="Result">The figures.</param>
/// <param name="Candidates">Recordings that were scored.</param>
/// <param name="Skipped">Missing or corrupt recordings that were left out.</param>
public sealed record AuditOutcome(ModelManifest Model, AuditResult Result, int Candidates, IReadOnlyList<SkippedRecording> Skipped);
