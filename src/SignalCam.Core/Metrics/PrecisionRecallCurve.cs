using System.Numerics;
using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>What each threshold costs in precision and gains in recall.</summary>
/// <param name="Points">
/// From recall 0 (precision 1 by definition) to recall 1 with falling thresholds; empty when there are no positives.
/// </param>
/// <param name="AveragePrecision">The step sum under it; null when there are no positives.</param>
internal sealed record PrecisionRecallCurve(
    [property: JsonPropertyName("points")] IReadOnlyList<PrecisionRecallPoint> Points,
    [property: JsonPropertyName("average_precision")] double? AveragePrecision)
{
    /// <summary>Computes the curve, one point for each distinct score and the one at recall 0.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="scores">A score of each recording, higher for more likely positive: probabilities or logits.</param>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a score that is NaN.
    /// </exception>
    public static PrecisionRecallCurve Compute<T>(ReadOnlySpan<T> labels, ReadOnlySpan<T> scores)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        MetricInput.CheckScores(labels, scores);
        var ranked = RankedScores.Of(labels, scores);
        if (ranked.AveragePrecision() is not { } averagePrecision)
            return new PrecisionRecallCurve([], null);

        var points = new PrecisionRecallPoint[ranked.Thresholds.Length + 1];
        points[0] = new PrecisionRecallPoint(1, 0, double.PositiveInfinity);
        for (var i = 0; i < ranked.Thresholds.Length; i++)
        {
            var tp = ranked.TruePositives[i];
            points[i + 1] = new PrecisionRecallPoint(
                tp / ((double)tp + ranked.FalsePositives[i]), (double)tp / ranked.Positives, ranked.Thresholds[i]);
        }
        return new PrecisionRecallCurve(points, averagePrecision);
    }
}

/// <summary>A point of a <see cref="PrecisionRecallCurve"/>.</summary>
/// <param name="Precision">Share of positives among the recordings with a score at or above the threshold.</param>
/// <param name="Recall">Share of the positives with a score at or above the threshold.</param>
/// <param name="Threshold">The threshold; infinity, in JSON the text "Infinity", at recall 0.</param>
internal readonly record struct PrecisionRecallPoint(
    [property: JsonPropertyName("precision")] double Precision,
    [property: JsonPropertyName("recall")] double Recall,
    [property: JsonPropertyName("threshold"), JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Threshold);
