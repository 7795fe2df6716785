using System.Numerics;
using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>
/// How well probabilities fit where any number of classes may apply to a recording. A macro figure is the plain mean over the classes that
/// have it;
/// <see cref="ClassesWithoutAuc"/> names those that do not.
/// </summary>
/// <remarks>The JSON names are part of the contract.</remarks>
internal sealed record MultilabelMetrics
{
    /// <summary>Number of recordings.</summary>
    [JsonPropertyName("n")]
    public required int N { get; init; }

    /// <summary>
    /// Mean ROC-AUC over classes, the figure of the PTB-XL benchmark (Strodthoff et al. 2021, doi 10.1109/JBHI.2020.3022989); null when no
    /// class has one.
    /// </summary>
    [JsonPropertyName("macro_roc_auc")]
    public required double? MacroRocAuc { get; init; }

    /// <summary>ROC-AUC over all pairs of recording and class taken together.</summary>
    [JsonPropertyName("micro_roc_auc")]
    public required double? MicroRocAuc { get; init; }

    /// <summary>Mean average precision over classes.</summary>
    [JsonPropertyName("macro_average_precision")]
    public required double? MacroAveragePrecision { get; init; }

    /// <summary>Mean F1 over classes.</summary>
    [JsonPropertyName("macro_f1")]
    public required double? MacroF1 { get; init; }

    /// <summary>F1 of the counts summed over classes.</summary>
    [JsonPropertyName("micro_f1")]
    public required double? MicroF1 { get; init; }

    /// <summary>Classes that have only positives or only negatives here, and therefore no ROC-AUC.</summary>
    [JsonPropertyName("classes_without_auc")]
    public required IReadOnlyList<string> ClassesWithoutAuc { get; init; }

    /// <summary>Each class on its own, in the order of the outputs.</summary>
    [JsonPropertyName("by_class")]
    public required IReadOnlyDictionary<string, BinaryMetrics> ByClass { get; init; }

    /// <summary>Measures.</summary>
    /// <param name="labels">1 where a class applies, 0 where not: (record, class), one recording after the other.</param>
    /// <param name="probabilities">The probability of each class, from 0 to 1: (record, class).</param>
    /// <param name="classes">Names of the classes, in their order.</param>
    /// <param name="thresholds">One per class: it is said to apply when its probability lies above; null for 0.5 each.</param>
    /// <exception cref="ArgumentException">
    /// No recording, lengths that do not fit, a label that is neither 0 nor 1, or a probability that is not from 0 to 1 (NaN included).
    /// </exception>
    public static MultilabelMetrics Compute<T>(
        ReadOnlySpan<T> labels, ReadOnlySpan<T> probabilities, IReadOnlyList<string> classes, IReadOnlyList<double>? thresholds = null)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(classes);
        var records = MetricInput.CheckBlock(labels.Length, probabilities.Length, classes.Count);
        var byClass = new OrderedDictionary<string, BinaryMetrics>(classes.Count);
        T[] classLabels = new T[records], classProbabilities = new T[records];
        for (var c = 0; c < classes.Count; c++)
        {
            for (var r = 0; r < records; r++)
            {
                classLabels[r] = labels[r * classes.Count + c];
                classProbabilities[r] = probabilities[r * classes.Count + c];
            }
            byClass.Add(classes[c], BinaryMetrics.Compute<T>(classLabels, classProbabilities, thresholds?[c] ?? 0.5));
        }
        var all = byClass.Values;
        var hits = 2 * all.Sum(m => (long)m.TruePositives);
        return new MultilabelMetrics
        {
            N = records,
            MacroRocAuc = all.Average(m => m.RocAuc),
            MicroRocAuc = RankedScores.Of(labels, probabilities).RocAuc(),
            MacroAveragePrecision = all.Average(m => m.AveragePrecision),
            MacroF1 = all.Average(m => m.F1),
            MicroF1 = BinaryMetrics.Ratio(hits, hits + all.Sum(m => (long)m.FalsePositives + m.FalseNegatives)),
            ClassesWithoutAuc = [.. byClass.Where(m => m.Value.RocAuc is null).Select(m => m.Key)],
            ByClass = byClass,
        };
    }
}
