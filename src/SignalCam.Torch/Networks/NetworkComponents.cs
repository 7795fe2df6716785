using SignalCam.Abstractions;
using SignalCam.Core.Plugins;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;

namespace SignalCam.Torch.Networks;

/// <summary>Registries of architectures and heads, in addition to the plug-ins that do not need torch.</summary>
/// <remarks>Fill it at start-up; afterwards it is safe for concurrent readers.</remarks>
public abstract class NetworkComponents
{
    private protected NetworkComponents(ManagedComponents managed)
    {
        ArgumentNullException.ThrowIfNull(managed);
        Managed = managed;
    }

    /// <summary>The plug-ins that do not need torch.</summary>
    internal ManagedComponents Managed { get; }

    /// <summary>Sources of recordings.</summary>
    public PluginRegistry<IEcgDataset> Datasets => Managed.Datasets;

    /// <summary>Tasks.</summary>
    public PluginRegistry<IEcgTaskFactory> Tasks => Managed.Tasks;

    /// <summary>Preprocessing steps.</summary>
    public PluginRegistry<ISignalTransform> Transforms => Managed.Transforms;

    /// <summary>Random changes of training recordings.</summary>
    public PluginRegistry<IAugmentation> Augmentations => Managed.Augmentations;

    /// <summary>Checks of whether a recording can be trusted.</summary>
    public PluginRegistry<IRecordingCheck> Checks => Managed.Checks;

    /// <summary>Figures of merit.</summary>
    public PluginRegistry<IEcgMetric> Metrics => Managed.Metrics;

    /// <summary>Backbones.</summary>
    public PluginRegistry<IEcgArchitecture> Architectures { get; } = new("architecture");

    /// <summary>Heads.</summary>
    public PluginRegistry<IEcgHead> Heads { get; } = new("head");
}
