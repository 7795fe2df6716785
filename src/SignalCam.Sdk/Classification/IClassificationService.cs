using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Pretrained;

namespace SignalCam.Sdk.Classification;

/// <summary>Classifies and explains recordings of files or of any registered dataset, with any model.</summary>
/// <remarks>
/// Thread-safe. The models that a host has are used by <see cref="IEcgClassifier"/>; here a model comes with each request
/// and goes with it.
/// </remarks>
public interface IClassificationService
{
    /// <summary>
    /// Reads, scores and, where that is requested, explains recordings, some at a time, so that memory does not grow with their number.
    /// </summary>
    /// <param name="request">Which model, which recordings, what for.</param>
    /// <param name="cancellationToken">Stops within the time of one recording.</param>
    /// <returns>One for each recording, in the order of the request: an answer, or why there is none.</returns>
    /// <exception cref="ArgumentException">The request names neither recordings of a dataset nor files, or both.</exception>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">
    /// A plug-in, weights, a class or a recording of the dataset that the request names are not there.
    /// </exception>
    /// <exception cref="ModelNotSupportedException">The model lacks what the explainer needs.</exception>
    IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(ClassificationRequest request, CancellationToken cancellationToken = default);
}

/// <summary>
/// Which model, which recordings, what for. Give either <see cref="Dataset"/> with <see cref="Ids"/>, or <see cref="Files"/>.
/// </summary>
public sealed record ClassificationRequest
{
    /// <summary>The model file. Default null: the weights named by <see cref="Pretrained"/>.</summary>
    public string? ModelPath { get; init; }

    /// <summary>
    /// The name of pretrained weights (<see cref="PretrainedModels"/>) to use if <see cref="ModelPath"/> is null. Default
    /// "normal-abnormal".
    /// </summary>
    public string Pretrained { get; init; } = PretrainedModels.NormalAbnormal;

    /// <summary>Receives the manifest of the model that is loaded, before the first answer.</summary>
    internal Action<ModelManifest>? OnModel { get; init; }

    /// <summary>The dataset and its options. Default null.</summary>
    public ComponentSpec? Dataset { get; init; }

    /// <summary>Recordings of the dataset, by their ids. Default none.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>
    /// Paths of recordings of any format that the host knows. Default none. Enumerated once, and only as fast as answers are taken, so
    /// that a million of them need not be in memory.
    /// </summary>
    public IEnumerable<string> Files { get; init; } = [];

    /// <summary>How to read <see cref="Files"/>. Default null: strictly, without options.</summary>
    public EcgReadOptions? Reading { get; init; }

    /// <summary>Whether to explain, which classes, by which explainer. Default: scores alone.</summary>
    public ClassifyOptions Options { get; init; } = new();

    /// <summary>
    /// How to handle a recording that is longer or shorter than the model's input. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.
    /// </summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>Seconds from one window to the next where a recording is scored window by window. Default null: half of the model's
    /// input.</summary>
    [Range(0.001, 3600.0)]
    public double? WindowStep { get; init; }

    /// <summary>How the probabilities of the windows are combined. Default <see cref="WindowCombination.Mean"/>.</summary>
    public WindowCombination Combine { get; init; } = WindowCombination.Mean;

    /// <summary>The backend that computes the scores. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>
    /// How a recording with an unusable finding is handled. Default <see cref="QualityPolicy.Report"/>: no class is decided.
    /// </summary>
    public QualityPolicy Quality { get; init; } = QualityPolicy.Report;

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }
}
