using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Sdk.Training;
using SignalCam.Torch;
using SignalCam.Torch.Evaluation;

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
        var source = new ModelSource(request.ModelPath, request.Pretrained);
        using var model = source.Load(components, options.Value.DeviceFor(request.Device));
        var dataset = components.Datasets.Create(request.Dataset);
        var task = components.Tasks.Create(request.Task ?? new ComponentSpec(model.Manifest.Task, model.Manifest.LabelPolicy)).Create(dataset);
        using var activity = telemetry.Start("evaluate", SignalCamTelemetry.TaskTag, task.Name);

        var chosen = request.Folds?.Select(dataset.Entries) ?? dataset.Entries;
        var target = new float[task.Classes.Count];
        var labelled = chosen.Where(entry => task.TryGetTarget(entry, target)).ToArray();
        if (labelled.Length == 0)
            throw new PluginException($"none of {chosen.Count} recordings of dataset '{dataset.Name}' has a label for task '{task.Name}'");
        var recordings = new AdaptedDataset(new MeasuredDataset(dataset, telemetry), model.Input);
        var predictions = await Predictions.ComputeAsync(
            model, recordings, labelled, request.Reading, progress is null ? null : new Relay(labelled.Length, progress), cancellationToken).ConfigureAwait(false);
        var evaluation = ModelEvaluation.Of(predictions, task);
        var figures = new OrderedDictionary<string, double?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, metric) in metrics)
            figures[name] = metric.Compute(evaluation.Targets, predictions.Probabilities, task);
        LogEvaluated(source, predictions.Entries.Count, dataset.Name, task.Name, predictions.Skipped.Count);
        return new EvaluationOutcome(
            model.Manifest, dataset, task, evaluation, figures,
            new RecordingCounts(predictions.Entries.Count, chosen.Count - labelled.Length, predictions.Skipped));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} evaluated on {Recordings} recordings of {Dataset} for task {Task}, {Skipped} bad ones left out")]
    private partial void LogEvaluated(ModelSource model, int recordings, string dataset, string task, int skipped);

    private sealed class Relay(int total, IProgress<EvaluationProgress> progress) : IProgress<int>
    {
        public void Report(int value) => progress.Report(new EvaluationProgress(value, total));
    }
}
