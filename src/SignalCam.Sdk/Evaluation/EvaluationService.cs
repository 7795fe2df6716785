using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Core.Plugins;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;

namespace SignalCam.Sdk.Evaluation;

internal sealed partial class EvaluationService(
    ManagedComponents components, ModelLoader loader, Telemetry telemetry, ILogger<EvaluationService> logger) : IEvaluationService
{
    public Task<EvaluationOutcome> EvaluateAsync(
        EvaluationRequest request, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var source = new ModelSource(request.ModelPath, request.Pretrained);
        return telemetry.RunAsync("evaluate", SignalCamTelemetry.TaskTag, request.Task?.Name ?? "", async activity =>
        {
            using var model = Load(source, request);
            using var other = request.CompareWith is { } path ? Load(new ModelSource(path, ""), request) : null;
            activity?.SetTag(SignalCamTelemetry.TaskTag, request.Task?.Name ?? model.Manifest.Task);
            return await RunAsync(request, source, model, other, progress, cancellationToken).ConfigureAwait(false);
        });
    }

    private static ScoringOptions Options(ModelSource source, EvaluationRequest request) =>
        new() { Name = source.Name, Length = request.Length, Backend = request.Backend, Quality = request.Quality };

    private ScoringModel Load(ModelSource source, EvaluationRequest request) =>
        loader.Load(source, Options(source, request), request.Device);

    private async Task<EvaluationOutcome> RunAsync(
        EvaluationRequest request, ModelSource source, ScoringModel model, ScoringModel? other, IProgress<EvaluationProgress>? progress,
        CancellationToken cancellationToken)
    {
        var metrics = (request.Metrics ?? [.. components.Metrics.Names.Select(name => new ComponentSpec(name))])
            .Select(spec => (spec.Name, Metric: components.Metrics.Create(spec))).ToArray();
        var dataset = components.Datasets.Create(request.Dataset);
        var scoring = await ModelScoring.RunAsync(
            model, components, dataset, request.Folds, request.Task, request.Reading, telemetry, progress, cancellationToken)
                .ConfigureAwait(false);
        var (task, evaluation, predictions) = (scoring.Task, scoring.Evaluation, scoring.Evaluation.Predictions);
        var comparison = other is null ? null : ModelComparison.Compute(
            evaluation.Scores,
            ModelEvaluation.Of(
                await Predictions.ComputeAsync(other, dataset, predictions.Entries, request.Reading, telemetry, progress, cancellationToken)
                    .ConfigureAwait(false),
                task, other.Manifest.Thresholds).Scores,
            request.Resamples);
        var figures = new OrderedDictionary<string, double?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, metric) in metrics)
            figures[name] = metric.Compute(evaluation.Targets, predictions.Probabilities, task);
        LogEvaluated(source, predictions.Entries.Count, dataset.Name, task.Name, predictions.Skipped.Count);
        return new EvaluationOutcome(model.Manifest, dataset, task, evaluation, figures, scoring.Recordings)
        {
            Figures = evaluation.Measure(request.Resamples),
            Labels = scoring.Labels,
            LabelPolicy = scoring.Policy,
            HeldOut = HeldOutCheck.Of(model.Manifest, dataset, predictions.Entries),
            Comparison = comparison,
            Flagged = request.Quality == QualityPolicy.Off ? null : FlaggedRecordings.Of(evaluation, request.Resamples),
        };
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Model} evaluated on {Recordings} recordings of {Dataset} for task {Task}, {Skipped} bad ones left out")]
    private partial void LogEvaluated(ModelSource model, int recordings, string dataset, string task, int skipped);
}
