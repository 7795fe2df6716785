namespace SignalCam.Core.Models;

/// <summary>
/// Maps a class's logit to a better calibrated one, scale x logit + intercept, and if there is a curve, that one's value to a
/// probability.
/// </summary>
/// <param name="Scale">The factor.</param>
/// <param name="Intercept">The term added.</param>
public sealed record ClassCalibration(double Scale, double Intercept)
{
    /// <summary>Probability by calibrated logit (isotonic regression); null for the sigmoid. Not for a multiclass task.</summary>
    public IsotonicCurve? Isotonic { get; init; }

    /// <summary>The logit as it is.</summary>
    public static ClassCalibration None { get; } = new(1, 0);

    /// <summary>The calibrated logit.</summary>
    public double Apply(double logit) => Scale * logit + Intercept;

    /// <summary>The calibrated probability of a class with an output of its own: of a binary or multilabel task.</summary>
    public double Probability(double logit) => Isotonic is { } curve ? curve.Value(Apply(logit)) : Sigmoid(Apply(logit));

    internal static double Sigmoid(double logit) => 1 / (1 + Math.Exp(-logit));
}

/// <summary>A monotonic curve from logit to probability: linear between its points, constant outside.</summary>
/// <param name="Logits">The logits of the points, strictly increasing; at least one.</param>
/// <param name="Probabilities">The probability at each point, from 0 to 1, never decreasing.</param>
public sealed record IsotonicCurve(IReadOnlyList<double> Logits, IReadOnlyList<double> Probabilities)
{
    /// <summary>The value at a logit.</summary>
    public double Value(double logit)
    {
        int low = 0, high = Logits.Count - 1;
        if (logit <= Logits[low])
            return Probabilities[low];
        if (logit >= Logits[high])
            return Probabilities[high];
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Logits[middle] <= logit)
                low = middle;
            else
                high = middle;
        }
        var share = (logit - Logits[low]) / (Logits[high] - Logits[low]);
        return Probabilities[low] + share * (Probabilities[high] - Probabilities[low]);
    }

    internal string? FindProblem()
    {
        if (Logits.Count == 0 || Logits.Count != Probabilities.Count)
            return $"{Logits.Count} logits and {Probabilities.Count} probabilities";
        for (var i = 0; i < Logits.Count; i++)
        {
            if (!double.IsFinite(Logits[i]) || (i > 0 && !(Logits[i] > Logits[i - 1])))
                return FormattableString.Invariant($"logit {Logits[i]} at point {i}, not above the one before");
            if (!(Probabilities[i] is >= 0 and <= 1) || (i > 0 && Probabilities[i] < Probabilities[i - 1]))
                return FormattableString.Invariant($"probability {Probabilities[i]} at point {i}, not from 0 to 1 or below the one before");
        }
        return null;
    }
}
