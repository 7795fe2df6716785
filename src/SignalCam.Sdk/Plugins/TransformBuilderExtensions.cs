using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds transforms to SignalCam SDK.</summary>
public static class TransformBuilderExtensions
{
    /// <summary>Adds a step of preprocessing that has no options.</summary>
    /// <typeparam name="T">The transform. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddTransform<T>(this ISignalCamBuilder builder, string name)
        where T : class, ISignalTransform =>
        builder.AddPlugin<ISignalTransform>(c => c.Transforms, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a step of preprocessing that is made from options.</summary>
    /// <typeparam name="T">The transform. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options; a model file may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddTransform<T, TOptions>(
        this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, ISignalTransform
        where TOptions : class, new() =>
        builder.AddPlugin<ISignalTransform, TOptions>(
            c => c.Transforms, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a step of preprocessing that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddTransform(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, ISignalTransform> create) =>
            builder.AddPlugin(c => c.Transforms, name, create);

    /// <summary>Adds a step of preprocessing that a function makes from options.</summary>
    /// <typeparam name="TOptions">Its options; a model file may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddTransform<TOptions>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, TOptions, ISignalTransform> create,
        Action<TOptions>? configure = null)
        where TOptions : class, new() =>
        builder.AddPlugin(c => c.Transforms, name, create, configure);
}
