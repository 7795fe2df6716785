namespace SignalCam.Core.Metrics;

/// <summary>The tail of the standard normal distribution, which .NET does not have.</summary>
internal static class NormalDistribution
{
    // Below it the series needs few terms, above it the fraction does.
    private const double Change = 3;
    private const int FractionTerms = 60;

    /// <summary>The probability of a value at least as far from 0, on either side; relative error below 1e-12.</summary>
    public static double TwoSided(double z)
    {
        var x = Math.Abs(z);
        var density = Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        if (x < Change)
        {
            // Abramowitz and Stegun 26.2.11: half the mass between -x and x.
            double term = x, sum = x;
            for (var k = 3; Math.Abs(term) > sum * 1e-17; k += 2)
            {
                term *= x * x / k;
                sum += term;
            }
            return 1 - 2 * density * sum;
        }
        // 26.2.14: the tail as a continued fraction, from its end.
        var fraction = x;
        for (var k = FractionTerms; k >= 1; k--)
            fraction = x + k / fraction;
        return 2 * density / fraction;
    }
}
