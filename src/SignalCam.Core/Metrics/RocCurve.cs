using System.Numerics;
using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>The receiver operating characteristic: what each threshold costs in false positives and gains in true ones.</summary>
/// <param name="Points">From (0, 0) to (1, 1) with falling thresholds; empty unless there are positives and negatives.</param>
/// <param name="Auc">
/// The area under it, of all points even where some are left out of <paramref name="Points"/>; null unless there are positives and
/// negatives.
/// </param>
/// <remarks>
/// A point counts scores at or above its threshold, as is usual for curves; <see cref="BinaryMetrics"/> calls positive what lies above its
/// own.
/// </remarks>
public sealed record RocCurve(
    [property: JsonPropertyName("points")] IReadOnlyList<RocPoint> Points,
    [property: JsonPropertyName("auc")] double? Auc)
{
    /// <summary>Computes the curve, one point for each distinct score and the origin.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="scores">A score of each recording, higher for more likely positive: probabilities or logits.</param>
    /// <param name="dropIntermediate">
    /// Leaves out points in the middle of equal steps on a straight line, which change nothing in a picture; the rule of scikit-learn.
    /// </param>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a score that is NaN.
    /// </exception>
    public static RocCurve Compute<T>(ReadOnlySpan<T> labels, ReadOnlySpan<T> scores, bool dropIntermediate = true)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        MetricInput.CheckScores(labels, scores);
        var ranked = RankedScores.Of(labels, scores);
        if (ranked.RocAuc() is not { } auc)
            return new RocCurve([], null);

        var points = new List<RocPoint>(ranked.Thresholds.Length + 1) { new(0, 0, double.PositiveInfinity) };
        for (var i = 0; i < ranked.Thresholds.Length; i++)
            if (!dropIntermediate || !IsMiddleOfEqualSteps(ranked.FalsePositives, i) || !IsMiddleOfEqualSteps(ranked.TruePositives, i))
                points.Add(new RocPoint(
                    (double)ranked.FalsePositives[i] / ranked.Negatives,
                    (double)ranked.TruePositives[i] / ranked.Positives,
                    ranked.Thresholds[i]));
        return new RocCurve(points, auc);
    }

    private static bool IsMiddleOfEqualSteps(ReadOnlySpan<int> counts, int i) =>
        i > 0 && i < counts.Length - 1 && counts[i] - counts[i - 1] == counts[i + 1] - counts[i];
}

/// <summary>A point of a <see cref="RocCurve"/>.</summary>
/// <param name="FalsePositiveRate">Share of the negatives with a score at or above the threshold.</param>
/// <param name="TruePositiveRate">Share of the positives with a score at or above the threshold.</param>
/// <param name="Threshold">The threshold; infinity, in JSON the text "Infinity", at the origin.</param>
public readonly record struct RocPoint(
    [property: JsonPropertyName("fpr")] double FalsePositiveRate,
    [property: JsonPropertyName("tpr")] double TruePositiveRate,
    [property: JsonPropertyName("threshold"), JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Threshold);
