using SignalCam.Abstractions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Training;

namespace SignalCam.Sdk.Evaluation;

/// <summary>Fits calibration and thresholds on validation recordings and writes them to a model file.</summary>
/// <remarks>Thread-safe.</remarks>
public interface ICalibrationService
{
    /// <summary>Scores, fits and writes. The weights do not change.</summary>
    /// <param name="request">Which model, on which recordings, and how.</param>
    /// <param name="progress">Receives the number of recordings done and the total, on any thread.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written.</param>
    /// <exception cref="CalibrationException">
    /// The folds are test folds, or the weights learned from them or from their patients; or the method does not fit the task. Thrown
    /// before any recording is read.
    /// </exception>
    /// <exception cref="ModelFormatException">The model file cannot be read.</exception>
    /// <exception cref="PluginException">
    /// A plug-in named by the request or the model file is missing, or no recording has a label for the task.
    /// </exception>
    /// <exception cref="EcgFormatException">
    /// A recording is missing, corrupt or cannot be converted to the model's input, and bad recordings are not skipped.
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

    /// <summary>The calibration method. Default: scale and intercept per class.</summary>
    public CalibrationMethod Method { get; init; } = CalibrationMethod.Platt;

    /// <summary>The rule for thresholds. Default null: 0.5 each after a new calibration, otherwise those that the file has.</summary>
    public ThresholdRule? Threshold { get; init; }

    /// <summary>"auto", "cpu", "cuda" or "cuda:N". Default null: the host's (<see cref="SignalCamOptions.Device"/>).</summary>
    public string? Device { get; init; }

    /// <summary>The backend that computes the scores. Default <see cref="ScoringBackend.Auto"/>.</summary>
    public ScoringBackend Backend { get; init; } = ScoringBackend.Auto;

    /// <summary>How a recording of another length than the model's is handled. Default <see cref="LengthPolicy.Exact"/>: it is
    /// refused.</summary>
    public LengthPolicy Length { get; init; } = LengthPolicy.Exact;

    /// <summary>How a bad recording is handled. Default: the first one ends the operation.</summary>
    public RecordingReaderOptions Reading { get; init; } = new();
}

/// <summary>The result of a calibration.</summary>
/// <param name="OutputPath">The model file that was written.</param>
/// <param name="Manifest">The file's new manifest.</param>
/// <param name="Before">Figures on the recordings that were fitted on, with the model before calibration.</param>
/// <param name="After">The same after calibration; optimistic, because they are measured on the recordings used for fitting.</param>
/// <param name="Recordings">The number of recordings used, and why the others were not.</param>
public sealed record CalibrationOutcome(
    string OutputPath, ModelManifest Manifest, EvaluationFigures Before, EvaluationFigures After, RecordingCounts Recordings)
{
    /// <summary>
    /// Classes that are not calibrated: the recordings have only one kind of label, or the logits do not increase with the class.
    /// </summary>
    public IReadOnlyList<string> Uncalibrated { get; init; } = [];

    /// <summary>Classes whose threshold stays at 0.5: the recordings have only one kind of label.</summary>
    public IReadOnlyList<string> WithoutThreshold { get; init; } = [];
}
