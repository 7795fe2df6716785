using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Plugins;

/// <summary>
/// The plug-ins that need no torch, by kind and name. The built-in ones are registered the way a third party's are. Networks and explainers
/// are in SignalCamComponents of SignalCam.Torch, which takes these along.
/// </summary>
/// <remarks>Fill it at start-up; afterwards it is safe for concurrent readers.</remarks>
internal sealed class ManagedComponents
{
    /// <summary>Creates the registries with the built-in plug-ins.</summary>
    public ManagedComponents()
        : this([AddBuiltIn])
    {
    }

    /// <summary>Creates the registries and fills them.</summary>
    /// <param name="registrations">Each adds plug-ins; <see cref="AddBuiltIn"/> is one of them.</param>
    /// <exception cref="ArgumentException">Two plug-ins of a kind have the same name.</exception>
    public ManagedComponents(IEnumerable<Action<ManagedComponents>> registrations)
    {
        ArgumentNullException.ThrowIfNull(registrations);
        foreach (var register in registrations)
            register(this);
    }

    /// <summary>Sources of recordings.</summary>
    public PluginRegistry<IEcgDataset> Datasets { get; } = new("dataset");

    /// <summary>Tasks.</summary>
    public PluginRegistry<IEcgTaskFactory> Tasks { get; } = new("task");

    /// <summary>
    /// File formats of recordings. The built-in ones are in SignalCam.Formats, which builds on this assembly: AddSignalCam registers them.
    /// </summary>
    public PluginRegistry<IEcgFormat> Formats { get; } = new("format");

    /// <summary>Preprocessing steps.</summary>
    public PluginRegistry<ISignalTransform> Transforms { get; } = new("transform");

    /// <summary>Random changes of training recordings.</summary>
    public PluginRegistry<IAugmentation> Augmentations { get; } = new("augmentation");

    /// <summary>Checks of whether a recording can be trusted.</summary>
    public PluginRegistry<IRecordingCheck> Checks { get; } = new("check");

    /// <summary>Figures of merit.</summary>
    public PluginRegistry<IEcgMetric> Metrics { get; } = new("metric");

    /// <summary>Adds the built-in plug-ins.</summary>
    /// <exception cref="ArgumentException">One of their names is taken.</exception>
    public static void AddBuiltIn(ManagedComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        components.Datasets
            .Add<PtbXlFolderOptions>(BuiltInDatasets.PtbXl, PtbXlDataset.Open)
            .Add<SyntheticDatasetOptions>(BuiltInDatasets.Synthetic, options => new SyntheticEcgDataset(options));
        BuiltInTasks.Register(components.Tasks);
        BuiltInTransforms.Register(components.Transforms);
        BuiltInAugmentations.Register(components.Augmentations);
        BuiltInChecks.Register(components.Checks);
        BuiltInMetrics.Register(components.Metrics);
    }
}
