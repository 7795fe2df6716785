using System.Numerics;
using System.Text.Json.Serialization;

namespace SignalCam.Core.Metrics;

/// <summary>
/// How well probabilities of one class fit 0/1 labels: counts at a threshold, and figures that need none.
/// The numbers are those of scikit-learn; a figure that does not exist (0/0) is null, where scikit-learn warns and returns 0 or NaN.
/// </summary>
/// <remarks>The JSON names are part of the contract.</remarks>
public sealed record BinaryMetrics
{
    /// <summary>
    /// Probabilities are kept this far from 0 and 1 in <see cref="LogLoss"/>: about the resolution of float32, so that a saturated sigmoid
    /// does not cost infinity.
    /// </summary>
    public const double LogLossClip = 1e-7;

    /// <summary>Number of recordings.</summary>
    [JsonPropertyName("n")]
    public required int N { get; init; }

    /// <summary>A recording is called positive when its probability is above this value; a probability equal to it is negative.</summary>
    [JsonPropertyName("threshold")]
    public required double Threshold { get; init; }

    /// <summary>Negatives called negative.</summary>
    [JsonPropertyName("tn")]
    public required int TrueNegatives { get; init; }

    /// <summary>Negatives called positive.</summary>
    [JsonPropertyName("fp")]
    public required int FalsePositives { get; init; }

    /// <summary>Positives called negative.</summary>
    [JsonPropertyName("fn")]
    public required int FalseNegatives { get; init; }

    /// <summary>Positives called positive.</summary>
    [JsonPropertyName("tp")]
    public required int TruePositives { get; init; }

    /// <summary>
    /// Area under the ROC curve, ties counted half (Hanley and McNeil 1982, doi 10.1148/radiology.143.1.7063747); null unless there are
    /// positives and negatives.
    /// </summary>
    [JsonPropertyName("roc_auc")]
    public required double? RocAuc { get; init; }

    /// <summary>
    /// Average precision, the step sum over distinct probabilities of (recall gained) x precision, without interpolation; null when there
    /// are not positives.
    /// </summary>
    [JsonPropertyName("average_precision")]
    public required double? AveragePrecision { get; init; }

    /// <summary>Brier score: mean squared distance of probability and label; 0 is best.</summary>
    [JsonPropertyName("brier")]
    public required double Brier { get; init; }

    /// <summary>
    /// Mean negative log-likelihood (nats), probabilities kept within [<see cref="LogLossClip"/>, 1 - <see cref="LogLossClip"/>].
    /// </summary>
    [JsonPropertyName("log_loss")]
    public required double LogLoss { get; init; }

    /// <summary>Share of recordings called correctly.</summary>
    [JsonPropertyName("accuracy")]
    public double Accuracy => (double)(TruePositives + TrueNegatives) / N;

    /// <summary>tp / (tp + fp); null when nothing is called positive.</summary>
    [JsonPropertyName("precision")]
    public double? Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>Sensitivity, tp / (tp + fn); null when there are no positives.</summary>
    [JsonPropertyName("recall")]
    public double? Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>tn / (tn + fp); null when there are no negatives.</summary>
    [JsonPropertyName("specificity")]
    public double? Specificity => Ratio(TrueNegatives, TrueNegatives + FalsePositives);

    /// <summary>2 tp / (2 tp + fp + fn); null when there are no positives and nothing is called positive.</summary>
    [JsonPropertyName("f1")]
    public double? F1 => Ratio(2L * TruePositives, 2L * TruePositives + FalsePositives + FalseNegatives);

    /// <summary>Mean of <see cref="Recall"/> and <see cref="Specificity"/>; null unless there are positives and negatives.</summary>
    [JsonPropertyName("balanced_accuracy")]
    public double? BalancedAccuracy => (Recall + Specificity) / 2;

    /// <summary>Measures.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="probabilities">The probability of the positive class, from 0 to 1, of each recording.</param>
    /// <param name="threshold">Positive is what lies above it.</param>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a probability that is not from 0 to 1 (NaN included).
    /// </exception>
    public static BinaryMetrics Compute<T>(ReadOnlySpan<T> labels, ReadOnlySpan<T> probabilities, double threshold = 0.5)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        MetricInput.CheckLength(labels.Length, probabilities.Length);
        int tn = 0, fp = 0, fn = 0, tp = 0;
        double squares = 0, logLoss = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var p = MetricInput.Probability(probabilities, i);
            var clipped = Math.Clamp(p, LogLossClip, 1 - LogLossClip);
            if (MetricInput.IsPositive(labels, i))
            {
                _ = p > threshold ? tp++ : fn++;
                squares += (1 - p) * (1 - p);
                logLoss -= Math.Log(clipped);
            }
            else
            {
                _ = p > threshold ? fp++ : tn++;
                squares += p * p;
                logLoss -= Math.Log(1 - clipped);
            }
        }
        var ranked = RankedScores.Of(labels, probabilities);
        return new BinaryMetrics
        {
            N = labels.Length,
            Threshold = threshold,
            TrueNegatives = tn,
            FalsePositives = fp,
            FalseNegatives = fn,
            TruePositives = tp,
            RocAuc = ranked.RocAuc(),
            AveragePrecision = ranked.AveragePrecision(),
            Brier = squares / labels.Length,
            LogLoss = logLoss / labels.Length,
        };
    }

    internal static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
