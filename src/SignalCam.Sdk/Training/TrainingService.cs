using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Quality;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Torch;
using SignalCam.Torch.Native;
using SignalCam.Torch.Training;

namespace SignalCam.Sdk.Training;

internal sealed partial class TrainingService(
    SignalCamComponents components, IOptions<SignalCamOptions> options, Telemetry telemetry, ILogger<Trainer> logger) : ITrainingService
{
    public async Task<TrainingOutcome> TrainAsync(
        TrainingRequest request, IProgress<TrainingServiceProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        TorchRuntime.EnsureUsable();
        var dataset = components.Datasets.Create(request.Dataset);
        // With every option written out: the model file says how its labels were made.
        var taskSpec = components.Tasks.Resolve(request.Task);
        var task = components.Tasks.Create(taskSpec).Create(dataset);
        using var activity = telemetry.Start("train", SignalCamTelemetry.TaskTag, task.Name);
        var split = DatasetSplit.ByFolds(dataset.Entries, request.TrainFolds, request.ValidFolds);
        var run = request.RunFolder is null ? RunFolder.Beside(request.ModelPath) : new RunFolder(request.RunFolder, request.ModelPath);
        using var session = new TrainingSession(components, OnHostDevice(request.Options), task, logger)
        {
            RunFolder = run.FolderPath,
            DrawCurves = TrainingCurves.Render,
            Resume = request.Resume,
            Notes = SavedRequest.Write(request, run),
            LabelPolicy = taskSpec.Options?.ToJson(),
            Provenance = new JsonObject
            {
                ["dataset"] = dataset.Name,
                ["train_folds"] = request.TrainFolds.ToString(),
                ["valid_folds"] = request.ValidFolds.ToString(),
            },
        };
        session.Prepare(request.ModelPath);
        var usable = request.ExcludeUnusable ? await UsableAsync(dataset, split, cancellationToken).ConfigureAwait(false) : split;
        var train = await LoadAsync(usable.Train, TrainingPhase.ReadingTraining).ConfigureAwait(false);
        var valid = await LoadAsync(usable.Validation, TrainingPhase.ReadingValidation).ConfigureAwait(false);
        LogLoaded(task.Name, dataset.Name, train.Count, valid.Count, train.Skipped.Count + valid.Skipped.Count);

        var relay = new StepRelay(task.Name, telemetry, progress);
        var result = await session.RunAsync(request.ModelPath, train, valid, relay, cancellationToken).ConfigureAwait(false);
        return new TrainingOutcome(
            request.ModelPath, run.CheckpointPath, dataset, task,
            Count(usable.Train, train, Excluded(split.Train, usable.Train)), Count(usable.Validation, valid, Excluded(split.Validation, usable.Validation)), result);

        Task<LabeledRecordings> LoadAsync(IReadOnlyList<EcgEntry> entries, TrainingPhase phase) => LabeledRecordings.LoadAsync(
            new MeasuredDataset(dataset, telemetry), entries, task, session.Preprocessor, request.Reading,
            progress is null ? null : new ReadingRelay(phase, progress), cancellationToken);
    }

    private static RecordingCounts Count(IReadOnlyList<EcgEntry> entries, LabeledRecordings loaded, IEnumerable<SkippedRecording> excluded) =>
        new(loaded.Count, entries.Count - loaded.Count - loaded.Skipped.Count, [.. loaded.Skipped, .. excluded]);

    /// <summary>The split without the recordings that a check finds unusable.</summary>
    private async Task<DatasetSplit> UsableAsync(IEcgDataset dataset, DatasetSplit split, CancellationToken cancellationToken)
    {
        IRecordingCheck[] checks = [.. components.Checks.Names.Select(name => components.Checks.Create(new ComponentSpec(name)))];
        var census = await FindingCensus.TakeAsync(dataset, [.. split.Train, .. split.Validation], checks, null, cancellationToken).ConfigureAwait(false);
        var unusable = census.Suspicious.Select(s => s.Entry).ToHashSet();
        LogExcluded(unusable.Count, dataset.Name);
        return split.Without(unusable);
    }

    private static IEnumerable<SkippedRecording> Excluded(IReadOnlyList<EcgEntry> all, IReadOnlyList<EcgEntry> used) => ReferenceEquals(all, used)
        ? []
        : all.Index().ExceptBy(used, e => e.Item).Select(e => new SkippedRecording(
            e.Index, e.Item, new EcgFormatException($"recording {e.Item.Id}", null, "a finding that makes it unusable", "a recording that can be believed")));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Excluded} recordings of {Dataset} cannot be believed and are left out")]
    private partial void LogExcluded(int excluded, string dataset);

    private TrainingOptions OnHostDevice(TrainingOptions training)
    {
        if (!training.Device.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return training;
        var copy = training.Copy();
        copy.Device = options.Value.Device;
        copy.AllowDeviceFallback |= options.Value.AllowDeviceFallback;
        return copy;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Task {Task} on dataset {Dataset}: {Train} recordings to learn from, {Valid} to choose by, {Skipped} bad ones left out")]
    private partial void LogLoaded(string task, string dataset, int train, int valid, int skipped);

    private sealed class ReadingRelay(TrainingPhase phase, IProgress<TrainingServiceProgress> progress) : IProgress<RecordingProgress>
    {
        public void Report(RecordingProgress value) => progress.Report(new TrainingServiceProgress(phase, value.Done, value.Total));
    }

    /// <summary>Measures between two reports, on the training's own thread.</summary>
    private sealed class StepRelay(string task, Telemetry telemetry, IProgress<TrainingServiceProgress>? progress) : IProgress<TrainingProgress>
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Report(TrainingProgress value)
        {
            if (value.Finished is null)
                telemetry.StepEnded(task, Stopwatch.GetElapsedTime(_last));
            else
                telemetry.EpochEnded(task);
            _last = Stopwatch.GetTimestamp();
            progress?.Report(new TrainingServiceProgress(TrainingPhase.Training, (value.Epoch - 1) * value.Steps + value.Step, value.Epochs * value.Steps, value));
        }
    }
}
