using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;
using SignalCam.Torch.Architectures;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds architectures to SignalCam SDK.</summary>
public static class ArchitectureBuilderExtensions
{
    /// <summary>Adds an architecture that has no options.</summary>
    /// <typeparam name="T">The architecture. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddArchitecture<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgArchitecture =>
        builder.AddTorchPlugin<IEcgArchitecture>(c => c.Architectures, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds an architecture that is made from options.</summary>
    /// <typeparam name="T">The architecture. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options; a model file may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">
    /// Sets this host's defaults; null for those of the class. A model file states the options that it was trained with.
    /// </param>
    public static ISignalCamBuilder AddArchitecture<T, TOptions>(
        this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IEcgArchitecture
        where TOptions : class, new() =>
        builder.AddTorchPlugin<IEcgArchitecture, TOptions>(
            c => c.Architectures, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a network that has no options: the shortest way to try an architecture of one's own.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Builds a backbone with fresh weights for signals of this shape.</param>
    public static ISignalCamBuilder AddArchitecture(this ISignalCamBuilder builder, string name, Func<SignalLayout, Backbone> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddTorchPlugin<IEcgArchitecture>(c => c.Architectures, name, _ => new FromFunction(name, create));
    }

    /// <summary>Adds a network that is built from options.</summary>
    /// <typeparam name="TOptions">Its options; a model file may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Builds a backbone with fresh weights for signals of this shape.</param>
    /// <param name="configure">
    /// Sets this host's defaults; null for those of the class. A model file states the options that it was trained with.
    /// </param>
    public static ISignalCamBuilder AddArchitecture<TOptions>(
        this ISignalCamBuilder builder, string name, Func<SignalLayout, TOptions, Backbone> create, Action<TOptions>? configure = null)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddTorchPlugin<IEcgArchitecture, TOptions>(
            c => c.Architectures, name, (_, options) => new FromFunction(name, input => create(input, options)), configure);
    }

    private sealed class FromFunction(string name, Func<SignalLayout, Backbone> create) : IEcgArchitecture
    {
        public string Name => name;

        public Backbone Create(SignalLayout input) => create(input);
    }
}
