using SignalCam.Core.Metrics;
using SignalCam.Core.Models;

namespace SignalCam.Core.Calibration;

/// <summary>
/// A better calibrated logit as scale x logit + intercept: the maximum likelihood of two numbers, so a few hundred recordings are enough
/// (Platt 1999).
/// </summary>
internal static class PlattScaling
{
    /// <summary>Fits.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="logits">The network's logit of each.</param>
    /// <returns>The calibration; null if there is none: one kind of label only, or logits that do not rise with the class.</returns>
    /// <remarks>
    /// The targets are Platt's (N+ + 1) / (N+ + 2) and 1 / (N- + 2) rather than 1 and 0: what a uniform prior makes of a label that was
    /// seen N times. It keeps the fit finite where the classes are separable, and changes little else.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a logit that is not finite.
    /// </exception>
    public static ClassCalibration? Fit(ReadOnlySpan<float> labels, ReadOnlySpan<float> logits)
    {
        MetricInput.CheckScores(labels, logits);
        int positives = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            positives += MetricInput.IsPositive(labels, i) ? 1 : 0;
            if (!float.IsFinite(logits[i]))
                throw new ArgumentException($"logit {i} is {logits[i]}", nameof(logits));
        }
        var negatives = labels.Length - positives;
        if (positives == 0 || negatives == 0)
            return null;
        var (high, low) = ((positives + 1.0) / (positives + 2), 1.0 / (negatives + 2));
        var (x, y) = (new double[labels.Length], new double[labels.Length]);
        for (var i = 0; i < x.Length; i++)
            (x[i], y[i]) = (logits[i], labels[i] == 1 ? high : low);
        return LogisticFit.Maximise(x, y) is { Scale: > 0 } fit ? new ClassCalibration(fit.Scale, fit.Intercept) : null;
    }
}
