namespace SignalCam.Core.Metrics;

/// <summary>What decides at one threshold of one class, and what it is worth where the class is as common as stated.</summary>
/// <param name="Class">The class.</param>
/// <param name="Threshold">Called present is what lies above it.</param>
/// <param name="Sensitivity">Share of the recordings with the class that are called; null if there is none.</param>
/// <param name="Specificity">Share of the recordings without the class that are not called; null if there is none.</param>
/// <param name="Prevalence">The share of recordings with the class that the predictive values are for: the stated one, or that of the
/// recordings.</param>
public sealed record OperatingPoint(string Class, double Threshold, double? Sensitivity, double? Specificity, double Prevalence)
{
    /// <summary>
    /// Positive predictive value: the share of called recordings that have the class, by Bayes' theorem; null if nothing would be
    /// called.
    /// </summary>
    public double? PositivePredictiveValue => Share(Sensitivity * Prevalence, (1 - Specificity) * (1 - Prevalence));

    /// <summary>
    /// Negative predictive value: the share of recordings not called that do not have the class; null if all would be called.
    /// </summary>
    public double? NegativePredictiveValue => Share(Specificity * (1 - Prevalence), (1 - Sensitivity) * Prevalence);

    /// <summary>Measures a class at a threshold.</summary>
    /// <param name="scores">The recordings.</param>
    /// <param name="index">Index of the class, from 0.</param>
    /// <param name="threshold">The threshold, 0 to 1.</param>
    /// <param name="prevalence">The prevalence to state predictive values for, above 0 and below 1; null for that of the
    /// recordings.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class, or the threshold or the prevalence is out of
    /// range.</exception>
    public static OperatingPoint At(ScoredRecordings scores, int index, double threshold, double? prevalence = null)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (threshold is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "a threshold is from 0 to 1");
        if (prevalence is not (null or (> 0 and < 1)))
            throw new ArgumentOutOfRangeException(nameof(prevalence), prevalence, "a prevalence is above 0 and below 1");
        var (targets, probabilities) = (scores.TargetsOf(index), scores.ProbabilitiesOf(index));
        int positives = 0, truePositives = 0, trueNegatives = 0;
        for (var i = 0; i < targets.Length; i++)
        {
            var called = probabilities[i] > threshold;
            if (targets[i] == 1)
            {
                positives++;
                truePositives += called ? 1 : 0;
            }
            else
            {
                trueNegatives += called ? 0 : 1;
            }
        }
        var negatives = targets.Length - positives;
        return new OperatingPoint(
            scores.Classes[index], threshold, positives == 0 ? null : (double)truePositives / positives, negatives == 0 ? null
                : (double)trueNegatives / negatives,
            prevalence ?? (double)positives / targets.Length);
    }

    private static double? Share(double? part, double? rest) => part + rest is > 0 and var whole ? part / whole : null;
}
