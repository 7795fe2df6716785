using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Runs;
using SignalCam.Torch.Training.Teaching;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Sessions;

/// <summary>
/// Trains a model from labelled recordings: seeds, builds the network, trains it, and writes the best weights and a checkpoint.
/// </summary>
/// <remarks>
/// A run folder belongs to one training at a time: from <see cref="Prepare(string)"/>, or from the beginning of <see cref="RunAsync"/>, to
/// the end of <see cref="RunAsync"/> or to <see cref="Dispose"/>. The folder is released when the process ends, however it ends.
/// </remarks>
internal sealed class TrainingSession : IDisposable
{
    private readonly SignalCamComponents _components;
    private readonly TrainingOptions _options;
    private readonly IEcgTask _task;
    private readonly ILogger<Trainer>? _logger;
    private (string Folder, RunLock Lock)? _held;

    /// <summary>Prepares a session.</summary>
    /// <param name="components">The available plug-ins.</param>
    /// <param name="options">How to train.</param>
    /// <param name="task">The task, which defines the outputs.</param>
    /// <param name="logger">Logs each epoch.</param>
    /// <exception cref="PluginException">An option is out of its range; the message names it.</exception>
    /// <exception cref="PluginException">A plug-in that the options name is missing.</exception>
    public TrainingSession(SignalCamComponents components, TrainingOptions options, IEcgTask task, ILogger<Trainer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        CheckedOptions.Require(options);
        if (options.Freeze != FrozenPart.None && options.From is null)
            throw new PluginException($"{nameof(TrainingOptions.Freeze)} is {options.Freeze}: allowed with {nameof(TrainingOptions.From)} "
                + "only; fresh weights have to learn");
        _components = components;
        _options = options;
        _task = task;
        _logger = logger;
        Preprocessor = new Preprocessor(options.Preprocessing, components.Transforms);
    }

    /// <summary>The preprocessing to apply to recordings before they are passed to <see cref="RunAsync"/>; the model file stores
    /// it.</summary>
    public Preprocessor Preprocessor { get; }

    /// <summary>How the labels were derived, for the model file; null to omit.</summary>
    public JsonObject? LabelPolicy { get; init; }

    /// <summary>Additional training data for the model file: dataset, folds.</summary>
    public JsonObject? Provenance { get; init; }

    /// <summary>
    /// The folder for checkpoint, figures and description; null for the folder beside the model file (<see cref="RunFolder.Beside"/>).
    /// Default null.
    /// </summary>
    public string? RunFolder { get; init; }

    /// <summary>Draws curves.svg from the finished epochs and the best of them; null for no such file. Default null.</summary>
    internal Func<IReadOnlyList<EpochStatistics>, EpochStatistics, string>? DrawCurves { get; init; }

    /// <summary>
    /// Whether to resume from the run folder's checkpoint, or start if there is none. Default false.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>The model to start from, if the caller has already read it; null to read the file named in the options. Default
    /// null.</summary>
    internal ModelFile? Start { get; init; }

    /// <summary>Whether the head of the model that was started from was kept; null before a training, on a resume, and without such a
    /// model.</summary>
    public bool? HeadKept { get; private set; }

    /// <summary>Additional content of run.json; null for none.</summary>
    public JsonObject? Notes { get; init; }

