using SignalCam.Abstractions;

namespace SignalCam.Core.Datasets;

/// <summary>
/// Entries to train on, to choose by and to report on. No patient is in two of them; making one that breaks this is an error.
/// </summary>
public sealed class DatasetSplit
{
    private DatasetSplit(IReadOnlyList<EcgEntry> train, IReadOnlyList<EcgEntry> validation, IReadOnlyList<EcgEntry> test)
    {
        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>The official training folds of PTB-XL: 1 to 8.</summary>
    public static FoldSet OfficialTrainFolds { get; } = FoldSet.Parse("1-8");

    /// <summary>The official validation fold of PTB-XL: 9.</summary>
    public static FoldSet OfficialValidationFolds { get; } = FoldSet.Parse("9");

    /// <summary>The official test fold of PTB-XL: 10.</summary>
    public static FoldSet OfficialTestFolds { get; } = FoldSet.Parse("10");

    /// <summary>Entries to train on; at least one.</summary>
    public IReadOnlyList<EcgEntry> Train { get; }

    /// <summary>Entries to choose epochs, thresholds and options by; at least one.</summary>
    public IReadOnlyList<EcgEntry> Validation { get; }

    /// <summary>Entries to report on; empty where they are not there.</summary>
    public IReadOnlyList<EcgEntry> Test { get; }

    /// <summary>The official split of PTB-XL: folds 1 to 8, 9 and 10.</summary>
    /// <exception cref="DatasetSplitException">Training or validation would be empty, or a patient is in two parts.</exception>
    public static DatasetSplit Official(IReadOnlyList<EcgEntry> entries) =>
        ByFolds(entries, OfficialTrainFolds, OfficialValidationFolds, OfficialTestFolds);

    /// <summary>Splits by fold.</summary>
    /// <param name="entries">All entries; those of other folds, or without one, are left out.</param>
    /// <param name="train">Folds to train on.</param>
    /// <param name="validation">Folds to choose by.</param>
    /// <param name="test">Folds to report on; null for none.</param>
    /// <exception cref="DatasetSplitException">
    /// A fold is in two parts, training or validation would be empty, or a patient is in two parts; the message names the folds and
    /// patients.
    /// </exception>
    public static DatasetSplit ByFolds(IReadOnlyList<EcgEntry> entries, FoldSet train, FoldSet validation, FoldSet? test = null)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        EnsureDistinct("training", train, "validation", validation);
        if (test is not null)
        {
            EnsureDistinct("training", train, "test", test);
            EnsureDistinct("validation", validation, "test", test);
        }
        var split = new DatasetSplit(train.Select(entries), validation.Select(entries), test?.Filter(entries) ?? []);
        EnsurePatientsApart(split.Train, split.Validation, split.Test);
        return split;
    }

    /// <summary>The split without some entries.</summary>
    /// <exception cref="DatasetSplitException">Training or validation would be empty.</exception>
    internal DatasetSplit Without(IReadOnlySet<EcgEntry> entries)
    {
        var split = new DatasetSplit(Keep(Train), Keep(Validation), Keep(Test));
        return split.Train.Count > 0 && split.Validation.Count > 0
            ? split
            : throw new DatasetSplitException(
                $"without {entries.Count} recordings {(split.Train.Count == 0 ? "training" : "validation")} is empty");

        EcgEntry[] Keep(IReadOnlyList<EcgEntry> part) => [.. part.Where(e => !entries.Contains(e))];
    }

    /// <summary>Asserts that no patient is in two parts. Entries without a patient are not looked at.</summary>
    /// <exception cref="DatasetSplitException">
    /// One is; the message names the first few with their folds, <see cref="DatasetSplitException.Patients"/> all.
    /// </exception>
    public static void EnsurePatientsApart(params ReadOnlySpan<IReadOnlyList<EcgEntry>> parts)
    {
        const int named = 5;
        var partOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var shared = new HashSet<string>(StringComparer.Ordinal);
        for (var part = 0; part < parts.Length; part++)
            foreach (var entry in parts[part])
                if (entry.PatientId is { } patient && !partOf.TryAdd(patient, part) && partOf[patient] != part)
                    shared.Add(patient);
        if (shared.Count == 0)
            return;

        var folds = shared.ToDictionary(p => p, _ => new SortedSet<int>(), StringComparer.Ordinal);
        foreach (var part in parts)
            foreach (var entry in part)
                if (entry is { PatientId: { } patient, Fold: { } fold } && folds.TryGetValue(patient, out var inFolds))
                    inFolds.Add(fold);
        var patients = shared.Order(StringComparer.Ordinal).ToList();
        var examples = patients.Take(named).Select(p => $"{p} (folds {string.Join(", ", folds[p])})");
        throw new DatasetSplitException(
            $"{patients.Count} patient{(patients.Count == 1 ? " is" : "s are")} in more than one part of the split: "
            + $"{string.Join(", ", examples)}{(patients.Count > named ? ", ..." : "")}",
            patients);
    }

    private static void EnsureDistinct(string one, FoldSet folds, string other, FoldSet otherFolds)
    {
        var both = folds.Folds.Intersect(otherFolds.Folds).ToList();
        if (both.Count > 0)
            throw new DatasetSplitException($"fold {string.Join(", ", both)} is in both {one} ({folds}) and {other} ({otherFolds})");
    }
}
