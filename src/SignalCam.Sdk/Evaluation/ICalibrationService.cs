using SignalCam.Abstractions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Training;

namespace SignalCam.Sdk.Evaluation;

/// <summary>Fits calibration and thresholds on validation recordings and writes them into a model file.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
public interface ICalibrationService
{
    /// <summary>Scores, fits and writes. The weights stay as they are.</summary>
    /// <param name="request">Which model, on which recordings, and how.</param>
    /// <param name="progress">Receives the number of recordings done and in all, on any thread.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <exception cref="CalibrationException">
    /// The folds are test folds, or the weights were learned from them or from their patients; or the method does not go with the task.
    /// Said before any recording is read.
    /// </exception>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">
    /// A plug-in that the request or the model file names is not there, or no recording has a label for the task.
    /// </exception>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or cannot be turned into the model's input, and is not to be skipped.
    /// </exception>
    /// <exception cref="IOException">The model file cannot be written.</exception>
    Task<CalibrationOutcome> CalibrateAsync(
        CalibrationRequest request, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default);
}

/// <summary>Which model to calibrate on which recordings.</summary>
public sealed class CalibrationRequest
{
    /// <summary>The model file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The model file to write; may be the same.</summary>
    public required string OutputPath { get; init; }

    /// <summary>The dataset and its options.</summary>
    public required ComponentSpec Dataset { get; init; }

    /// <summary>Folds to fit on. Default 9, PTB-XL's validation fold.</summary>
    public FoldSet Folds { get; init; } = DatasetSplit.OfficialValidationFolds;

    /// <summary>How to calibrate. Default scale and intercept per class.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.Platt;

    /// <summary>How to choose the thresholds. Default null: 0.5 each after a new calibration, else those that the file has.</summary>
    public ThresholdRule? Threshold { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }

    /// <summary>What computes the scores. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>What may be done to a recording of another length than the model's. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.</summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>What becomes of a bad recording. Default: the first bad one ends it.</summary>
    public RecordingReaderOptions Reading { get; init; } = new();
}

/// <summary>What a calibration came to.</summary>
/// <param name="OutputPath">The model file that was written.</param>
/// <param name="Manifest">What the file says now.</param>
/// <param name="Before">Figures on the recordings that were fitted on, as the model was.</param>
/// <param name="After">The same as it is now; better than on other recordings, because these were fitted on.</param>
/// <param name="Recordings">How many recordings were used, and why the others were not.</param>
public sealed record CalibrationOutcome(
    string OutputPath, ModelManifest Manifest, EvaluationFigures Before, EvaluationFigures After, RecordingCounts Recordings)
{
    /// <summary>
    /// Classes whose logits stay as they are: the recordings have one kind of label only, or the logits do not rise with the class.
    /// </summary>
    public IReadOnlyList<string> Uncalibrated { get; init; } = [];

    /// <summary>Classes whose threshold stays at 0.5: the recordings have one kind of label only.</summary>
    public IReadOnlyList<string> WithoutThreshold { get; init; } = [];
}
