using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Pretrained;
using SignalCam.Sdk.Training;

namespace SignalCam.Sdk.Evaluation;

/// <summary>Says how well a model does on recordings of any registered dataset.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
public interface IEvaluationService
{
    /// <summary>Scores the recordings that have a label for the task and compares.</summary>
    /// <param name="request">Which model on which recordings.</param>
    /// <param name="progress">Receives the number of recordings done and in all, on any thread.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">
    /// A plug-in that the request or the model file names is not there, or no recording has a label for the task.
    /// </exception>
    /// <exception cref="ArgumentException">The classes of the model, or of the one to compare with, are not those of the task.</exception>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or cannot be turned into the model's input, and is not to be skipped.
    /// </exception>
    Task<EvaluationOutcome> EvaluateAsync(
        EvaluationRequest request, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>Which model on which recordings.</summary>
public sealed class EvaluationRequest
{
    /// <summary>The model file. Default null: the weights that <see cref="Pretrained"/> names.</summary>
    public string? ModelPath { get; init; }

    /// <summary>
    /// Which of the weights that come with the SDK (<see cref="PretrainedModels"/>), where there is no <see cref="ModelPath"/>. Default
    /// "normal-abnormal".
    /// </summary>
    public string Pretrained { get; init; } = PretrainedModels.NormalAbnormal;

    /// <summary>The dataset and its options.</summary>
    public required ComponentSpec Dataset { get; init; }

    /// <summary>Folds to evaluate on. Default null: every recording of the dataset.</summary>
    public FoldSet? Folds { get; init; }

    /// <summary>
    /// The task and its options. Default null: the one that the model was trained for, with the labels made the same way.
    /// </summary>
    public ComponentSpec? Task { get; init; }

    /// <summary>The metrics to compute. Default null: every one that is registered.</summary>
    public IReadOnlyList<ComponentSpec>? Metrics { get; init; }

    /// <summary>Another model file to compare with on the same recordings. Default null: none.</summary>
    public string? CompareWith { get; init; }

    /// <summary>Resamples of the patients behind each 95 % interval; 0 for no intervals. Default 1,000.</summary>
    public int Resamples { get; init; } = EvaluationFigures.DefaultResamples;

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }

    /// <summary>What computes the scores. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>What may be done to a recording of another length than the model's. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.</summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>
    /// Whether recordings are checked. Default <see cref="QualityPolicy.Off"/>: all count. With <see cref="QualityPolicy.Report"/> the
    /// outcome has the figures without the flagged ones as well; with <see cref="QualityPolicy.Refuse"/> unusable ones are left out.
    /// </summary>
    public QualityPolicy Quality { get; init; } = QualityPolicy.Off;

    /// <summary>What becomes of a bad recording. Default: the first bad one ends it.</summary>
    public RecordingReaderOptions Reading { get; init; } = new();
}

/// <summary>How well a model does.</summary>
/// <param name="Model">What the model file says.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Task">The task.</param>
/// <param name="Evaluation">Predictions, targets and the figures that every task of its kind has.</param>
/// <param name="Metrics">The figure of each metric by its name; null where it does not exist for these recordings.</param>
/// <param name="Recordings">How many recordings were scored, and why the others were not.</param>
public sealed record EvaluationOutcome(
    ModelManifest Model, IEcgDataset Dataset, IEcgTask Task, ModelEvaluation Evaluation,
    IReadOnlyDictionary<string, double?> Metrics, RecordingCounts Recordings)
{
    /// <summary>All figures of the task's kind at the model file's thresholds, overall and by class, with 95 % intervals.</summary>
    public required EvaluationFigures Figures { get; init; }

    /// <summary>What the labels are: recordings of each class, and how many were dropped for which reason.</summary>
    public required LabelCensus Labels { get; init; }

    /// <summary>How statements became targets: the task's options, every one; null for a task without options.</summary>
    public required JsonObject? LabelPolicy { get; init; }

    /// <summary>Whether the model has seen these recordings or their patients.</summary>
    public required HeldOutCheck HeldOut { get; init; }

    /// <summary>What the checks found, and the figures without it; null where recordings were not checked.</summary>
    public FlaggedRecordings? Flagged { get; init; }

    /// <summary>How the ROC-AUCs differ from the other model's; null when none was given.</summary>
    public ModelComparison? Comparison { get; init; }
}

/// <summary>What the checks found in the recordings of an evaluation.</summary>
/// <param name="Unusable">Recordings that cannot be believed.</param>
/// <param name="Warned">Recordings with a warning and nothing worse.</param>
/// <param name="Codes">Recordings with each finding, by its code.</param>
/// <param name="WithoutUnusable">The figures without the former; null where all are unusable.</param>
/// <param name="WithoutFlagged">The figures without both; null where all have a finding.</param>
public sealed record FlaggedRecordings(
    int Unusable, int Warned, IReadOnlyDictionary<string, int> Codes, EvaluationFigures? WithoutUnusable, EvaluationFigures? WithoutFlagged)
{
    internal static FlaggedRecordings Of(ModelEvaluation evaluation, int resamples)
    {
        var findings = evaluation.Predictions.Findings;
        var codes = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var code in findings.SelectMany(own => own.Select(f => f.Code).Distinct()))
            codes[code] = codes.GetValueOrDefault(code) + 1;
        return new FlaggedRecordings(
            findings.Count(f => Worst(f) == FindingSeverity.Unusable), findings.Count(f => Worst(f) == FindingSeverity.Warning), codes,
            evaluation.MeasureWhere(r => Worst(findings[r]) < FindingSeverity.Unusable, resamples),
            evaluation.MeasureWhere(r => Worst(findings[r]) < FindingSeverity.Warning, resamples));
    }

    private static FindingSeverity Worst(IReadOnlyList<EcgFinding> findings) =>
        findings.Count == 0 ? FindingSeverity.Info : findings.Max(f => f.Severity);
}

/// <summary>Where an evaluation stands.</summary>
/// <param name="Done">Recordings done.</param>
/// <param name="Total">Recordings to do.</param>
public readonly record struct EvaluationProgress(int Done, int Total);
