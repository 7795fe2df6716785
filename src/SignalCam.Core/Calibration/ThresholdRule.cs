using System.Globalization;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Calibration;

/// <summary>What a threshold is chosen for.</summary>
internal enum ThresholdGoal
{
    /// <summary>Highest sensitivity + specificity - 1 (Youden 1950).</summary>
    Youden,

    /// <summary>Highest F-beta: beta is how many times recall weighs as much as precision.</summary>
    FBeta,

    /// <summary>The highest specificity of those with at least a given sensitivity.</summary>
    Sensitivity,

    /// <summary>The highest sensitivity of those with at least a given specificity.</summary>
    Specificity,

    /// <summary>Most recordings called rightly.</summary>
    Accuracy,
}

/// <summary>
/// How the threshold of a class is chosen. As text: "youden", "f1" or "f2" (beta), "sensitivity=0.95", "specificity=0.9", "accuracy".
/// </summary>
public sealed record ThresholdRule
{
    private ThresholdRule(ThresholdGoal goal, double value)
    {
        Goal = goal;
        Value = value;
    }

    /// <summary>What the threshold is chosen for.</summary>
    internal ThresholdGoal Goal { get; }

    /// <summary>Beta, or the least sensitivity or specificity; 0 where the goal has none.</summary>
    public double Value { get; }

    /// <summary>Reads a rule.</summary>
    /// <exception cref="CalibrationException">The text is none; the message lists what there is.</exception>
    public static ThresholdRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Trim().ToLowerInvariant().Split('=');
        double value = 0;
        var hasShare = parts.Length == 2 && TryParse(parts[1], out value) && value is > 0 and <= 1;
        return parts[0] switch
        {
            "youden" when parts.Length == 1 => new(ThresholdGoal.Youden, 0),
            "accuracy" when parts.Length == 1 => new(ThresholdGoal.Accuracy, 0),
            "sensitivity" when hasShare => new(ThresholdGoal.Sensitivity, value),
            "specificity" when hasShare => new(ThresholdGoal.Specificity, value),
            ['f', .. var beta] when parts.Length == 1 && TryParse(beta, out value) && value is > 0 and <= 100 =>
                new(ThresholdGoal.FBeta, value),
            _ => throw new CalibrationException(
                $"threshold '{text}': expected youden, f1 (or another beta: f2, f0.5), sensitivity=0.95, specificity=0.9 or accuracy"),
        };
    }

    /// <summary>Chooses the threshold.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="probabilities">The calibrated probability of each.</param>
    /// <returns>
    /// Half way between two neighbouring probabilities, so that no recording lies on it; of equally good ones the highest, and for a
    /// sensitivity the one that has most of it. Null where there is one kind of label only.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a probability that is not from 0 to 1.
    /// </exception>
    public double? Fit(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        MetricInput.CheckLength(labels.Length, probabilities.Length);
        for (var i = 0; i < probabilities.Length; i++)
            MetricInput.Probability(probabilities, i);
        var ranked = RankedScores.Of(labels, probabilities);
        if (ranked.Positives == 0 || ranked.Negatives == 0)
            return null;
        // Above the highest probability nothing is called.
        var (best, threshold) = (Score(0, 0), Between(1, ranked.Thresholds[0]));
        for (var i = 0; i < ranked.Thresholds.Length; i++)
        {
            var score = Score(ranked.TruePositives[i], ranked.FalsePositives[i]);
            // A probability of 0 lies above no threshold.
            if (ranked.Thresholds[i] == 0 || !(score > best || (score == best && Goal == ThresholdGoal.Sensitivity)))
                continue;
            (best, threshold) = (score, Between(ranked.Thresholds[i], i + 1 < ranked.Thresholds.Length ? ranked.Thresholds[i + 1] : 0));
        }
        return threshold;

        double Score(int tp, int fp)
        {
            double sensitivity = (double)tp / ranked.Positives, specificity = (double)(ranked.Negatives - fp) / ranked.Negatives;
            return Goal switch
            {
                ThresholdGoal.Youden => sensitivity + specificity - 1,
                ThresholdGoal.FBeta => (1 + Value * Value) * tp / (tp + fp + Value * Value * ranked.Positives),
                ThresholdGoal.Accuracy => tp - fp,
                ThresholdGoal.Sensitivity => sensitivity >= Value ? specificity : -1,
                _ => specificity >= Value ? sensitivity : -1,
            };
        }
    }

    /// <summary>The rule as <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Goal switch
    {
        ThresholdGoal.Youden => "youden",
        ThresholdGoal.Accuracy => "accuracy",
        ThresholdGoal.FBeta => string.Create(CultureInfo.InvariantCulture, $"f{Value}"),
        ThresholdGoal.Sensitivity => string.Create(CultureInfo.InvariantCulture, $"sensitivity={Value}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"specificity={Value}"),
    };

    private static double Between(double upper, double lower) => (upper + lower) / 2;

    private static bool TryParse(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
