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

/// <summary>Evaluates a model on recordings of any registered dataset.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IEvaluationService
{
    /// <summary>Scores the recordings that have a label for the task and compares the results with the labels.</summary>
    /// <param name="request">Which model on which recordings.</param>
    /// <param name="progress">Receives the number of recordings done and the total, on any thread.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">
    /// A plug-in named by the request or the model file is missing, or no recording has a label for the task.
    /// </exception>
    /// <exception cref="ArgumentException">The classes of the model, or of the one to compare with, are not those of the task.</exception>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or cannot be converted to the model's input, and bad recordings are not skipped.
    /// </exception>
    Task<EvaluationOutcome> EvaluateAsync(
        EvaluationRequest request, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>Which model on which recordings.</summary>
public sealed class EvaluationRequest
{
    /// <summary>The model file. Default null: the weights named by <see cref="Pretrained"/>.</summary>
    public string? ModelPath { get; init; }

    /// <summary>
    /// The name of pretrained weights (<see cref="PretrainedModels"/>) to use if <see cref="ModelPath"/> is null. Default
    /// "normal-abnormal".
    /// </summary>
    public string Pretrained { get; init; } = PretrainedModels.NormalAbnormal;

    /// <summary>The dataset and its options.</summary>
    public required ComponentSpec Dataset { get; init; }

    /// <summary>Folds to evaluate on. Default null: every recording of the dataset.</summary>
    public FoldSet? Folds { get; init; }

    /// <summary>
    /// The task and its options. Default null: the model's own task, with labels derived in the same way.
    /// </summary>
    public ComponentSpec? Task { get; init; }

    /// <summary>The metrics to compute. Default null: all registered ones.</summary>
    public IReadOnlyList<ComponentSpec>? Metrics { get; init; }

    /// <summary>Another model file to compare with on the same recordings. Default null: none.</summary>
    public string? CompareWith { get; init; }

    /// <summary>Resamples of the patients behind each 95 % interval; 0 for no intervals. Default 1,000.</summary>
    public int Resamples { get; init; } = EvaluationFigures.DefaultResamples;

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }

    /// <summary>The backend that computes the scores. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>How a recording of another length than the model's is handled. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.</summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>
    /// Whether recordings are checked. Default <see cref="QualityPolicy.Off"/>: all count. With <see cref="QualityPolicy.Report"/> the
    /// outcome has the figures without the flagged ones as well; with <see cref="QualityPolicy.Refuse"/> unusable ones are left out.
    /// </summary>
    public QualityPolicy Quality { get; init; } = QualityPolicy.Off;

    /// <summary>How a bad recording is handled. Default: the first one ends the operation.</summary>
    public RecordingReaderOptions Reading { get; init; } = new();
}

/// <summary>The result of an evaluation.</summary>
/// <param name="Model">The manifest of the model file.</param>
/// <param name="Dataset">The dataset.</param>
/// <param name="Task">The task.</param>
/// <param name="Evaluation">Predictions, targets and the figures that every task of its kind has.</param>
/// <param name="Metrics">The figure of each metric by its name; null if it does not exist for these recordings.</param>
/// <param name="Recordings">How many recordings were scored, and why the others were not.</param>
public sealed record EvaluationOutcome(
    ModelManifest Model, IEcgDataset Dataset, IEcgTask Task, ModelEvaluation Evaluation,
    IReadOnlyDictionary<string, double?> Metrics, RecordingCounts Recordings)
{
    /// <summary>All figures of the task's kind at the model file's thresholds, overall and by class, with 95 % intervals.</summary>
    public required EvaluationFigures Figures { get; init; }

    /// <summary>The labels: recordings of each class, and how many were dropped for each reason.</summary>
    public required LabelCensus Labels { get; init; }

    /// <summary>The task's options, which define how statements became targets; null for a task without options.</summary>
    public required JsonObject? LabelPolicy { get; init; }

    /// <summary>Whether the model has seen these recordings or their patients.</summary>
    public required HeldOutCheck HeldOut { get; init; }

    /// <summary>The findings of the checks, and the figures without the flagged recordings; null if recordings were not checked.</summary>
    public FlaggedRecordings? Flagged { get; init; }

    /// <summary>Differences of the ROC-AUCs from the other model's; null if none was given.</summary>
    public ModelComparison? Comparison { get; init; }
}

/// <summary>The findings of the checks in the recordings of an evaluation.</summary>
/// <param name="Unusable">Recordings that cannot be trusted.</param>
/// <param name="Warned">Recordings with at most a warning.</param>
/// <param name="Codes">Recordings with each finding, by its code.</param>
/// <param name="WithoutUnusable">The figures without the former; null if all are unusable.</param>
/// <param name="WithoutFlagged">The figures without both; null if all have a finding.</param>
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
