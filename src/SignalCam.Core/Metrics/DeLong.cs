using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>
/// Variance and comparison of ROC-AUCs without resampling (DeLong, DeLong and Clarke-Pearson 1988, doi 10.2307/2531595), from midranks in
/// O(n log n) (Sun and Xu 2014, doi 10.1109/LSP.2014.2337313).
/// </summary>
/// <remarks>
/// It takes recordings to be independent. Where patients have several, its intervals are a little too narrow; the bootstrap of
/// <see cref="ModelComparison"/> is not.
/// </remarks>
internal static class DeLong
{
    // Two-sided 95 % point of the normal distribution.
    private const double Normal95 = 1.959963984540054;

    /// <summary>ROC-AUC with its variance and its 95 % interval (normal, cut to [0, 1]).</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="scores">A score of each, higher for more likely positive.</param>
    /// <returns>Null with fewer than two positives or two negatives: there is no variance then.</returns>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a score that is NaN.
    /// </exception>
    public static DeLongAuc? Measure(ReadOnlySpan<float> labels, ReadOnlySpan<float> scores)
    {
        if (Components.Of(labels, scores) is not { } parts)
            return null;
        var variance = Components.Covariance(parts, parts);
        var half = Normal95 * Math.Sqrt(variance);
        return new DeLongAuc(parts.Auc, variance, new Interval(Math.Max(0, parts.Auc - half), Math.Min(1, parts.Auc + half)));
    }

    /// <summary>Compares the ROC-AUCs of two models on the same recordings.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="first">Scores of one model.</param>
    /// <param name="second">Scores of the other.</param>
    /// <returns>Null with fewer than two positives or two negatives.</returns>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a score that is NaN.
    /// </exception>
    public static DeLongComparison? Compare(ReadOnlySpan<float> labels, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (Components.Of(labels, first) is not { } one || Components.Of(labels, second) is not { } other)
            return null;
        var (variance, otherVariance, covariance) = (
            Components.Covariance(one, one), Components.Covariance(other, other), Components.Covariance(one, other));
        var difference = one.Auc - other.Auc;
        // Of two models that rank alike the sum is 0 up to its rounding.
        var square = variance + otherVariance - 2 * covariance;
        double? z = square > 1e-15 * (variance + otherVariance) ? difference / Math.Sqrt(square) : null;
        return new DeLongComparison(
            one.Auc, other.Auc, variance, otherVariance, covariance, z, z is { } value ? NormalDistribution.TwoSided(value) : null);
    }

    /// <summary>
    /// For each positive the share of negatives below it, for each negative the share of positives above it; ties count half.
    /// </summary>
    private sealed record Components(double Auc, double[] OfPositives, double[] OfNegatives)
    {
        public static Components? Of(ReadOnlySpan<float> labels, ReadOnlySpan<float> scores)
        {
            MetricInput.CheckScores(labels, scores);
            var (positives, negatives) = (new List<float>(), new List<float>());
            for (var i = 0; i < labels.Length; i++)
                (MetricInput.IsPositive(labels, i) ? positives : negatives).Add(scores[i]);
            if (positives.Count < 2 || negatives.Count < 2)
                return null;
            // Midranks among all less midranks among one's own kind: what of the other kind lies below.
            var (all, ofPositives, ofNegatives) = (
                Midranks([.. positives, .. negatives]), Midranks([.. positives]), Midranks([.. negatives]));
            for (var i = 0; i < ofPositives.Length; i++)
                ofPositives[i] = (all[i] - ofPositives[i]) / negatives.Count;
            for (var i = 0; i < ofNegatives.Length; i++)
                ofNegatives[i] = 1 - (all[positives.Count + i] - ofNegatives[i]) / positives.Count;
            return new Components(ofPositives.Average(), ofPositives, ofNegatives);
        }

        public static double Covariance(Components a, Components b) =>
            SampleCovariance(a.OfPositives, b.OfPositives, a.Auc, b.Auc) / a.OfPositives.Length
            + SampleCovariance(a.OfNegatives, b.OfNegatives, a.Auc, b.Auc) / a.OfNegatives.Length;

        private static double SampleCovariance(double[] a, double[] b, double meanA, double meanB)
        {
            var sum = 0.0;
            for (var i = 0; i < a.Length; i++)
                sum += (a[i] - meanA) * (b[i] - meanB);
            return sum / (a.Length - 1);
        }

        private static double[] Midranks(float[] scores)
        {
            int[] order = [.. Enumerable.Range(0, scores.Length)];
            var sorted = (float[])scores.Clone();
            Array.Sort(sorted, order);
            var ranks = new double[scores.Length];
            for (var start = 0; start < sorted.Length;)
            {
                var end = start;
                while (end < sorted.Length && sorted[end] == sorted[start])
                    end++;
                for (var i = start; i < end; i++)
                    ranks[order[i]] = (start + end + 1) / 2.0;
                start = end;
            }
            return ranks;
        }
    }
}

/// <summary>A ROC-AUC with its variance by DeLong.</summary>
/// <param name="Auc">The area.</param>
/// <param name="Variance">Its variance.</param>
/// <param name="Interval">Its 95 % interval.</param>
internal readonly record struct DeLongAuc(
    [property: JsonPropertyName("roc_auc")] double Auc,
    [property: JsonPropertyName("variance")] double Variance,
    [property: JsonPropertyName("ci95")] Interval Interval);

/// <summary>DeLong's test of two ROC-AUCs on the same recordings.</summary>
/// <param name="First">The area of the first model.</param>
/// <param name="Second">The area of the second.</param>
/// <param name="FirstVariance">Variance of the first area.</param>
/// <param name="SecondVariance">Variance of the second.</param>
/// <param name="Covariance">Covariance of the two.</param>
/// <param name="Z">The difference, first less second, over its standard error; null where both rank alike.</param>
/// <param name="P">Probability of a difference at least as large, either way, if there were none; null where both rank alike.</param>
internal readonly record struct DeLongComparison(
    [property: JsonPropertyName("roc_auc")] double First,
    [property: JsonPropertyName("other_roc_auc")] double Second,
    [property: JsonPropertyName("variance")] double FirstVariance,
    [property: JsonPropertyName("other_variance")] double SecondVariance,
    [property: JsonPropertyName("covariance")] double Covariance,
    [property: JsonPropertyName("z")] double? Z,
    [property: JsonPropertyName("p")] double? P);
