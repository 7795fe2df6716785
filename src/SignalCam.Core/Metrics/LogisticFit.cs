namespace SignalCam.Core.Metrics;

/// <summary>
/// Logistic regression on one variable: the scale and intercept of highest likelihood, by Newton's method with step halving (Lin, Lin and
/// Weng 2007, doi 10.1007/s10994-007-5018-6).
/// </summary>
internal static class LogisticFit
{
    private const int MostSteps = 100;

    /// <summary>
    /// Calibration slope and intercept of probabilities; null if there is one kind of label only, or where the kinds are separable.
    /// </summary>
    public static (double Slope, double Intercept)? CalibrationSlope(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities)
    {
        var (x, y) = (new double[labels.Length], new double[labels.Length]);
        var (lowestPositive, highestNegative) = (double.PositiveInfinity, double.NegativeInfinity);
        for (var i = 0; i < x.Length; i++)
        {
            var p = Math.Clamp((double)probabilities[i], BinaryMetrics.LogLossClip, 1 - BinaryMetrics.LogLossClip);
            (x[i], y[i]) = (Math.Log(p / (1 - p)), labels[i]);
            if (labels[i] == 1)
                lowestPositive = Math.Min(lowestPositive, x[i]);
            else
                highestNegative = Math.Max(highestNegative, x[i]);
        }
        // Separable: the likelihood rises without end with the slope.
        return lowestPositive >= highestNegative ? null : Maximise(x, y);
    }

    /// <summary>
    /// The scale and intercept of highest likelihood; null when the method does not arrive, because the maximum lies at infinity.
    /// </summary>
    public static (double Scale, double Intercept)? Maximise(double[] x, double[] y)
    {
        const double tolerance = 1e-12;
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
                var p = 1 / (1 + Math.Exp(-(scale * x[i] + intercept)));
                double error = p - y[i], weight = p * (1 - p);
                g0 += error * x[i];
                g1 += error;
                h00 += weight * x[i] * x[i];
                h01 += weight * x[i];
                h11 += weight;
            }
            var determinant = h00 * h11 - h01 * h01;
            if (!(determinant > 0))
                return null;
            var (d0, d1) = ((h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant);
            // So close, the loss no longer tells better from worse for its rounding, and a whole step is right to the last digits.
            if (g0 * d0 + g1 * d1 < tolerance * x.Length)
                return (scale - d0, intercept - d1);
            var size = 1.0;
            double next;
            // The loss is convex: a short enough step down the Newton direction always lowers it.
            while (!((next = Loss(x, y, scale - size * d0, intercept - size * d1)) <= loss) && size > 1e-10)
                size /= 2;
            if (!(next <= loss))
                return null;
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
