using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Heads;

namespace SignalCam.Torch;

/// <summary>Every plug-in by kind and name. The built-in ones are registered the way a third party's are.</summary>
/// <remarks>Fill it at start-up; afterwards it is safe for concurrent readers.</remarks>
public sealed class SignalCamComponents
{
    /// <summary>Creates the registries with the built-in plug-ins.</summary>
    public SignalCamComponents()
        : this([AddBuiltIn])
    {
    }

    /// <summary>Creates the registries and fills them.</summary>
    /// <param name="registrations">Each adds plug-ins; <see cref="AddBuiltIn"/> is one of them.</param>
    /// <exception cref="ArgumentException">Two plug-ins of a kind have the same name.</exception>
    public SignalCamComponents(IEnumerable<Action<SignalCamComponents>> registrations)
    {
        ArgumentNullException.ThrowIfNull(registrations);
        foreach (var register in registrations)
            register(this);
    }

    /// <summary>Sources of recordings.</summary>
    public PluginRegistry<IEcgDataset> Datasets { get; } = new("dataset");

    /// <summary>Ways to turn what is known of a recording into targets.</summary>
    public PluginRegistry<IEcgTaskFactory> Tasks { get; } = new("task");

    /// <summary>Steps of preprocessing.</summary>
    public PluginRegistry<ISignalTransform> Transforms { get; } = new("transform");

    /// <summary>Random changes of training recordings.</summary>
    public PluginRegistry<IAugmentation> Augmentations { get; } = new("augmentation");

    /// <summary>Backbones.</summary>
    public PluginRegistry<IEcgArchitecture> Architectures { get; } = new("architecture");

    /// <summary>Heads.</summary>
    public PluginRegistry<IEcgHead> Heads { get; } = new("head");

    /// <summary>Ways to explain a score.</summary>
    public PluginRegistry<IEcgExplainer> Explainers { get; } = new("explainer");

    /// <summary>What says whether a recording can be believed.</summary>
    public PluginRegistry<IRecordingCheck> Checks { get; } = new("check");

    /// <summary>Figures of merit.</summary>
    public PluginRegistry<IEcgMetric> Metrics { get; } = new("metric");

    /// <summary>Adds the plug-ins that come with the SDK.</summary>
    /// <exception cref="ArgumentException">One of their names is taken.</exception>
    public static void AddBuiltIn(SignalCamComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        BuiltInDatasets.Register(components.Datasets);
        BuiltInTasks.Register(components.Tasks);
        BuiltInTransforms.Register(components.Transforms);
        BuiltInAugmentations.Register(components.Augmentations);
        BuiltInArchitectures.Register(components.Architectures);
        BuiltInHeads.Register(components.Heads);
        BuiltInExplainers.Register(components.Explainers);
        BuiltInMetrics.Register(components.Metrics);
    }
}
