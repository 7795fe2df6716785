using SignalCam.Core.Metrics;
using SignalCam.Core.Models;

namespace SignalCam.Core.Calibration;

/// <summary>
/// A better calibrated logit as scale x logit + intercept: the maximum likelihood of two numbers, so a few hundred recordings are enough (Platt 1999), by
/// Newton's method with step halving (Lin, Lin and Weng 2007, doi 10.1007/s10994-007-5018-6).
/// </summary>
public static class PlattScaling
{
    private const int MostSteps = 100;

    /// <summary>Fits.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="logits">The network's logit of each.</param>
    /// <returns>The calibration; null where there is none: one kind of label only, or logits that do not rise with the class.</returns>
    /// <remarks>
    /// The targets are Platt's (N+ + 1) / (N+ + 2) and 1 / (N- + 2) rather than 1 and 0: what a uniform prior makes of a label that was seen N times.
    /// It keeps the fit finite where the classes are separable, and changes little else.
    /// </remarks>
    /// <exception cref="ArgumentException">No recording, unequal lengths, a label that is neither 0 nor 1, or a logit that is not finite.</exception>
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
        return Maximise(x, y) is { Scale: > 0 } fit ? new ClassCalibration(fit.Scale, fit.Intercept) : null;
    }

    /// <summary>Calibration slope and intercept of probabilities; null where there is one kind of label only, or where the kinds are separable.</summary>
    internal static (double Slope, double Intercept)? Slope(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        var (x, y) = (new double[labels.Length], new double[labels.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            var p = Math.Clamp((double)probabilities[i], BinaryMetrics.LogLossClip, 1 - BinaryMetrics.LogLossClip);
            (x[i], y[i]) = (Math.Log(p / (1 - p)), labels[i]);
        }
        return Maximise(x, y);
    }

    /// <summary>The scale and intercept of highest likelihood; null when the method does not arrive, because the maximum lies at infinity.</summary>
    private static (double Scale, double Intercept)? Maximise(double[] x, double[] y)
    {
        const double tolerance = 1e-9;
        var mean = y.Average();
        if (mean is 0 or 1 || x.Max() == x.Min())
            return null;
        var (scale, intercept) = (0.0, Math.Log(mean / (1 - mean)));
        var loss = Loss(x, y, scale, intercept);
        for (var step = 0; step < MostSteps; step++)
        {
            double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
            for (var i = 0; i < x.Length; i++)
            {
                var p = ClassCalibration.Sigmoid(scale * x[i] + intercept);
                double error = p - y[i], weight = p * (1 - p);
                g0 += error * x[i];
                g1 += error;
                h00 += weight * x[i] * x[i];
                h01 += weight * x[i];
                h11 += weight;
            }
            if (Math.Abs(g0) + Math.Abs(g1) < tolerance * x.Length)
                return (scale, intercept);
            var determinant = h00 * h11 - h01 * h01;
            if (!(determinant > 0))
                return null;
            var (d0, d1) = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant);
            var size = 1.0;
            double next;
            // The loss is convex: a short enough step down the Newton direction always lowers it, until rounding is all there is.
            while (!((next = Loss(x, y, scale - size * d0, intercept - size * d1)) <= loss) && size > 1e-10)
                size /= 2;
            if (!(next <= loss))
                return (scale, intercept);
            (scale, intercept, loss) = (scale - size * d0, intercept - size * d1, next);
        }
        return null;
    }

    /// <summary>Mean negative log-likelihood, written so that no logit overflows.</summary>
    private static double Loss(double[] x, double[] y, double scale, double intercept)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var logit = scale * x[i] + intercept;
            sum += Math.Max(logit, 0) - y[i] * logit + Math.Log(1 + Math.Exp(-Math.Abs(logit)));
        }
        return sum / x.Length;
    }
}
