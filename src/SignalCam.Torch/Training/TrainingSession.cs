using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training;

/// <summary>From labeled recordings to a model file: seeds, builds the network, trains it, keeps the best and the last weights.</summary>
public sealed class TrainingSession
{
    private readonly SignalCamComponents _components;
    private readonly TrainingOptions _options;
    private readonly IEcgTask _task;
    private readonly ILogger<Trainer>? _logger;

    /// <summary>Prepares a session.</summary>
    /// <param name="components">The plug-ins that the options may name.</param>
    /// <param name="options">How to train.</param>
    /// <param name="task">What the outputs mean.</param>
    /// <param name="logger">Told of each epoch.</param>
    /// <exception cref="ValidationException">An option is out of its range; the message names it.</exception>
    /// <exception cref="PluginException">A plug-in that the options name is not there.</exception>
    public TrainingSession(SignalCamComponents components, TrainingOptions options, IEcgTask task, ILogger<Trainer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(components);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(task);
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
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

    /// <summary>The model file that belongs beside <paramref name="path"/> with the weights of the last finished epoch.</summary>
    public static string LastPath(string path) => Path.ChangeExtension(path, null) + ".last" + Path.GetExtension(path);

    /// <summary>
    /// Trains. After each epoch the best model so far is at <paramref name="path"/> and the last one beside it (<see cref="LastPath"/>),
    /// both whole at every moment; so cancelling, or a crash, loses at most one epoch.
    /// </summary>
    /// <param name="path">The model file to write.</param>
    /// <param name="train">Preprocessed recordings to learn from.</param>
    /// <param name="valid">Preprocessed recordings to choose the best epoch on.</param>
    /// <param name="progress">Told after each step and epoch.</param>
    /// <param name="cancellationToken">Stops after the current step; the files are written all the same.</param>
    /// <exception cref="IOException">The model file cannot be written; said before training starts.</exception>
    /// <exception cref="TrainingException">The loss became infinite or not a number.</exception>
    public async Task<TrainingResult> RunAsync(
        string path, LabeledRecordings train, LabeledRecordings valid,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(train);
        EnsureWritable(path);
        train = WithTeachers(train);
        manual_seed(_options.Seed);
        var manifest = Describe(train.Layout);
        using var network = EcgModel.CreateNetwork(manifest, _components);
        var augmentation = new AugmentationSequence(_options.Augmentation.Select(_components.Augmentations.Create));
        var trainer = new Trainer(_options, _logger)
        {
            EpochEnded = (epoch, current) =>
            {
                var file = new ModelFile(WithFigures(manifest, epoch, train.Count, valid.Count), NetworkState.Copy(current));
                if (epoch.IsBest)
                    file.Save(path);
                file.Save(LastPath(path));
            },
        };
        var result = await trainer.TrainAsync(network, _task.Kind, train, valid, augmentation, progress, cancellationToken).ConfigureAwait(false);
        if (result.Best is null)
            new ModelFile(manifest, result.LastState).Save(path);
        return result;
    }

    private LabeledRecordings WithTeachers(LabeledRecordings train)
    {
        if (_options.Teachers.Count == 0)
            return train;
        var teachers = new List<EcgModel>();
        try
        {
            foreach (var path in _options.Teachers)
                teachers.Add(EcgModel.Load(path, _components, _options.Device));
            return TeacherTargets.Blend(train, teachers, _options.TeacherWeight, _task, [.. _options.Preprocessing.Select(_components.Transforms.Resolve)]);
        }
        finally
        {
            teachers.ForEach(t => t.Dispose());
        }
    }

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
        Preprocessing = [.. _options.Preprocessing.Select(_components.Transforms.Resolve)],
        Preset = _options.Preset,
    };

    private ModelManifest WithFigures(ModelManifest manifest, EpochStatistics epoch, int train, int valid)
    {
        var provenance = Provenance?.DeepClone().AsObject() ?? [];
        provenance["options"] = PluginOptions.Write(_options);
        provenance["train_recordings"] = train;
        provenance["valid_recordings"] = valid;
        provenance["epoch"] = epoch.Epoch;
        provenance["valid_loss"] = epoch.ValidLoss;
        provenance["valid_accuracy"] = epoch.ValidAccuracy;
        provenance["valid_roc_auc"] = epoch.ValidRocAuc;
        provenance["torch_threads"] = get_num_threads();
        return manifest with { Training = provenance };
    }

    private static void EnsureWritable(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}");
        using (File.Create(probe, 1, FileOptions.DeleteOnClose))
        {
        }
    }
}
