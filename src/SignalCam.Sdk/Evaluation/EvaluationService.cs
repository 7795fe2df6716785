using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Evaluation;

internal sealed partial class EvaluationService(
    SignalCamComponents components, IOptions<SignalCamOptions> options, Telemetry telemetry, ILogger<EvaluationService> logger) : IEvaluationService
{
    public async Task<EvaluationOutcome> EvaluateAsync(
        EvaluationRequest request, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        TorchRuntime.EnsureUsable();
        var metrics = (request.Metrics ?? [.. components.Metrics.Names.Select(name => new ComponentSpec(name))])
            .Select(spec => (spec.Name, Metric: components.Metrics.Create(spec))).ToArray();
        var device = options.Value.DeviceFor(request.Device);
        var source = new ModelSource(request.ModelPath, request.Pretrained);
        using var model = source.Load(components, device);
        using var other = request.CompareWith is { } path ? EcgModel.Load(path, components, device) : null;
        var dataset = components.Datasets.Create(request.Dataset);
        using var activity = telemetry.Start("evaluate", SignalCamTelemetry.TaskTag, request.Task?.Name ?? model.Manifest.Task);
        var scoring = await ModelScoring.RunAsync(
            model, components, dataset, request.Folds, request.Task, request.Reading, telemetry, progress, cancellationToken).ConfigureAwait(false);
        var (task, evaluation, predictions) = (scoring.Task, scoring.Evaluation, scoring.Evaluation.Predictions);
        var comparison = other is null ? null : ModelComparison.Compute(
            evaluation.Scores,
            ModelEvaluation.Of(
                await ModelScoring.ScoreAsync(other, dataset, predictions.Entries, request.Reading, telemetry, progress, cancellationToken).ConfigureAwait(false),
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
        };
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} evaluated on {Recordings} recordings of {Dataset} for task {Task}, {Skipped} bad ones left out")]
    private partial void LogEvaluated(ModelSource model, int recordings, string dataset, string task, int skipped);
}
