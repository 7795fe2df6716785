using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds metrics to SignalCam SDK; evaluations report them.</summary>
public static class MetricBuilderExtensions
{
    /// <summary>Adds a figure of merit that has no options.</summary>
    /// <typeparam name="T">The metric. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddMetric<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgMetric =>
        builder.AddPlugin<IEcgMetric>(c => c.Metrics, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a figure of merit that is made from options.</summary>
    /// <typeparam name="T">The metric. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddMetric<T, TOptions>(this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IEcgMetric
        where TOptions : class, new() =>
        builder.AddPlugin<IEcgMetric, TOptions>(
            c => c.Metrics, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a figure of merit that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddMetric(this ISignalCamBuilder builder, string name, Func<IServiceProvider, IEcgMetric> create) =>
        builder.AddPlugin(c => c.Metrics, name, create);

    /// <summary>Adds a figure of merit that a function makes from options.</summary>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddMetric<TOptions>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, TOptions, IEcgMetric> create,
        Action<TOptions>? configure = null)
        where TOptions : class, new() =>
        builder.AddPlugin(c => c.Metrics, name, create, configure);
}
