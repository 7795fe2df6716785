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
    /// Scores recordings, takes those of which the model calls a class present, and measures every explainer on the most probable class of
    /// each: maps are held against what the model does, so they explain what it says and not what is true.
    /// </summary>
    /// <param name="request">Which model, which recordings, which explainers.</param>
    /// <param name="progress">Receives the share of the work that is done, on any thread.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">
    /// A plug-in that the request or the model file names is not there, or no recording has a class that is called present.
    /// </exception>
    /// <exception cref="ModelNotSupportedException">The model's architecture lacks what a named explainer needs.</exception>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or cannot be turned into the model's input, and is not to be skipped.
    /// </exception>
    Task<AuditOutcome> AuditAsync(AuditRequest request, IProgress<double>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>Which model, which recordings, which explainers.</summary>
public sealed class AuditRequest
{
    /// <summary>The model file. Default null: the weights that <see cref="Pretrained"/> names.</summary>
    public string? ModelPath { get; init; }

    /// <summary>
    /// Which of the weights that come with the SDK (<see cref="PretrainedModels"/>), if there is no <see cref="ModelPath"/>. Default
    /// "normal-abnormal".
    /// </summary>
    public string Pretrained { get; init; } = PretrainedModels.NormalAbnormal;

    /// <summary>
    /// The dataset and its options. For the synthetic set, and of a folder with a ground_truth.json, the planted leads and times are the
    /// truth that maps are held against.
    /// </summary>
    public required ComponentSpec Dataset { get; init; }

    /// <summary>Folds to take recordings from. Default null: all.</summary>
    public FoldSet? Folds { get; init; }

    /// <summary>Most recordings to measure, spread evenly over those of which a class is called present. Default 500.</summary>
    public int Records { get; init; } = 500;

    /// <summary>
    /// The explainers and their options. Default null: every one that is registered, "cam" both as `exact` and, where the architecture
    /// gives its last convolution's output, as `paper`.
    /// </summary>
    public IReadOnlyList<ComponentSpec>? Explainers { get; init; }

    /// <summary>How much is measured.</summary>
    public AuditOptions Options { get; init; } = new();

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }

    /// <summary>
    /// What computes the scores that recordings are chosen by; the explainers' own network is TorchSharp's. Default
    /// <see cref="ScoringBackend.Auto"/>.
    /// </summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>What may be done to a recording of another length than the model's. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.</summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>What becomes of a bad recording. Default: the first bad one ends it.</summary>
    public RecordingReaderOptions Reading { get; init; } = new();
}

/// <summary>How far the maps of explainers can be trusted.</summary>
/// <param name="Model">What the model file says.</param>
/// <param name="Result">The figures.</param>
/// <param name="Candidates">Recordings that were scored.</param>
/// <param name="Skipped">Recordings that were left out because they are missing or corrupt.</param>
public sealed record AuditOutcome(ModelManifest Model, AuditResult Result, int Candidates, IReadOnlyList<SkippedRecording> Skipped);
