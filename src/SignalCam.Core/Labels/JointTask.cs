using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using SignalCam.Abstractions;

namespace SignalCam.Core.Labels;

/// <summary>Options of the task "joint".</summary>
internal sealed class JointTaskOptions
{
    /// <summary>The tasks to join, with their options. Default normal-abnormal, super and all: 77 outputs on PTB-XL.</summary>
    [Required]
    [MinLength(1)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Lists are counted as collections, which needs no reflection.")]
    public IReadOnlyList<ComponentSpec> Tasks { get; set; } = [new(PtbXlTasks.NormalAbnormal), new(PtbXlTasks.Super), new(PtbXlTasks.All)];
}

/// <summary>
/// Several tasks at once, for a network used as a teacher: its classes are those of each task in turn, called "task/class". A recording
/// is left out if none of the tasks has a label for it; for tasks without a label, the classes are 0.
/// </summary>
internal sealed class JointTask : IEcgTask
{
    private readonly IEcgTask[] _tasks;

    public JointTask(string name, IEcgTask[] tasks)
    {
        _tasks = tasks;
        Name = name;
        Classes = Array.AsReadOnly([.. tasks.SelectMany(task => task.Classes.Select(c => ClassName(task.Name, c)))]);
    }

    public string Name { get; }

    public IReadOnlyList<string> Classes { get; }

    public TaskKind Kind => TaskKind.Multilabel;

    public static string ClassName(string task, string ofTask) => $"{task}/{ofTask}";

    public bool TryGetTarget(EcgEntry entry, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (target.Length != Classes.Count)
            throw new ArgumentException($"task {Name} has {Classes.Count} classes, the target {target.Length} values", nameof(target));
        var (labelled, start) = (false, 0);
        foreach (var task in _tasks)
        {
            var part = target.Slice(start, task.Classes.Count);
            start += part.Length;
            if (task.TryGetTarget(entry, part))
                labelled = true;
            else
                part.Clear();
        }
        return labelled;
    }
}

/// <summary>Creates the joint task of a dataset from the tasks in a registry, including third-party ones.</summary>
internal sealed class JointTaskFactory(JointTaskOptions options, PluginRegistry<IEcgTaskFactory> tasks) : IEcgTaskFactory
{
    public string Name => PtbXlTasks.Joint;

    public IEcgTask Create(IEcgDataset dataset)
    {
        if (options.Tasks.Any(task => Name.Equals(task.Name, StringComparison.OrdinalIgnoreCase)))
            throw new PluginException($"task '{Name}' cannot be one of the tasks that it joins");
        return new JointTask(Name, [.. options.Tasks.Select(task => tasks.Create(task).Create(dataset))]);
    }
}