    /// <summary>
    /// Trains. After each epoch the best model so far is at <paramref name="path"/>; a checkpoint in the run folder is at most
    /// <see cref="TrainingOptions.CheckpointSeconds"/> old. All files are complete at every moment.
    /// </summary>
    /// <param name="path">The model file to write.</param>
    /// <param name="train">Preprocessed recordings to learn from.</param>
    /// <param name="valid">Preprocessed recordings to choose the best epoch on.</param>
    /// <param name="progress">Receives progress after each step and epoch.</param>
    /// <param name="cancellationToken">Stops after the current step; the files are still written.</param>
    /// <exception cref="IOException">A file cannot be written, or the disk has too little space; said before training starts where it can
    /// be known.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder is not writable; thrown before training starts.</exception>
    /// <exception cref="TrainingException">
    /// The loss became infinite or not a number; or the folder holds an unfinished training that is not resumed, or one that is
    /// running.
    /// </exception>
    /// <exception cref="ResumeException">The checkpoint has other options, data or threads.</exception>
    /// <exception cref="ModelFormatException">The checkpoint is damaged.</exception>
    public async Task<TrainingResult> RunAsync(
        string path, LabeledRecordings train, LabeledRecordings valid,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(valid);
        var run = Folder(path);
        Prepare(run);
        try
        {
            return await TrainAsync(run, train, valid, progress, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Dispose();
        }
    }

    private async Task<TrainingResult> TrainAsync(
        RunFolder run, LabeledRecordings train, LabeledRecordings valid, IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        train = WithRecordedTeachers(train);
        using var teachers = _options.Teaching == TeachingMode.Consistent ? ConsistentTeachers(train.Layout) : null;
        manual_seed(_options.Seed);
        var manifest = Describe(train.Layout);
        using var network = EcgModel.CreateNetwork(manifest, _components);
        var (weights, parameters) = (4 * network.State.Values.Sum(tensor => tensor.numel()), 4 * network.ParameterCount);
        // Weights now, best and, where it is made, their average; two moments of each parameter.
        run.EnsureSpace(checkpointBytes: (_options.AverageDecay > 0 ? 3 : 2) * weights + 2 * parameters, modelBytes: weights);

        var device = TorchDevice.Select(_options.Device, _options.AllowDeviceFallback).ToString();
        var identity = TrainingIdentity.Of(_options, _task, device, train, valid);
        if (teachers is not null)
            identity["teachers"] = teachers.Checksums;
        var from = Resume && File.Exists(run.CheckpointPath) ? TrainingCheckpoint.Load(run.CheckpointPath) : null;
        if (_options.From is { } start)
        {
            var kept = FineTuning.Begin(network, manifest, Start ?? ModelFile.Load(start), start, _components, _options.Freeze, train);
            // A checkpoint has weights of its own, the head's among them.
            HeadKept = from is null ? kept : null;
        }
        if (from is not null)
            TrainingIdentity.RequireSame(from.Identity, identity, run.CheckpointPath);
        var writer = new RunWriter(
            run, Begin(run, identity, from is not null), identity, epoch => WithFigures(manifest, epoch, train.Count, valid.Count),
            network.FindGraph(manifest.Leads.Count, out _), DrawCurves);
        if (from is not null)
            writer.Restore(from);
        var trainer = new Trainer(_options, _logger)
        {
            Teachers = teachers,
            From = from is null ? null : (from, run.CheckpointPath),
            CheckpointDue = writer.Keep,
            EpochEnded = writer.EpochEnded,
        };
        var augmentation = new AugmentationSequence(_options.Augmentation.Select(_components.Augmentations.Create));
        try
        {
            var result = await trainer.TrainAsync(network, _task.Kind, train, valid, augmentation, progress, cancellationToken)
                .ConfigureAwait(false);
            writer.Finish(result);
            return result;
        }
        catch (Exception e)
        {
            writer.Fail(e);
            throw;
        }
    }

    /// <summary>
    /// Ensures that a training can begin: its folders are writable, no other training has the run folder, and no unfinished training
    /// would be lost. Locks the folder for this session. <see cref="RunAsync"/> does the same; a caller that reads recordings first can
    /// have it said before that.
    /// </summary>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public void Prepare(string path) => Prepare(Folder(path));

    /// <summary>Releases the run folder if <see cref="Prepare(string)"/> was not followed by a training.</summary>
    public void Dispose()
    {
        _held?.Lock.Dispose();
        _held = null;
    }

    private RunFolder Folder(string path) => RunFolder is null ? Runs.RunFolder.Beside(path) : new RunFolder(RunFolder, path);

    private void Prepare(RunFolder run)
    {
        run.EnsureWritable();
        var folder = Path.GetFullPath(run.FolderPath);
        if (_held?.Folder != folder)
        {
            Dispose();
            _held = (folder, RunLock.Take(run.FolderPath));
        }
        try
        {
            run.RemoveLeftovers();
            if (!Resume && File.Exists(run.CheckpointPath)
                && !(File.Exists(run.DescriptionPath) && RunDescription.Load(run.DescriptionPath).HasEnded))
                throw new TrainingException(
                    $"'{run.FolderPath}' holds a training that has not ended: resume it, delete the folder, or choose another");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private RunDescription Begin(RunFolder run, JsonObject identity, bool resumed)
    {
        RunDescription description;
        if (resumed && File.Exists(run.DescriptionPath))
        {
            description = RunDescription.Load(run.DescriptionPath);
            description.Resume();
        }
        else
        {
            description = RunDescription.Start(run.DescriptionPath, _options, identity, Notes);
        }
        description.Save();
        return description;
    }

    private LabeledRecordings WithRecordedTeachers(LabeledRecordings train)
    {
        if (_options.Teachers.Count == 0 || _options.Teaching != TeachingMode.Recorded)
            return train;
        var teachers = LoadTeachers();
        try
        {
            return TeacherTargets.Blend(train, teachers, _options.TeacherWeight, _task, ResolvedPreprocessing);
        }
        finally
        {
            teachers.ForEach(t => t.Dispose());
        }
    }

    private ConsistentTeachers? ConsistentTeachers(SignalLayout layout)
    {
        if (_options.Teachers.Count == 0)
            return null;
        var teachers = LoadTeachers();
        try
        {
            return new ConsistentTeachers(teachers, _options, _task, layout, ResolvedPreprocessing);
        }
        catch
        {
            teachers.ForEach(t => t.Dispose());
            throw;
        }
    }

    private List<EcgModel> LoadTeachers()
    {
        var device = TorchDevice.Select(_options.Device, _options.AllowDeviceFallback).ToString();
        var teachers = new List<EcgModel>();
        try
        {
            foreach (var path in _options.Teachers)
                teachers.Add(EcgModel.Load(path, _components, device));
            return teachers;
        }
        catch
        {
            teachers.ForEach(t => t.Dispose());
            throw;
        }
    }

    private IReadOnlyList<ComponentSpec> ResolvedPreprocessing => [.. _options.Preprocessing.Select(_components.Transforms.Resolve)];

    private ModelManifest Describe(SignalLayout layout) => new()
    {
        // Options are written out in full: a model file must not change its meaning with the defaults of a host.
        Architecture = _components.Architectures.Resolve(_options.Architecture),
        Head = _components.Heads.Resolve(_options.Head ?? new ComponentSpec(BuiltInHeads.NameFor(_task.Kind))),
        Task = _task.Name,
        TaskKind = _task.Kind,
        Classes = _task.Classes,
        LabelPolicy = LabelPolicy,
        Leads = layout.Leads,
        SamplingRate = layout.SamplingRate,
        Length = layout.Length,
        Preprocessing = ResolvedPreprocessing,
        Preset = _options.Preset,
    };

    private ModelManifest WithFigures(ModelManifest manifest, EpochStatistics? epoch, int train, int valid)
    {
        var provenance = Provenance?.DeepClone().AsObject() ?? [];
        provenance["options"] = PluginOptions.Write(_options);
        provenance["train_recordings"] = train;
        provenance["valid_recordings"] = valid;
        provenance["epoch"] = epoch?.Epoch ?? 0;
        provenance["valid_loss"] = epoch?.ValidLoss;
        provenance["valid_accuracy"] = epoch?.ValidAccuracy;
        provenance["valid_roc_auc"] = epoch?.ValidRocAuc;
        provenance["torch_threads"] = _options.EffectiveTorchThreads;
        return manifest with { Training = provenance };
    }
}
