using System.Collections.ObjectModel;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Labels;

/// <summary>
/// A task whose targets follow from statements under a <see cref="LabelPolicy"/>; made by <see cref="PtbXlTasks.Create"/>.
/// </summary>
/// <remarks>Immutable; safe for concurrent callers. A code that the table of statements does not list counts for nothing.</remarks>
internal abstract class StatementTask : IEcgTask
{
    private protected StatementTask(
        string name, TaskKind kind, IReadOnlyList<string> classes, PtbXlStatementTable statements, LabelPolicy policy)
    {
        Name = name;
        Kind = kind;
        Classes = classes;
        Statements = statements;
        Policy = policy;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public TaskKind Kind { get; }

    /// <summary>How statements become targets.</summary>
    public LabelPolicy Policy { get; }

    private protected PtbXlStatementTable Statements { get; }

    /// <summary>Writes the target of an entry, and says why there is none where there is none.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="target">One value per class: 1 where it applies, else 0; all 0 when the entry is dropped.</param>
    /// <exception cref="ArgumentException">The target has another length.</exception>
    public LabelOutcome Label(EcgEntry entry, Span<float> target)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (target.Length != Classes.Count)
            throw new ArgumentException($"task {Name} has {Classes.Count} classes, the target {target.Length} values", nameof(target));
        target.Clear();
        return Decide(entry, target);
    }

    /// <inheritdoc/>
    public bool TryGetTarget(EcgEntry entry, Span<float> target) => Label(entry, target) is LabelOutcome.Labelled;

    /// <summary>Sets the ones in a target of zeros.</summary>
    private protected abstract LabelOutcome Decide(EcgEntry entry, Span<float> target);

    /// <summary>Why an entry has no statement of the task: there is none, or all are too unlikely.</summary>
    private protected LabelOutcome NoneCounts(bool anyListed) =>
        Policy.Unlabelled == UnlabelledRecordings.Keep ? LabelOutcome.Labelled
        : anyListed ? LabelOutcome.TooUnlikely
        : LabelOutcome.NoStatement;
}

/// <summary>Whether an entry has a target, and if not, why.</summary>
public enum LabelOutcome
{
    /// <summary>It has a target.</summary>
    Labelled,

    /// <summary>Dropped: it has no statement of the task.</summary>
    NoStatement,

    /// <summary>Dropped: it has statements of the task, but the policy counts none of them, for their likelihood.</summary>
    TooUnlikely,

    /// <summary>Dropped: it is NORM together with another class, and the policy drops these.</summary>
    NormalWithOther,
}

/// <summary>Every class that a counting statement belongs to applies.</summary>
internal sealed class ClassesTask : StatementTask
{
    private readonly Dictionary<string, int> _classOf = new(StringComparer.Ordinal);

    public ClassesTask(string name, PtbXlStatementTable statements, LabelPolicy policy, Func<PtbXlStatement, string?> classOf,
        IReadOnlyList<string>? classes = null)
        : base(name, TaskKind.Multilabel, classes ?? ClassesOf(name, statements, classOf), statements, policy)
    {
        var index = Classes.Index().ToDictionary(c => c.Item, c => c.Index, StringComparer.Ordinal);
        foreach (var statement in statements)
            if (classOf(statement) is { } itsClass)
                _classOf.Add(statement.Code, index[itsClass]);
    }

    private protected override LabelOutcome Decide(EcgEntry entry, Span<float> target)
    {
        bool counts = false, listed = false;
        foreach (var statement in entry.Statements)
        {
            if (!_classOf.TryGetValue(statement.Code, out var index))
                continue;
            listed = true;
            if (!Policy.Counts(statement.Likelihood))
                continue;
            counts = true;
            target[index] = 1;
        }
        return counts ? LabelOutcome.Labelled : NoneCounts(listed);
    }

    private static ReadOnlyCollection<string> ClassesOf(string name, PtbXlStatementTable statements, Func<PtbXlStatement, string?> classOf)
    {
        string[] classes = [.. statements.Select(classOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return classes.Length > 0
            ? Array.AsReadOnly(classes)
            : throw new PluginException($"task {name} has no class: none of the {statements.Count} statements belongs to it");
    }
}

/// <summary>Normal, whose only diagnostic class is NORM, against everything else.</summary>
internal sealed class NormalAbnormalTask(PtbXlStatementTable statements, LabelPolicy policy)
    : StatementTask(PtbXlTasks.NormalAbnormal, TaskKind.Binary, Array.AsReadOnly(["abnormal"]), statements, policy)
{
    private protected override LabelOutcome Decide(EcgEntry entry, Span<float> target)
    {
        bool normal = false, other = false, listed = false;
        foreach (var listedStatement in entry.Statements)
        {
            if (!Statements.TryGet(listedStatement.Code, out var statement) || statement.DiagnosticClass is null)
                continue;
            listed = true;
            if (!Policy.Counts(listedStatement.Likelihood))
                continue;
            if (statement.DiagnosticClass == "NORM")
                normal = true;
            else
                other = true;
        }
        if (!normal && !other)
        {
            var outcome = NoneCounts(listed);
            target[0] = outcome == LabelOutcome.Labelled ? 1 : 0;
            return outcome;
        }
        if (normal && other && Policy.NormalWithOther == NormalWithOther.Drop)
            return LabelOutcome.NormalWithOther;
        target[0] = other && (!normal || Policy.NormalWithOther == NormalWithOther.Abnormal) ? 1 : 0;
        return LabelOutcome.Labelled;
    }
}
