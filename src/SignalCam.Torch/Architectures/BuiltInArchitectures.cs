using SignalCam.Abstractions;

namespace SignalCam.Torch.Architectures;

/// <summary>The architectures that come with the SDK.</summary>
public static class BuiltInArchitectures
{
    /// <summary>Adds them to a registry.</summary>
    public static void Register(PluginRegistry<IEcgArchitecture> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        registry.Add<SignalCnnOptions>(SignalCnnArchitecture.ArchitectureName, options => new SignalCnnArchitecture(options));
    }
}
