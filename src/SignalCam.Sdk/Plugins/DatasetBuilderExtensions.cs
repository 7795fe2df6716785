using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds datasets to SignalCam SDK.</summary>
public static class DatasetBuilderExtensions
{
    /// <summary>Adds a source of recordings that has no options.</summary>
    /// <typeparam name="T">The dataset. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddDataset<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgDataset =>
        builder.AddPlugin<IEcgDataset>(c => c.Datasets, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a source of recordings that is made from options.</summary>
    /// <typeparam name="T">The dataset. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddDataset<T, TOptions>(this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IEcgDataset
        where TOptions : class, new() =>
        builder.AddPlugin<IEcgDataset, TOptions>(
            c => c.Datasets, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a source of recordings that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddDataset(this ISignalCamBuilder builder, string name, Func<IServiceProvider, IEcgDataset> create) =>
        builder.AddPlugin(c => c.Datasets, name, create);

    /// <summary>Adds a source of recordings that a function makes from options.</summary>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddDataset<TOptions>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, TOptions, IEcgDataset> create,
        Action<TOptions>? configure = null)
        where TOptions : class, new() =>
        builder.AddPlugin(c => c.Datasets, name, create, configure);
}
