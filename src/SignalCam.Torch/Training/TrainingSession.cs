using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training;

/// <summary>
/// From labeled recordings to a model file: seeds, builds the network, trains it, keeps the best weights and a checkpoint to go on from.
/// </summary>
/// <remarks>
/// A run folder belongs to one training at a time: from <see cref="Prepare(string)"/>, or from the beginning of <see cref="RunAsync"/>, to
/// the end of <see cref="RunAsync"/> or to <see cref="Dispose"/>. When the process ends, however it ends, the folder is free.
/// </remarks>
internal sealed class TrainingSession : IDisposable
{
    private readonly SignalCamComponents _components;
    private readonly TrainingOptions _options;
    private readonly IEcgTask _task;
    private readonly ILogger<Trainer>? _logger;
    private (string Folder, RunLock Lock)? _held;

    /// <summary>Prepares a session.</summary>
    /// <param name="components">The plug-ins that the options may name.</param>
    /// <param name="options">How to train.</param>
    /// <param name="task">What the outputs mean.</param>
    /// <param name="logger">Logs each epoch.</param>
    /// <exception cref="PluginException">An option is out of its range; the message names it.</exception>
    /// <exception cref="PluginException">A plug-in that the options name is not there.</exception>
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

    /// <summary>What has to be done to the recordings before they are given to <see cref="RunAsync"/>; the model file stores it.</summary>
    public Preprocessor Preprocessor { get; }

    /// <summary>How the labels were made, for the model file; null where there is nothing to say.</summary>
    public JsonObject? LabelPolicy { get; init; }

    /// <summary>What else the model file should say of the training: dataset, folds.</summary>
    public JsonObject? Provenance { get; init; }

    /// <summary>
    /// Where checkpoint, figures and description go; null for the folder beside the model file (<see cref="RunFolder.Beside"/>). Default
    /// null.
    /// </summary>
    public string? RunFolder { get; init; }

    /// <summary>Draws curves.svg from the finished epochs and the best of them; null for no such file. Default null.</summary>
    internal Func<IReadOnlyList<EpochStatistics>, EpochStatistics, string>? DrawCurves { get; init; }

    /// <summary>
    /// Goes on from the run folder's checkpoint as if nothing had happened; starts anew where there is none yet. Default false.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>The model to start from, where the caller has read it already; null to read the file that the options name. Default
    /// null.</summary>
    internal ModelFile? Start { get; init; }

    /// <summary>Whether the head of the model that was started from was kept; null before a training, on a resume, and without such a
    /// model.</summary>
    public bool? HeadKept { get; private set; }

    /// <summary>What else run.json should say; null for nothing.</summary>
    public JsonObject? Notes { get; init; }

    /// <summary>
    /// Trains. After each epoch the best model so far is at <paramref name="path"/>; a checkpoint in the run folder is at most
    /// <see cref="TrainingOptions.CheckpointSeconds"/> old. All files are whole at every moment.
    /// </summary>
    /// <param name="path">The model file to write.</param>
    /// <param name="train">Preprocessed recordings to learn from.</param>
    /// <param name="valid">Preprocessed recordings to choose the best epoch on.</param>
    /// <param name="progress">Receives progress after each step and epoch.</param>
    /// <param name="cancellationToken">Stops after the current step; the files are written all the same.</param>
    /// <exception cref="IOException">A file cannot be written, or the disk has too little space; said before training starts where it can
    /// be known.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be written in; said before training starts.</exception>
    /// <exception cref="TrainingException">
    /// The loss became infinite or not a number; or the folder holds a training that has not ended and is not to be resumed, or one that is
    /// running.
    /// </exception>
    /// <exception cref="ResumeException">The checkpoint is of other options, data or threads.</exception>
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
    /// Makes sure that a training may begin: its folders can be written in, no other training has the run folder, and none that has not
    /// ended would be lost. Keeps the folder for this session. <see cref="RunAsync"/> does the same; a caller that reads recordings first
    /// can have it said before that.
    /// </summary>
    /// <inheritdoc cref="RunAsync" path="/exception"/>
    public void Prepare(string path) => Prepare(Folder(path));

    /// <summary>Lets go of the run folder, where <see cref="Prepare(string)"/> was not followed by a training.</summary>
    public void Dispose()
    {
        _held?.Lock.Dispose();
        _held = null;
    }

    private RunFolder Folder(string path) => RunFolder is null ? Training.RunFolder.Beside(path) : new RunFolder(RunFolder, path);

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
        // Options are written out in full: a model file must not change its meaning with somebody's defaults.
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
