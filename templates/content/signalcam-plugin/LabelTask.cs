using SignalCam.Abstractions;

namespace Ward1;

/// <summary>The labels of index.csv as classes, exactly one of which applies.</summary>
public sealed class LabelTask(IEcgDataset dataset) : IEcgTask
{
    public string Name => "ward1-label";

    public IReadOnlyList<string> Classes { get; } =
        [.. dataset.Entries.Select(LabelOf).Where(label => label.Length > 0).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];

    public TaskKind Kind => TaskKind.Multiclass;

    public bool TryGetTarget(EcgEntry entry, Span<float> target)
    {
        target.Clear();
        for (var i = 0; i < Classes.Count; i++)
            if (Classes[i] == LabelOf(entry))
            {
                target[i] = 1;
                return true;
            }
        // A recording without a label is left out of training and evaluation.
        return false;
    }

    private static string LabelOf(EcgEntry entry) => entry.Metadata.GetValueOrDefault(CsvDataset.Label, "");
}
