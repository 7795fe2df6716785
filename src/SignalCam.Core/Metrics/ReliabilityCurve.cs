using System.Numerics;
using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>
/// How often what is called probable happens: recordings in ten bins of probability, each with its mean probability and its share of
/// positives. The expected calibration error is the mean distance of the two, weighted with the bins' recordings (Naeini et al. 2015; Guo
/// et al. 2017, arXiv:1706.04599).
/// </summary>
/// <remarks>
/// Bins of equal width, because they do not depend on the recordings: a resample, a subgroup and another model are measured with the same
/// bins. Ten, because the error is a sum of distances that never is 0: of a perfectly calibrated model each bin adds its sampling noise,
/// and more bins add more of it.
/// </remarks>
/// <param name="Bins">The bins that have a recording, from low to high probability.</param>
/// <param name="Ece">The expected calibration error.</param>
/// <param name="EceByChance">
/// The error to expect of these probabilities if they are exactly right: what so few recordings leave to chance, bin by bin, where sums of
/// independent labels are taken as normal (the mean of |x| is sqrt(2/pi) deviations). An <see cref="Ece"/> near it says no more than "as
/// good as can be measured here".
/// </param>
internal sealed record ReliabilityCurve(
    [property: JsonPropertyName("bins")] IReadOnlyList<ReliabilityBin> Bins,
    [property: JsonPropertyName("ece")] double Ece,
    [property: JsonPropertyName("ece_by_chance")] double EceByChance)
{
    /// <summary>
    /// <see cref="Ece"/> less an estimate of what chance adds to it (Kumar et al. 2019, arXiv:1909.10155; here in closed form): each bin's
    /// distance is lowered by as much as the noise of as many labels would raise it if it were the true one; at least 0. It still is too
    /// high on the average, but less: 0.6 of
    /// <see cref="EceByChance"/> where the probabilities are exactly right.
    /// </summary>
    [JsonPropertyName("ece_debiased")]
    public double EceDebiased { get; init; }

    /// <summary>Number of bins: 0 to 0.1, 0.1 to 0.2 and so on; a probability on a border is in the upper bin, 1 in the last.</summary>
    public const int BinCount = 10;

    /// <summary>Computes it.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="probabilities">The probability of the positive class, from 0 to 1, of each recording.</param>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a probability that is not from 0 to 1 (NaN included).
    /// </exception>
    public static ReliabilityCurve Compute<T>(ReadOnlySpan<T> labels, ReadOnlySpan<T> probabilities)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        MetricInput.CheckLength(labels.Length, probabilities.Length);
        var (counts, positives, sums, variances) = (new int[BinCount], new int[BinCount], new double[BinCount], new double[BinCount]);
        for (var i = 0; i < labels.Length; i++)
        {
            var p = MetricInput.Probability(probabilities, i);
            var bin = BinOf(p);
            counts[bin]++;
            positives[bin] += MetricInput.IsPositive(labels, i) ? 1 : 0;
            sums[bin] += p;
            variances[bin] += p * (1 - p);
        }
        var bins = new List<ReliabilityBin>();
        var (distance, added) = (0.0, 0.0);
        for (var b = 0; b < BinCount; b++)
        {
            if (counts[b] == 0)
                continue;
            bins.Add(new ReliabilityBin(
                (double)b / BinCount, (b + 1.0) / BinCount, counts[b], sums[b] / counts[b], (double)positives[b] / counts[b]));
            var off = Math.Abs(sums[b] - positives[b]);
            distance += off;
            added += MeanDistance(off, Math.Sqrt(variances[b])) - off;
        }
        return new ReliabilityCurve(bins, distance / labels.Length, variances.Sum(v => MeanDistance(0, Math.Sqrt(v))) / labels.Length)
        {
            EceDebiased = Math.Max(0, distance - added) / labels.Length,
        };
    }

    /// <summary>
    /// The mean of |x| where x is normal around a mean of at least 0 (the folded normal distribution; Leone et al. 1961, doi
    /// 10.1080/00401706.1961.10489974).
    /// </summary>
    private static double MeanDistance(double mean, double deviation)
    {
        if (deviation == 0)
            return mean;
        var z = mean / deviation;
        return deviation * Math.Sqrt(2 / Math.PI) * Math.Exp(-z * z / 2) + mean * (1 - NormalDistribution.TwoSided(z));
    }

    internal static int BinOf(double probability) => Math.Min((int)(probability * BinCount), BinCount - 1);
}

/// <summary>A bin of a <see cref="ReliabilityCurve"/>.</summary>
/// <param name="From">The lowest probability of the bin.</param>
/// <param name="To">The highest.</param>
/// <param name="Count">Recordings in it; at least 1.</param>
/// <param name="MeanProbability">Their mean probability.</param>
/// <param name="Observed">Their share of positives.</param>
internal readonly record struct ReliabilityBin(
    [property: JsonPropertyName("from")] double From,
    [property: JsonPropertyName("to")] double To,
    [property: JsonPropertyName("n")] int Count,
    [property: JsonPropertyName("mean_probability")] double MeanProbability,
    [property: JsonPropertyName("observed")] double Observed);
