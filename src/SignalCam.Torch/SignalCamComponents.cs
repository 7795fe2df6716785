using SignalCam.Abstractions;
using SignalCam.Core.Plugins;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch;

/// <summary>Every plug-in by kind and name. The built-in ones are registered the way a third party's are.</summary>
/// <remarks>Fill it at start-up; afterwards it is safe for concurrent readers.</remarks>
public sealed class SignalCamComponents : NetworkComponents
{
    /// <summary>Creates the registries with the built-in plug-ins.</summary>
    public SignalCamComponents()
        : this(new ManagedComponents(), [AddBuiltIn])
    {
    }

    /// <summary>Creates the registries of what needs torch and fills them.</summary>
    /// <param name="managed">The plug-ins that need no torch; they are shared, not copied.</param>
    /// <param name="registrations">Each adds plug-ins; <see cref="AddBuiltIn"/> is one of them.</param>
    /// <exception cref="ArgumentException">Two plug-ins of a kind have the same name.</exception>
    internal SignalCamComponents(ManagedComponents managed, IEnumerable<Action<SignalCamComponents>> registrations)
        : base(managed)
    {
        ArgumentNullException.ThrowIfNull(registrations);
        foreach (var register in registrations)
            register(this);
    }

    /// <summary>Ways to explain a score.</summary>
    public PluginRegistry<IEcgExplainer> Explainers { get; } = new("explainer");

    /// <summary>Adds the built-in architectures, heads and explainers.</summary>
    /// <exception cref="ArgumentException">One of their names is taken.</exception>
    internal static void AddBuiltIn(SignalCamComponents components)
    {
        ArgumentNullException.ThrowIfNull(components);
        BuiltInArchitectures.Register(components.Architectures);
        BuiltInHeads.Register(components.Heads);
        BuiltInExplainers.Register(components.Explainers);
    }
}
