using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Plugins;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds tasks to SignalCam SDK.</summary>
public static class TaskBuilderExtensions
{
    /// <summary>Adds a task that has no options.</summary>
    /// <typeparam name="T">The task. Its constructor may take services.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    public static ISignalCamBuilder AddTask<T>(this ISignalCamBuilder builder, string name)
        where T : class, IEcgTask =>
        builder.AddPlugin<IEcgTaskFactory>(
            c => c.Tasks, name, services => new FromFunction(name, _ => ActivatorUtilities.CreateInstance<T>(services)));

    /// <summary>Adds a task that is made from options.</summary>
    /// <typeparam name="T">The task. Its constructor takes the options, and may take services.</typeparam>
    /// <typeparam name="TOptions">Its options, which the model file stores as its label policy. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddTask<T, TOptions>(this ISignalCamBuilder builder, string name, Action<TOptions>? configure = null)
        where T : class, IEcgTask
        where TOptions : class, new() =>
        builder.AddPlugin<IEcgTaskFactory, TOptions>(
            c => c.Tasks, name,
            (services, options) => new FromFunction(name, _ => ActivatorUtilities.CreateInstance<T>(services, options)), configure);

    /// <summary>Adds a task that a function makes for a dataset.</summary>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    public static ISignalCamBuilder AddTask(this ISignalCamBuilder builder, string name, Func<IEcgDataset, IEcgTask> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddPlugin<IEcgTaskFactory>(c => c.Tasks, name, _ => new FromFunction(name, create));
    }

    /// <summary>Adds a task that a function makes for a dataset from options.</summary>
    /// <typeparam name="TOptions">Its options, which the model file stores as its label policy. Held to their DataAnnotations.</typeparam>
    /// <param name="builder">The builder returned by `AddSignalCam`.</param>
    /// <param name="name">The name it is looked up by (case-insensitive); a taken one is an error when the host starts.</param>
    /// <param name="create">Makes it.</param>
    /// <param name="configure">Sets this host's defaults; null for those of the class.</param>
    public static ISignalCamBuilder AddTask<TOptions>(
        this ISignalCamBuilder builder, string name, Func<IEcgDataset, TOptions, IEcgTask> create, Action<TOptions>? configure = null)
        where TOptions : class, new()
    {
        ArgumentNullException.ThrowIfNull(create);
        return builder.AddPlugin<IEcgTaskFactory, TOptions>(
            c => c.Tasks, name, (_, options) => new FromFunction(name, dataset => create(dataset, options)), configure);
    }

    private sealed class FromFunction(string name, Func<IEcgDataset, IEcgTask> create) : IEcgTaskFactory
    {
        public string Name => name;

        public IEcgTask Create(IEcgDataset dataset) => create(dataset);
    }
}
