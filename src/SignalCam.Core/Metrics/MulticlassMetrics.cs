using System.Numerics;
using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>
/// How well probabilities fit where exactly one class applies to a recording; the class of the highest probability is the prediction, the
/// first of equal ones. A macro figure is the plain mean over the classes that have it.
/// </summary>
/// <remarks>The JSON names are part of the contract.</remarks>
internal sealed record MulticlassMetrics
{
    /// <summary>Number of recordings.</summary>
    [JsonPropertyName("n")]
    public required int N { get; init; }

    /// <summary>Share of recordings whose class is predicted.</summary>
    [JsonPropertyName("accuracy")]
    public required double Accuracy { get; init; }

    /// <summary>Mean F1 over classes.</summary>
    [JsonPropertyName("macro_f1")]
    public required double? MacroF1 { get; init; }

    /// <summary>Mean over classes of the ROC-AUC of one class against the rest; null when no class has one.</summary>
    [JsonPropertyName("macro_roc_auc")]
    public required double? MacroRocAuc { get; init; }

    /// <summary>True against predicted classes.</summary>
    [JsonPropertyName("confusion")]
    public required ConfusionMatrix Confusion { get; init; }

    /// <summary>Each class against the rest, in the order of the outputs.</summary>
    [JsonPropertyName("by_class")]
    public required IReadOnlyDictionary<string, ClassFigures> ByClass { get; init; }

    /// <summary>Measures.</summary>
    /// <param name="labels">1 for the class of the recording, 0 for the others: (record, class), one recording after the other.</param>
    /// <param name="probabilities">The probability of each class, from 0 to 1: (record, class).</param>
    /// <param name="classes">Names of the classes, in order.</param>
    /// <exception cref="ArgumentException">
    /// No recording, lengths that do not fit, a recording without exactly one class, or a probability that is not from 0 to 1 (NaN
    /// included).
    /// </exception>
    public static MulticlassMetrics Compute<T>(ReadOnlySpan<T> labels, ReadOnlySpan<T> probabilities, IReadOnlyList<string> classes)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(classes);
        var records = MetricInput.CheckBlock(labels.Length, probabilities.Length, classes.Count);
        int[] actual = new int[records], predicted = new int[records];
        for (var r = 0; r < records; r++)
        {
            actual[r] = TheOne(labels.Slice(r * classes.Count, classes.Count), r);
            predicted[r] = Highest(probabilities.Slice(r * classes.Count, classes.Count));
        }
        var confusion = ConfusionMatrix.Compute(actual, predicted, classes);

        var byClass = new OrderedDictionary<string, ClassFigures>(classes.Count);
        T[] classLabels = new T[records], classProbabilities = new T[records];
        for (var c = 0; c < classes.Count; c++)
        {
            for (var r = 0; r < records; r++)
            {
                classLabels[r] = labels[r * classes.Count + c];
                classProbabilities[r] = probabilities[r * classes.Count + c];
            }
            int hits = confusion.Counts[c][c], positives = confusion.Actual(c), called = confusion.Predicted(c);
            byClass.Add(classes[c], new ClassFigures(
                positives,
                BinaryMetrics.Ratio(hits, called),
                BinaryMetrics.Ratio(hits, positives),
                BinaryMetrics.Ratio(2L * hits, (long)called + positives),
                RankedScores.Of<T>(classLabels, classProbabilities).RocAuc()));
        }
        return new MulticlassMetrics
        {
            N = records,
            Accuracy = (double)Enumerable.Range(0, classes.Count).Sum(c => confusion.Counts[c][c]) / records,
            MacroF1 = byClass.Values.Average(f => f.F1),
            MacroRocAuc = byClass.Values.Average(f => f.RocAuc),
            Confusion = confusion,
            ByClass = byClass,
        };
    }

    internal static int TheOne<T>(ReadOnlySpan<T> labels, int record)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var found = -1;
        for (var c = 0; c < labels.Length; c++)
        {
            if (!MetricInput.IsPositive(labels, c))
                continue;
            if (found >= 0)
                throw new ArgumentException($"recording {record} has more than one class", nameof(labels));
            found = c;
        }
        return found >= 0 ? found : throw new ArgumentException($"recording {record} has no class", nameof(labels));
    }

    private static int Highest<T>(ReadOnlySpan<T> probabilities)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var best = 0;
        for (var c = 0; c < probabilities.Length; c++)
            if (MetricInput.Probability(probabilities, c) > double.CreateChecked(probabilities[best]))
                best = c;
        return best;
    }
}

/// <summary>Figures of one of several mutually exclusive classes.</summary>
/// <param name="N">Recordings of the class.</param>
/// <param name="Precision">Share of the recordings decided as this class that are of the class; null if there are none.</param>
/// <param name="Recall">Share of the class's recordings that are decided as this class; null if there are none.</param>
/// <param name="F1">Harmonic mean of the two; null if the class neither occurs nor is predicted.</param>
/// <param name="RocAuc">ROC-AUC of the class against the rest; null unless there are recordings of both.</param>
internal sealed record ClassFigures(
    [property: JsonPropertyName("n")] int N,
    [property: JsonPropertyName("precision")] double? Precision,
    [property: JsonPropertyName("recall")] double? Recall,
    [property: JsonPropertyName("f1")] double? F1,
    [property: JsonPropertyName("roc_auc")] double? RocAuc);
