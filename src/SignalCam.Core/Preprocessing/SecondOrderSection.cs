namespace SignalCam.Core.Preprocessing;

/// <summary>One stage of a recursive filter: (b0 + b1 z^-1 + b2 z^-2) / (1 + a1 z^-1 + a2 z^-2).</summary>
internal readonly record struct SecondOrderSection(double B0, double B1, double B2, double A1, double A2)
{
    /// <summary>What a constant is multiplied by.</summary>
    public double ConstantGain => (B0 + B1 + B2) / (1 + A1 + A2);

    /// <summary>The section scaled so that its magnitude is 1 at a frequency.</summary>
    /// <param name="angle">The frequency in radians per sample, 0 to pi.</param>
    public SecondOrderSection WithUnitGainAt(double angle)
    {
        var factor = Magnitude(1, A1, A2, angle) / Magnitude(B0, B1, B2, angle);
        return this with { B0 = B0 * factor, B1 = B1 * factor, B2 = B2 * factor };
    }

    private static double Magnitude(double c0, double c1, double c2, double angle)
    {
        var real = c0 + c1 * Math.Cos(angle) + c2 * Math.Cos(2 * angle);
        var imaginary = c1 * Math.Sin(angle) + c2 * Math.Sin(2 * angle);
        return Math.Sqrt(real * real + imaginary * imaginary);
    }
}
