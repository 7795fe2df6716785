using System.Numerics;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;

namespace SignalCam.Core.Labels;

/// <summary>
/// The paper's second way of evaluating a normal-abnormal classifier: normal recordings against those of one diagnostic class at a time
/// (Augustauskas et al. 2025, doi 10.1109/EMBC58623.2025.11253260).
/// </summary>
public static class NormalAgainstClass
{
    /// <summary>Measures against each of MI, STTC, CD and HYP.</summary>
    /// <param name="entries">
    /// The recordings. Negatives are those whose diagnostic classes, by any listed statement, are exactly {NORM}; positives of a class are
    /// all that carry it.
    /// </param>
    /// <param name="probabilities">The probability of "abnormal" of each, from 0 to 1.</param>
    /// <param name="statements">What the codes mean.</param>
    /// <param name="threshold">Abnormal is what lies above it.</param>
    /// <returns>By class, in the order MI, STTC, CD, HYP; a class that no recording carries is absent.</returns>
    /// <exception cref="ArgumentException">Unequal lengths, or a probability that is not from 0 to 1 (NaN included).</exception>
    public static IReadOnlyDictionary<string, BinaryMetrics> Evaluate<T>(
        IReadOnlyList<EcgEntry> entries, ReadOnlySpan<T> probabilities, PtbXlStatementTable statements, double threshold = 0.5)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(entries);
        if (entries.Count != probabilities.Length)
            throw new ArgumentException($"{entries.Count} entries, but {probabilities.Length} probabilities", nameof(probabilities));
        var result = new OrderedDictionary<string, BinaryMetrics>();
        foreach (var (superclass, chosen) in Select(entries, statements))
        {
            var (labels, scores) = (new T[chosen.Count], new T[chosen.Count]);
            for (var i = 0; i < chosen.Count; i++)
                (labels[i], scores[i]) = (chosen[i].IsPositive ? T.One : T.Zero, probabilities[chosen[i].Recording]);
            result.Add(superclass, BinaryMetrics.Compute<T>(labels, scores, threshold));
        }
        return result;
    }

    /// <summary>Which recordings are compared: the places of those that are normal or carry the class.</summary>
    /// <param name="entries">
    /// The recordings. Negatives are those whose diagnostic classes, by any listed statement, are exactly {NORM}; positives of a class are
    /// all that carry it.
    /// </param>
    /// <param name="statements">What the codes mean.</param>
    /// <returns>By class, in the order MI, STTC, CD, HYP; a class that no recording carries is absent.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<(int Recording, bool IsPositive)>> Select(
        IReadOnlyList<EcgEntry> entries, PtbXlStatementTable statements)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(statements);
        var classesOf = entries.Select(e => statements.SuperclassesOf(e.Statements)).ToArray();
        var result = new OrderedDictionary<string, IReadOnlyList<(int, bool)>>();
        foreach (var superclass in PtbXlStatementTable.Superclasses.Where(c => c != "NORM"))
        {
            (int Recording, bool IsPositive)[] chosen =
            [
                .. classesOf.Index().Where(e => e.Item is ["NORM"] || e.Item.Contains(superclass))
                    .Select(e => (e.Index, e.Item.Contains(superclass))),
            ];
            if (chosen.Any(c => c.IsPositive))
                result.Add(superclass, chosen);
        }
        return result;
    }
}
