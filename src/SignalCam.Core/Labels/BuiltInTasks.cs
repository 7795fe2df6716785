using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Labels;

/// <summary>
/// The tasks that come with the SDK: the seven of <see cref="PtbXlTasks"/>, each with a <see cref="LabelPolicy"/> as its options, and
/// "joint" and "columns".
/// </summary>
internal static class BuiltInTasks
{
    /// <summary>Adds them to a registry.</summary>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public static PluginRegistry<IEcgTaskFactory> Register(PluginRegistry<IEcgTaskFactory> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        foreach (var name in PtbXlTasks.Names)
            registry.Add<LabelPolicy>(name, policy => new Factory(name, policy), () => PtbXlTasks.DefaultPolicy(name));
        registry.Add<ColumnsTaskOptions>(ColumnsTaskOptions.TaskName, options => new ColumnsTaskFactory(options));
        // Resolved defaults: the model file then states the policies of the joined tasks too.
        return registry.Add<JointTaskOptions>(
            PtbXlTasks.Joint,
            options => new JointTaskFactory(options, registry),
            () => new JointTaskOptions { Tasks = [.. new JointTaskOptions().Tasks.Select(registry.Resolve)] });
    }

    private sealed class Factory(string name, LabelPolicy policy) : IEcgTaskFactory
    {
        public string Name => name;

        public IEcgTask Create(IEcgDataset dataset)
        {
            ArgumentNullException.ThrowIfNull(dataset);
            return dataset is IStatementDataset known
                ? PtbXlTasks.CreateTask(name, known.Statements, policy)
                : throw new PluginException($"task '{name}' needs to know what statements mean, which dataset '{dataset.Name}' does not "
                    + $"say: map its codes to PTB-XL's (a folder's option map), use task '{ColumnsTaskOptions.TaskName}', implement "
                    + $"{nameof(IStatementDataset)}, or add a task of your own");
        }
    }
}
