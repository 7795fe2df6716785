using SignalCam.Abstractions;

namespace SignalCam.Core.Labels;

/// <summary>The result of a task on a set of entries.</summary>
/// <param name="Task">The task's name.</param>
/// <param name="Total">Entries that were scored.</param>
/// <param name="Labelled">Entries that have a target.</param>
/// <param name="NoClass">Of these, entries to which no class applies; for a binary task the negatives.</param>
/// <param name="SeveralClasses">Of these, entries to which more than one class applies.</param>
/// <param name="Classes">Entries per class, in the order of the task's classes.</param>
/// <param name="Dropped">
/// Entries without a target, by reason; a reason that did not occur is absent. Tasks of others give no reason:
/// <see cref="LabelOutcome.NoStatement"/>.
/// </param>
public sealed record LabelCensus(
    string Task,
    int Total,
    int Labelled,
    int NoClass,
    int SeveralClasses,
    IReadOnlyDictionary<string, int> Classes,
    IReadOnlyDictionary<LabelOutcome, int> Dropped)
{
    /// <summary>Counts.</summary>
    public static LabelCensus Take(IEcgTask task, IEnumerable<EcgEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(entries);
        var target = new float[task.Classes.Count];
        var counts = new int[target.Length];
        var dropped = new SortedDictionary<LabelOutcome, int>();
        int total = 0, labelled = 0, noClass = 0, several = 0;
        foreach (var entry in entries)
        {
            total++;
            var outcome = task is StatementTask statements ? statements.Label(entry, target)
                : task.TryGetTarget(entry, target) ? LabelOutcome.Labelled
                : LabelOutcome.NoStatement;
            if (outcome != LabelOutcome.Labelled)
            {
                dropped[outcome] = dropped.GetValueOrDefault(outcome) + 1;
                continue;
            }
            labelled++;
            var applying = 0;
            for (var c = 0; c < target.Length; c++)
            {
                if (target[c] != 1)
                    continue;
                counts[c]++;
                applying++;
            }
            noClass += applying == 0 ? 1 : 0;
            several += applying > 1 ? 1 : 0;
        }
        var classes = new OrderedDictionary<string, int>(counts.Length);
        for (var c = 0; c < counts.Length; c++)
            classes.Add(task.Classes[c], counts[c]);
        return new LabelCensus(task.Name, total, labelled, noClass, several, classes, dropped);
    }
}
