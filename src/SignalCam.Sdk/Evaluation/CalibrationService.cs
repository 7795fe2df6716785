using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Torch;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Evaluation;

internal sealed partial class CalibrationService(
    SignalCamComponents components, IOptions<SignalCamOptions> options, Telemetry telemetry, ILogger<CalibrationService> logger) : ICalibrationService
{
    public async Task<CalibrationOutcome> CalibrateAsync(
        CalibrationRequest request, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        TorchRuntime.EnsureUsable();
        using var model = EcgModel.Load(request.ModelPath, components, options.Value.DeviceFor(request.Device));
        var dataset = components.Datasets.Create(request.Dataset);
        ModelProvenance.Of(model.Manifest).EnsureMayFit(dataset, request.Folds);
        CalibrationFit.EnsureFits(model.Manifest.TaskKind, request.Method, request.Threshold);
        using var activity = telemetry.Start("calibrate", SignalCamTelemetry.TaskTag, model.Manifest.Task);
        var scoring = await ModelScoring.RunAsync(
            model, components, dataset, request.Folds, null, request.Reading, telemetry, progress, cancellationToken).ConfigureAwait(false);
        var (evaluation, predictions) = (scoring.Evaluation, scoring.Evaluation.Predictions);
        var fit = CalibrationFit.Fit(
            model.Manifest, evaluation.Targets, predictions.Logits, predictions.Probabilities, request.Method, request.Threshold, dataset.Name, request.Folds);
        var output = new ModelOutput(predictions.Classes.Count, predictions.Logits, predictions.Probabilities, [], 0);
        var calibrated = predictions with { Probabilities = request.Method == CalibrationMethod.Keep ? predictions.Probabilities : CalibratedScores.Probabilities(fit.Manifest, output) };
        var after = ModelEvaluation.Of(calibrated, scoring.Task, fit.Manifest.Thresholds);
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(request.OutputPath))!);
        new ModelFile(fit.Manifest, NetworkState.Copy(model.Network), graph: model.Network.FindGraph(model.Input.LeadCount, out _)).Save(request.OutputPath);
        LogCalibrated(request.ModelPath, predictions.Entries.Count, dataset.Name, request.Folds);
        // No intervals: they would be read as if these recordings were new to the calibration.
        return new CalibrationOutcome(request.OutputPath, fit, evaluation.Measure(0), after.Measure(0), scoring.Recordings);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} calibrated on {Recordings} recordings of {Dataset}, folds {Folds}")]
    private partial void LogCalibrated(string model, int recordings, string dataset, FoldSet folds);
}
