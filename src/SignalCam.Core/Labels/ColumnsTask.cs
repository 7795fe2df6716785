using SignalCam.Abstractions;
using SignalCam.Core.Datasets;

namespace SignalCam.Core.Labels;

/// <summary>A task whose options follow in part from the dataset, so that a model file has to keep what they came to.</summary>
internal interface IResolvedTask : IEcgTask
{
    /// <summary>The options with every choice written out.</summary>
    System.Text.Json.Nodes.JsonObject Options { get; }
}

/// <summary>Classes made of codes: a code that an entry carries applies. An entry of which a class is unknown has no label.</summary>
internal sealed class ColumnsTask : IResolvedTask
{
    private readonly Dictionary<string, int> _indexOf;
    private readonly IDescribedDataset? _dataset;

    public ColumnsTask(IReadOnlyList<string> classes, TaskKind kind, IDescribedDataset? dataset)
    {
        (Classes, Kind, _dataset) = (classes, kind, dataset);
        _indexOf = classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
    }

    public string Name => ColumnsTaskOptions.TaskName;

    public IReadOnlyList<string> Classes { get; }

    public TaskKind Kind { get; }

    public System.Text.Json.Nodes.JsonObject Options => PluginOptions.Write(
        Kind == TaskKind.Binary ? new ColumnsTaskOptions { Positive = Classes[0] }
            : new ColumnsTaskOptions { Classes = Classes, Exclusive = Kind == TaskKind.Multiclass });

    public bool TryGetTarget(EcgEntry entry, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (target.Length != Classes.Count)
            throw new ArgumentException($"task {Name} has {Classes.Count} classes, the target {target.Length} values", nameof(target));
        target.Clear();
        var applying = 0;
        foreach (var statement in entry.Statements)
            if (_indexOf.TryGetValue(statement.Code, out var index) && target[index] == 0)
            {
                target[index] = 1;
                applying++;
            }
        if (Kind == TaskKind.Multiclass ? applying == 1 : _dataset?.UnknownCodesOf(entry).Any(_indexOf.ContainsKey) != true)
            return true;
        target.Clear();
        return false;
    }
}

/// <summary>Makes the task of a dataset.</summary>
internal sealed class ColumnsTaskFactory(ColumnsTaskOptions options) : IEcgTaskFactory
{
    private const int Named = 3;

    public string Name => ColumnsTaskOptions.TaskName;

    public IEcgTask Create(IEcgDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        var described = dataset as IDescribedDataset;
        var there = dataset.Entries.SelectMany(e => e.Statements).Select(s => s.Code).ToHashSet(StringComparer.Ordinal);
        if (options.Positive is { } positive)
            return new ColumnsTask(Known([positive]), TaskKind.Binary, described);
        var classes = options.Classes is { Count: > 0 } named ? Known(named) : described?.ClassOrder
            ?? [.. there.Order(StringComparer.Ordinal)];
        if (classes.Count == 0)
            throw new PluginException($"task '{Name}': no recording of dataset '{dataset.Name}' has a code");
        if (classes.Count == 1)
            return new ColumnsTask(classes, TaskKind.Binary, described);
        if (options.Exclusive)
            RequireExclusive(dataset, classes);
        return new ColumnsTask(classes, options.Exclusive ? TaskKind.Multiclass : TaskKind.Multilabel, described);

        // A model's classes need not all be in a dataset that it is evaluated on; where none is, the codes are of another vocabulary.
        IReadOnlyList<string> Known(IReadOnlyList<string> codes) =>
            codes.Any(code => there.Contains(code) || described?.ClassOrder?.Contains(code) == true)
            ? codes
            : throw new PluginException(
                $"task '{Name}': no recording of dataset '{dataset.Name}' has {string.Join(", ", codes)}; the codes there are: "
                + $"{string.Join(", ", there.Order(StringComparer.Ordinal).Take(80))}");
    }

    private void RequireExclusive(IEcgDataset dataset, IReadOnlyList<string> classes)
    {
        var names = classes.ToHashSet(StringComparer.Ordinal);
        string[] several = [.. dataset.Entries.Where(e => e.Statements.Select(s =>
            s.Code).Distinct(StringComparer.Ordinal).Count(names.Contains) > 1).Select(e => e.Id)];
        if (several.Length > 0)
            throw new PluginException(
                $"task '{Name}': the classes are to exclude each other, but {several.Length} recordings of dataset '{dataset.Name}' have "
                + $"several: {string.Join(", ", several.Take(Named))}{(several.Length > Named ? ", ..." : "")}");
    }
}
