using System.Numerics;
using System.Runtime.InteropServices;
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
    /// <param name="entries">The recordings. Negatives are those whose diagnostic classes, by any listed statement, are exactly {NORM}; positives of a class are all that carry it.</param>
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
        ArgumentNullException.ThrowIfNull(statements);
        if (entries.Count != probabilities.Length)
            throw new ArgumentException($"{entries.Count} entries, but {probabilities.Length} probabilities", nameof(probabilities));
        var classesOf = entries.Select(e => statements.SuperclassesOf(e.Statements)).ToArray();
        var result = new OrderedDictionary<string, BinaryMetrics>();
        var (labels, chosen) = (new List<T>(), new List<T>());
        foreach (var superclass in PtbXlStatementTable.Superclasses.Where(c => c != "NORM"))
        {
            labels.Clear();
            chosen.Clear();
            var positives = 0;
            for (var i = 0; i < classesOf.Length; i++)
            {
                var positive = classesOf[i].Contains(superclass);
                if (!positive && classesOf[i] is not ["NORM"])
                    continue;
                positives += positive ? 1 : 0;
                labels.Add(positive ? T.One : T.Zero);
                chosen.Add(probabilities[i]);
            }
            if (positives > 0)
                result.Add(superclass, BinaryMetrics.Compute<T>(CollectionsMarshal.AsSpan(labels), CollectionsMarshal.AsSpan(chosen), threshold));
        }
        return result;
    }
}
