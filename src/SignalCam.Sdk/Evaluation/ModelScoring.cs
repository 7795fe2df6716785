using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Plugins;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Training;
using SignalCam.Torch;

namespace SignalCam.Sdk.Evaluation;

/// <summary>A model's scores for the labelled recordings of a dataset, with how the labels came about.</summary>
internal sealed record ModelScoring(
    IEcgTask Task, ModelEvaluation Evaluation, LabelCensus Labels, JsonObject? Policy, RecordingCounts Recordings)
{
    public static async Task<ModelScoring> RunAsync(
        ScoringModel model, ManagedComponents components, IEcgDataset dataset, FoldSet? folds, ComponentSpec? taskSpec,
        RecordingReaderOptions reading, Telemetry telemetry, IProgress<EvaluationProgress>? progress, CancellationToken cancellationToken)
    {
        // With every option written out, so that what is said of the labels is all there is to say.
        var spec = components.Tasks.Resolve(taskSpec ?? new ComponentSpec(model.Manifest.Task, model.Manifest.LabelPolicy));
        var task = components.Tasks.Create(spec).Create(dataset);
        var chosen = folds?.Select(dataset.Entries) ?? dataset.Entries;
        var target = new float[task.Classes.Count];
        var labelled = chosen.Where(entry => task.TryGetTarget(entry, target)).ToArray();
        if (labelled.Length == 0)
            throw new PluginException($"none of {chosen.Count} recordings of dataset '{dataset.Name}' has a label for task '{task.Name}'");
        var predictions = await Predictions.ComputeAsync(model, dataset, labelled, reading, telemetry, progress, cancellationToken)
            .ConfigureAwait(false);
        return new ModelScoring(
            task, ModelEvaluation.Of(predictions, task, model.Manifest.Thresholds), LabelCensus.Take(task, chosen),
                (task as IResolvedTask)?.Options ?? spec.Options?.ToJson(),
            new RecordingCounts(predictions.Entries.Count, chosen.Count - labelled.Length, predictions.Skipped));
    }
}
