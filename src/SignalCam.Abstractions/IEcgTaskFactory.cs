namespace SignalCam.Abstractions;

/// <summary>
/// Creates a task for a dataset: the plug-in kind "task". Where a task needs nothing of the dataset, register the <see cref="IEcgTask"/>
/// itself.
/// </summary>
public interface IEcgTaskFactory
{
    /// <summary>The name it is looked up by (case-insensitive), such as "normal-abnormal".</summary>
    string Name { get; }

    /// <summary>Creates the task.</summary>
    /// <param name="dataset">The dataset whose entries it will label.</param>
    /// <exception cref="PluginException">The dataset lacks what the task needs; the message states what.</exception>
    IEcgTask Create(IEcgDataset dataset);
}
