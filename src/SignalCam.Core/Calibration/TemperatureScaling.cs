using SignalCam.Core.Metrics;
using SignalCam.Core.Models;

namespace SignalCam.Core.Calibration;

/// <summary>
/// One factor for all logits of a softmax, of maximum likelihood (Guo et al. 2017, arXiv:1706.04599): how sure a multiclass model is
/// changes, which class it calls does not.
/// </summary>
internal static class TemperatureScaling
{
    private const int MostSteps = 200;

    /// <summary>Fits.</summary>
    /// <param name="labels">(recording, class): 1 for the class of the recording, otherwise 0.</param>
    /// <param name="logits">(recording, class): the network's.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>
    /// The calibration that every class shares; null if the factor would be 0 (the logits say nothing) or infinite (they are always
    /// right).
    /// </returns>
    /// <exception cref="ArgumentException">
    /// No recording, lengths that do not fit, a recording without exactly one class, or a logit that is not finite.
    /// </exception>
    public static ClassCalibration? Fit(ReadOnlySpan<float> labels, ReadOnlySpan<float> logits, int classes)
    {
        var records = MetricInput.CheckBlock(labels.Length, logits.Length, classes);
        for (var i = 0; i < logits.Length; i++)
            if (!float.IsFinite(logits[i]))
                throw new ArgumentException($"logit {i} is {logits[i]}", nameof(logits));
        var actual = new int[records];
        for (var r = 0; r < records; r++)
            actual[r] = MetricInput.TheOne(labels.Slice(r * classes, classes), r);
        // The slope of the loss rises with the factor, so the minimum is where it crosses 0; bisection finds it to the last bit.
        var (low, high) = (1e-3, 1e3);
        if (Slope(logits, actual, classes, low) >= 0 || Slope(logits, actual, classes, high) <= 0)
            return null;
        for (var step = 0; step < MostSteps && low < high; step++)
        {
            var middle = (low + high) / 2;
            if (middle == low || middle == high)
                break;
            if (Slope(logits, actual, classes, middle) < 0)
                low = middle;
            else
                high = middle;
        }
        return new ClassCalibration(low, 0);
    }

    /// <summary>
    /// Derivative of the summed negative log-likelihood by the factor: the expected logit less the logit of the class itself.
    /// </summary>
    private static double Slope(ReadOnlySpan<float> logits, int[] actual, int classes, double factor)
    {
        var sum = 0.0;
        for (var r = 0; r < actual.Length; r++)
        {
            var row = logits.Slice(r * classes, classes);
            var highest = double.NegativeInfinity;
            foreach (var logit in row)
                highest = Math.Max(highest, logit);
            double weights = 0, expected = 0;
            foreach (var logit in row)
            {
                var weight = Math.Exp(factor * (logit - highest));
                weights += weight;
                expected += weight * logit;
            }
            sum += expected / weights - row[actual[r]];
        }
        return sum;
    }
}
