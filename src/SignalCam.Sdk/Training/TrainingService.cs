using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Folders;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.Quality;
using SignalCam.Core.Signals;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Native;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Runs;
using SignalCam.Torch.Training.Sessions;

namespace SignalCam.Sdk.Training;

internal sealed partial class TrainingService(
    SignalCamComponents components, IOptions<SignalCamOptions> options, Telemetry telemetry, ILogger<Trainer> logger) : ITrainingService
{
    /// <summary>The folds of a run whose dataset had them drawn, beside its checkpoint.</summary>
    private const string FoldsFile = "folds.csv";

    public async Task<TrainingOutcome> TrainAsync(
        TrainingRequest request, IProgress<TrainingServiceProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        TorchRuntime.EnsureUsable();
        var dataset = components.Datasets.Create(request.Dataset);
        // With every option written out: the model file states how its labels were made.
        var taskSpec = components.Tasks.Resolve(request.Task);
        var task = components.Tasks.Create(taskSpec).Create(dataset);
        var start = request.Options.From is { } from ? SourceOf(from).Read() : null;
        using var activity = telemetry.Start("train", SignalCamTelemetry.TaskTag, task.Name);
        var split = DatasetSplit.ByFolds(dataset.Entries, request.TrainFolds, request.ValidFolds);
        var run = request.RunFolder is null ? RunFolder.Beside(request.ModelPath) : new RunFolder(request.RunFolder, request.ModelPath);
        RequirePositives(task, split.Train);
        var policy = (task as IResolvedTask)?.Options ?? taskSpec.Options?.ToJson();
        using var session = new TrainingSession(components, LikeModel(OnHostDevice(request.Options), start?.Manifest, task.Kind), task,
            logger)
        {
            Start = start,
            RunFolder = run.FolderPath,
            DrawCurves = TrainingCurves.Render,
            Resume = request.Resume,
            Notes = SavedRequest.Write(request, run),
            LabelPolicy = policy,
            Provenance = new JsonObject
            {
                ["dataset"] = dataset.Name,
                ["train_folds"] = request.TrainFolds.ToString(),
                ["valid_folds"] = request.ValidFolds.ToString(),
            },
        };
        session.Prepare(request.ModelPath);
        if (dataset is IDescribedDataset { HasDrawnFolds: true })
            FoldTable.Write(Path.Combine(run.FolderPath, FoldsFile), dataset.Entries);
        var source = Adapted(new MeasuredDataset(dataset, telemetry), request.Input ?? DefaultInput(dataset, start),
            start?.Manifest.Layout);
        var usable = request.ExcludeUnusable ? await UsableAsync(dataset, split, cancellationToken).ConfigureAwait(false) : split;
        var train = await LoadAsync(usable.Train, TrainingPhase.ReadingTraining).ConfigureAwait(false);
        var valid = await LoadAsync(usable.Validation, TrainingPhase.ReadingValidation).ConfigureAwait(false);
        LogLoaded(task.Name, dataset.Name, train.Count, valid.Count, train.Skipped.Count + valid.Skipped.Count);

        var relay = new StepRelay(task.Name, telemetry, progress);
        var result = await session.RunAsync(request.ModelPath, train, valid, relay, cancellationToken).ConfigureAwait(false);
        return new TrainingOutcome(
            request.ModelPath, run.CheckpointPath, dataset, task,
            Count(usable.Train, train, Excluded(split.Train, usable.Train)),
            Count(usable.Validation, valid, Excluded(split.Validation, usable.Validation)), result) { HeadKept = session.HeadKept };

        Task<LabeledRecordings> LoadAsync(IReadOnlyList<EcgEntry> entries, TrainingPhase phase) => LabeledRecordings.LoadAsync(
            source, entries, task, session.Preprocessor, request.Reading,
            progress is null ? null : new ReadingRelay(phase, progress), cancellationToken);
    }

    private static RecordingCounts Count(
        IReadOnlyList<EcgEntry> entries, LabeledRecordings loaded, IEnumerable<SkippedRecording> excluded) =>
            new(loaded.Count, entries.Count - loaded.Count - loaded.Skipped.Count, [.. loaded.Skipped, .. excluded]);

    /// <summary>The split without the recordings that a check finds unusable.</summary>
    private async Task<DatasetSplit> UsableAsync(IEcgDataset dataset, DatasetSplit split, CancellationToken cancellationToken)
    {
        var census = await FindingCensus.TakeAsync(dataset, [.. split.Train, .. split.Validation],
            BuiltInChecks.CreateAll(components.Checks), null, cancellationToken).ConfigureAwait(false);
        var unusable = census.Suspicious.Select(s => s.Entry).ToHashSet();
        LogExcluded(unusable.Count, dataset.Name);
        return split.Without(unusable);
    }

    private static IEnumerable<SkippedRecording> Excluded(
        IReadOnlyList<EcgEntry> all, IReadOnlyList<EcgEntry> used) => ReferenceEquals(all, used)
            ? []
            : all.Index().ExceptBy(used, e => e.Item).Select(e => new SkippedRecording(
                e.Index, e.Item, new EcgFormatException(
                    $"recording {e.Item.Id}", null, "a finding that makes it unusable", "a usable recording")));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Excluded} unusable recordings of {Dataset} are left out")]
    private partial void LogExcluded(int excluded, string dataset);

    /// <summary>A file if there is one, otherwise the name of pretrained weights.</summary>
    private static ModelSource SourceOf(string from) => PretrainedModels.Contains(from) && !File.Exists(from) ? new ModelSource(null, from)
        : new ModelSource(from, "");

    /// <summary>The options with what the model that is started from decides.</summary>
    private static TrainingOptions LikeModel(TrainingOptions options, ModelManifest? model, TaskKind kind)
    {
        if (model is null)
            return options;
        var copy = options.Copy();
        copy.Architecture = model.Architecture;
        copy.Preprocessing = model.Preprocessing;
        copy.Head ??= model.TaskKind == kind ? model.Head : null;
        return copy;
    }

    private static TrainingInput? DefaultInput(IEcgDataset dataset, ModelFile? start) =>
        start is not null || dataset is IDescribedDataset { HasMixedLayouts: true } ? new TrainingInput() : null;

    private static IEcgDataset Adapted(IEcgDataset dataset, TrainingInput? input, SignalLayout? model) =>
        input is null ? dataset : new AdaptedDataset(dataset, new SignalAdapter(input.LayoutFor(model), input.Length));

    /// <summary>A user-defined class that no training recording has is misspelt or cannot be learned.</summary>
    private static void RequirePositives(IEcgTask task, IReadOnlyList<EcgEntry> train)
    {
        if (task is not IResolvedTask)
            return;
        var census = LabelCensus.Take(task, train);
        string[] empty = [.. census.Classes.Where(c => c.Value == 0).Select(c => c.Key)];
        if (census.Labelled > 0 && empty.Length > 0)
            throw new PluginException($"task '{task.Name}': no training recording has {string.Join(", ", empty)}, so it cannot be "
                + "learned; name the classes that there are");
    }

    private TrainingOptions OnHostDevice(TrainingOptions training)
    {
        if (!training.Device.Equals("auto", StringComparison.OrdinalIgnoreCase))
            return training;
        var copy = training.Copy();
        copy.Device = options.Value.Device;
        copy.AllowDeviceFallback |= options.Value.AllowDeviceFallback;
        return copy;
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Task {Task} on dataset {Dataset}: {Train} recordings for training, {Valid} for validation, {Skipped} bad ones left out")]
    private partial void LogLoaded(string task, string dataset, int train, int valid, int skipped);

    private sealed class ReadingRelay(TrainingPhase phase, IProgress<TrainingServiceProgress> progress) : IProgress<RecordingProgress>
    {
        public void Report(RecordingProgress value) => progress.Report(new TrainingServiceProgress(phase, value.Done, value.Total));
    }

    /// <summary>Measures between two reports, on the training thread.</summary>
    private sealed class StepRelay(
        string task, Telemetry telemetry, IProgress<TrainingServiceProgress>? progress) : IProgress<TrainingProgress>
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Report(TrainingProgress value)
        {
            if (value.Finished is null)
                telemetry.StepEnded(task, Stopwatch.GetElapsedTime(_last));
            else
                telemetry.EpochEnded(task);
            _last = Stopwatch.GetTimestamp();
            progress?.Report(new TrainingServiceProgress(
                TrainingPhase.Training, (value.Epoch - 1) * value.Steps + value.Step, value.Epochs * value.Steps, value));
        }
    }
}
