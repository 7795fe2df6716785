using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch.Explainers;

namespace SignalCam.Sdk.Explanation;

/// <summary>Explains what a model says of recordings of any registered dataset, or of WFDB files.</summary>
/// <remarks>Safe for concurrent callers. To explain recordings that are in memory, use <see cref="IEcgClassifier"/>.</remarks>
public interface IExplanationService
{
    /// <summary>Reads, scores and explains recordings, some at a time, so that memory does not grow with their number.</summary>
    /// <param name="request">Which model, which recordings, which explainer.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>One for each recording, in the order of the request.</returns>
    /// <exception cref="ArgumentException">The request names neither recordings of a dataset nor files, or both.</exception>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">A plug-in, weights or a recording of the dataset that the request names are not there.</exception>
    /// <exception cref="SignalCamException">A recording is missing, corrupt or cannot be turned into the model's input.</exception>
    IAsyncEnumerable<RecordingExplanation> ExplainAsync(ExplanationRequest request, CancellationToken cancellationToken = default);
}

/// <summary>Which model, which recordings, which explainer. Give either <see cref="Dataset"/> with <see cref="Ids"/>, or <see cref="Files"/>.</summary>
public sealed class ExplanationRequest
{
    /// <summary>The model file. Default null: the weights that <see cref="Pretrained"/> names.</summary>
    public string? ModelPath { get; init; }

    /// <summary>Which of the weights that come with the SDK (<see cref="PretrainedModels"/>), where there is no <see cref="ModelPath"/>. Default "normal-abnormal".</summary>
    public string Pretrained { get; init; } = PretrainedModels.NormalAbnormal;

    /// <summary>The dataset and its options. Default null.</summary>
    public ComponentSpec? Dataset { get; init; }

    /// <summary>Recordings of the dataset, by their ids. Default none.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Paths of WFDB recordings, with or without .hea. Default none.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>The explainer and its options. Default "cam": exact class activation maps.</summary>
    public ComponentSpec Explainer { get; init; } = new(CamExplainer.ExplainerName);

    /// <summary>Which classes get a map. Default null: every one.</summary>
    public ClassChoice? Classes { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }
}

/// <summary>What a model says of a recording, and why.</summary>
/// <param name="Id">The id in the dataset, or the file's name.</param>
/// <param name="Recording">Samples in millivolt as the model took them, before its preprocessing: its leads, rate and length. The heat maps have the same length.</param>
/// <param name="Explanation">Scores of every class, and a heat map for each class that the request chose.</param>
/// <param name="Model">What the model file says: classes, thresholds.</param>
public sealed record RecordingExplanation(string Id, EcgSignal Recording, EcgExplanation Explanation, ModelManifest Model);
