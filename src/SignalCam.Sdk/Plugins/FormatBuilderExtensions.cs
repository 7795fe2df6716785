using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds file formats to SignalCam SDK. They are asked before the built-in ones whether they recognize a file, by the service `EcgFileReader`.
/// </summary>
public static class FormatBuilderExtensions
{
    /// <summary>Adds a file format that has no options.</summary>
    /// <typeparam name="T">The format. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive), and its <see cref="IEcgFormat.Name"/>; a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddFormat<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgFormat =>
        builder.AddPlugin<IEcgFormat>(c => c.Formats, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a file format that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive), and its <see cref="IEcgFormat.Name"/>; a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddFormat(this ISignalCamBuilder builder, string name, Func<IServiceProvider, IEcgFormat> create) =>
        builder.AddPlugin(c => c.Formats, name, create);
}
