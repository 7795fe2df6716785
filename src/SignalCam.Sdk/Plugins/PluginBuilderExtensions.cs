using SignalCam.Sdk;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the plug-ins of an assembly to SignalCam SDK.</summary>
public static class PluginBuilderExtensions
{
    /// <summary>Adds what a class registers, which the command line would load from the class's assembly.</summary>
    /// <typeparam name="T">The class.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    public static ISignalCamBuilder AddPlugin<T>(this ISignalCamBuilder builder)
        where T : ISignalCamPlugin, new()
    {
        ArgumentNullException.ThrowIfNull(builder);
        new T().Configure(builder);
        return builder;
    }
}
