using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;

namespace SignalCam.Torch;

/// <summary>Every plug-in that a model file may name, by kind. The built-in ones are registered the way a third party's are.</summary>
/// <remarks>Fill it at start-up; afterwards it is safe for concurrent readers.</remarks>
public sealed class SignalCamComponents
{
    /// <summary>Creates the registries with the built-in plug-ins.</summary>
    public SignalCamComponents()
    {
        BuiltInTransforms.Register(Transforms);
        BuiltInAugmentations.Register(Augmentations);
        BuiltInArchitectures.Register(Architectures);
        BuiltInHeads.Register(Heads);
    }

    /// <summary>Steps of preprocessing.</summary>
    public PluginRegistry<ISignalTransform> Transforms { get; } = new("transform");

    /// <summary>Random changes of training recordings.</summary>
    public PluginRegistry<IAugmentation> Augmentations { get; } = new("augmentation");

    /// <summary>Backbones.</summary>
    public PluginRegistry<IEcgArchitecture> Architectures { get; } = new("architecture");

    /// <summary>Heads.</summary>
    public PluginRegistry<IEcgHead> Heads { get; } = new("head");
}
