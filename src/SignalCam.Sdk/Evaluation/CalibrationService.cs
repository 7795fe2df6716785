using Microsoft.Extensions.Logging;
using SignalCam.Core.Calibration;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.Plugins;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;

namespace SignalCam.Sdk.Evaluation;

internal sealed partial class CalibrationService(
    ManagedComponents components, ModelLoader loader, Telemetry telemetry, ILogger<CalibrationService> logger) : ICalibrationService
{
    public Task<CalibrationOutcome> CalibrateAsync(
        CalibrationRequest request, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var source = new ModelSource(request.ModelPath, "");
        return telemetry.RunAsync("calibrate", SignalCamTelemetry.TaskTag, "", async activity =>
        {
            using var model = loader.Load(source, new ScoringOptions { Name = source.Name, Length = request.Length,
                Backend = request.Backend, Quality = QualityPolicy.Off }, request.Device);
            activity?.SetTag(SignalCamTelemetry.TaskTag, model.Manifest.Task);
            return await RunAsync(request, model, progress, cancellationToken).ConfigureAwait(false);
        });
    }

    private async Task<CalibrationOutcome> RunAsync(
        CalibrationRequest request, ScoringModel model, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken)
    {
        var dataset = components.Datasets.Create(request.Dataset);
        ModelProvenance.Of(model.Manifest).EnsureMayFit(dataset, request.Folds);
        CalibrationFit.EnsureFits(model.Manifest.TaskKind, request.Method, request.Threshold);
        var scoring = await ModelScoring.RunAsync(
            model, components, dataset, request.Folds, null, request.Reading, telemetry, progress, cancellationToken).ConfigureAwait(false);
        var (evaluation, predictions) = (scoring.Evaluation, scoring.Evaluation.Predictions);
        var fit = CalibrationFit.Fit(
            model.Manifest, evaluation.Targets, predictions.Logits, predictions.Probabilities, request.Method,
            request.Threshold, dataset.Name, request.Folds);
        var calibrated = predictions with
        {
            Probabilities = request.Method == CalibrationMethod.Keep
                ? predictions.Probabilities
                : ClassRules.Calibrated(fit.Manifest, predictions.Logits, predictions.Probabilities),
        };
        var after = ModelEvaluation.Of(calibrated, scoring.Task, fit.Manifest.Thresholds);
        cancellationToken.ThrowIfCancellationRequested();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(request.OutputPath))!);
        await new ModelFile(fit.Manifest, model.File.Weights, graph: model.File.Graph).With(model.File.Features)
            .SaveAsync(request.OutputPath, cancellationToken).ConfigureAwait(false);
        LogCalibrated(request.ModelPath, predictions.Entries.Count, dataset.Name, request.Folds);
        // No intervals: they would be read as if these recordings were new to the calibration.
        return new CalibrationOutcome(request.OutputPath, fit.Manifest, evaluation.Measure(0), after.Measure(0), scoring.Recordings)
        {
            Uncalibrated = fit.Uncalibrated,
            WithoutThreshold = fit.WithoutThreshold,
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} calibrated on {Recordings} recordings of {Dataset}, folds {Folds}")]
    private partial void LogCalibrated(string model, int recordings, string dataset, FoldSet folds);
}
