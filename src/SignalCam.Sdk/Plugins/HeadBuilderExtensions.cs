using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;
using SignalCam.Torch.Heads;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds heads to SignalCam SDK.</summary>
public static class HeadBuilderExtensions
{
    /// <summary>Adds a head that has no options.</summary>
    /// <typeparam name="T">The head. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddHead<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgHead =>
        builder.AddTorchPlugin<IEcgHead>(c => c.Heads, name, services => ActivatorUtilities.CreateInstance<T>(services));

    /// <summary>Adds a head that is made from options.</summary>
    /// <typeparam name="T">The head. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options; a model file may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">
    /// Sets this host's defaults; null for those of the class. A model file states the options that it was trained with.
    /// </param>
    public static ISignalCamBuilder AddHead<T, TOptions>(this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IEcgHead
        where TOptions : class, new() =>
        builder.AddTorchPlugin<IEcgHead, TOptions>(
            c => c.Heads, name, (services, options) => ActivatorUtilities.CreateInstance<T>(services, options), configure);

    /// <summary>Adds a head that has no options: the shortest way to try one's own.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="kind">The kind of task it is for; another one is refused.</param>
    /// <param name="create">Builds it with fresh weights from the number of channels and of classes.</param>
    public static ISignalCamBuilder AddHead(this ISignalCamBuilder builder, string name, TaskKind kind, Func<int, int, EcgHead> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddTorchPlugin<IEcgHead>(c => c.Heads, name, _ => new FromFunction(name, kind, create));
    }

    /// <summary>Adds a head that is built from options.</summary>
    /// <typeparam name="TOptions">Its options; a model file may say others. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="kind">The kind of task it is for; another one is refused.</param>
    /// <param name="create">Builds it with fresh weights from the number of channels, of classes, and the options.</param>
    /// <param name="configure">
    /// Sets this host's defaults; null for those of the class. A model file states the options that it was trained with.
    /// </param>
    public static ISignalCamBuilder AddHead<TOptions>(
        this ISignalCamBuilder builder, string name, TaskKind kind, Func<int, int, TOptions, EcgHead> create,
        Action<TOptions>? configure = null)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddTorchPlugin<IEcgHead, TOptions>(
            c => c.Heads, name,
            (_, options) => new FromFunction(name, kind, (channels, classes) => create(channels, classes, options)), configure);
    }

    private sealed class FromFunction(string name, TaskKind kind, Func<int, int, EcgHead> create) : IEcgHead
    {
        public string Name => name;

        public EcgHead Create(int channels, int classes, TaskKind wanted) => wanted == kind
            ? create(channels, classes)
            : throw new ArgumentException(
                $"head '{name}' is for {BuiltInHeads.NameFor(kind)} tasks, found a {BuiltInHeads.NameFor(wanted)} one", nameof(wanted));
    }
}
