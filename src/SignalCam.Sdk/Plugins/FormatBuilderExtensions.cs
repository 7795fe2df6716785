using SignalCam.Abstractions;
using SignalCam.Formats;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Adds file formats to SignalCam SDK. The host's <see cref="EcgFileReader"/> asks the added formats, in the order of their names, before
/// the built-in ones whether they recognize a file.
/// </summary>
public static class FormatBuilderExtensions
{
    /// <summary>Adds a file format that has no options.</summary>
    /// <typeparam name="T">The format. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddFormat<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgFormat =>
        builder.AddPlugin<IEcgFormat>(c => c.Formats, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a file format that is made from options.</summary>
    /// <typeparam name="T">The format. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options. Validated against their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddFormat<T, TOptions>(
        this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IEcgFormat
        where TOptions : class, new() =>
        builder.AddPlugin<IEcgFormat, TOptions>(
            c => c.Formats, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a file format that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddFormat(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, IEcgFormat> create) =>
        builder.AddPlugin(c => c.Formats, name, create);

    /// <summary>Adds a file format that a function makes from options.</summary>
    /// <typeparam name="TOptions">Its options. Validated against their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddFormat<TOptions>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, TOptions, IEcgFormat> create,
        Action<TOptions>? configure = null)
        where TOptions : class, new() =>
        builder.AddPlugin(c => c.Formats, name, create, configure);
}
