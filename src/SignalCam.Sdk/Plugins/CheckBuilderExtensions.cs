using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds checks of recordings to SignalCam SDK. Every check that is added runs on every recording that is classified.</summary>
public static class CheckBuilderExtensions
{
    /// <summary>Adds a check that has no options.</summary>
    /// <typeparam name="T">The check. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddCheck<T>(this ISignalCamBuilder builder, string name)
        where T : class, IRecordingCheck =>
        builder.AddPlugin<IRecordingCheck>(c => c.Checks, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a check that is made from options.</summary>
    /// <typeparam name="T">The check. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddCheck<T, TOptions>(this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IRecordingCheck
        where TOptions : class, new() =>
        builder.AddPlugin<IRecordingCheck, TOptions>(
            c => c.Checks, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a check that a function makes.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddCheck(this ISignalCamBuilder builder, string name, Func<IServiceProvider, IRecordingCheck> create) =>
        builder.AddPlugin(c => c.Checks, name, create);
}
