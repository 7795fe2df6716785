using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds augmentations to SignalCam SDK.</summary>
public static class AugmentationBuilderExtensions
{
    /// <summary>Adds a random change of training recordings that has no options.</summary>
    /// <typeparam name="T">The augmentation. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddAugmentation<T>(this ISignalCamBuilder builder, string name)
        where T : class, IAugmentation =>
        builder.AddPlugin<IAugmentation>(c => c.Augmentations, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a random change of training recordings that is made from options.</summary>
    /// <typeparam name="T">The augmentation. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddAugmentation<T, TOptions>(
        this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IAugmentation
        where TOptions : class, new() =>
        builder.AddPlugin<IAugmentation, TOptions>(
            c => c.Augmentations, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a random change of training recordings that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddAugmentation(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, IAugmentation> create) =>
            builder.AddPlugin(c => c.Augmentations, name, create);

    /// <summary>Adds a random change of training recordings that a function makes from options.</summary>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddAugmentation<TOptions>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, TOptions, IAugmentation> create,
        Action<TOptions>? configure = null)
        where TOptions : class, new() =>
        builder.AddPlugin(c => c.Augmentations, name, create, configure);
}
