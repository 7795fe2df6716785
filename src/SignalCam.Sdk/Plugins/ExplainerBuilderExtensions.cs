using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;
using SignalCam.Torch.Explainers;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds explainers to SignalCam SDK.</summary>
public static class ExplainerBuilderExtensions
{
    /// <summary>Adds a way to explain scores that has no options.</summary>
    /// <typeparam name="T">The explainer. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddExplainer<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgExplainer =>
        builder.AddTorchPlugin<IEcgExplainer>(c => c.Explainers, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a way to explain scores that is made from options.</summary>
    /// <typeparam name="T">The explainer. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddExplainer<T, TOptions>(
        this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IEcgExplainer
        where TOptions : class, new() =>
        builder.AddTorchPlugin<IEcgExplainer, TOptions>(
            c => c.Explainers, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a way to explain scores that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddExplainer(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, IEcgExplainer> create) =>
            builder.AddTorchPlugin(c => c.Explainers, name, create);

    /// <summary>Adds a way to explain scores that a function makes from options.</summary>
    /// <typeparam name="TOptions">Its options; a specification may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddExplainer<TOptions>(
        this ISignalCamBuilder builder, string name, Func<IServiceProvider, TOptions, IEcgExplainer> create,
        Action<TOptions>? configure = null)
        where TOptions : class, new() =>
        builder.AddTorchPlugin(c => c.Explainers, name, create, configure);
}
