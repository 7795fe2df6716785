using System.Numerics;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// Designs recursive filters as second-order sections: Butterworth's (1930, "On the theory of filter amplifiers") by the bilinear
/// transform with prewarped corner frequencies (Oppenheim and Schafer, Discrete-Time Signal Processing, 3rd ed., section 7.2), and a notch.
/// </summary>
/// <remarks>With S = (1 - z^-1) / (1 + z^-1), a frequency f at the rate r lies at tan(pi f / r) on the analog axis.</remarks>
internal static class FilterDesign
{
    /// <summary>Passes what is below a corner, where 3 dB are lost; SciPy's `butter(order, cutoff, 'lowpass', output='sos')`.</summary>
    public static SecondOrderSection[] LowPass(int order, double cutoff, double samplingRate)
    {
        var corner = Warp(cutoff, samplingRate);
        return [.. UpperPoles(order).Select(pole => Section(ToDigital(corner * pole), zero: -1).WithUnitGainAt(0))];
    }

    /// <summary>Passes what is above a corner, where 3 dB are lost; SciPy's `butter(order, cutoff, 'highpass', output='sos')`.</summary>
    public static SecondOrderSection[] HighPass(int order, double cutoff, double samplingRate)
    {
        var corner = Warp(cutoff, samplingRate);
        return [.. UpperPoles(order).Select(pole => Section(ToDigital(corner / pole), zero: 1).WithUnitGainAt(Math.PI))];
    }

    /// <summary>
    /// Passes what is between two corners: <paramref name="order"/> sections; SciPy's `butter(order, [low, high], 'bandpass',
    /// output='sos')`.
    /// </summary>
    public static SecondOrderSection[] BandPass(int order, double low, double high, double samplingRate)
    {
        var (lower, upper) = (Warp(low, samplingRate), Warp(high, samplingRate));
        var (square, half) = (lower * upper, (upper - lower) / 2);
        var centre = 2 * Math.Atan(Math.Sqrt(square));
        var sections = new List<SecondOrderSection>(order);
        foreach (var pole in UpperPoles(order))
        {
            // S + square / S = 2 half pole, solved for S: each pole of the low-pass becomes two.
            var middle = half * pole;
            var distance = Complex.Sqrt(middle * middle - square);
            var (first, second) = (ToDigital(middle + distance), ToDigital(middle - distance));
            if (IsReal(pole))
                sections.Add(BandSection((first + second).Real, (first * second).Real));
            else
                sections.AddRange(
                    [BandSection(2 * first.Real, MagnitudeSquared(first)), BandSection(2 * second.Real, MagnitudeSquared(second))]);
        }
        return [.. sections.Select(section => section.WithUnitGainAt(centre))];
    }

    /// <summary>
    /// Takes out one frequency, with the width frequency / quality between the points where 3 dB are lost (Orfanidis, Introduction to
    /// Signal Processing, 1996, section 11.3); SciPy's `iirnotch(frequency, quality)`.
    /// </summary>
    public static SecondOrderSection[] Notch(double frequency, double quality, double samplingRate)
    {
        var angle = 2 * Math.PI * frequency / samplingRate;
        var gain = 1 / (1 + Math.Tan(angle / quality / 2));
        var middle = -2 * Math.Cos(angle) * gain;
        return [new SecondOrderSection(gain, middle, gain, middle, 2 * gain - 1)];
    }

    private static double Warp(double frequency, double samplingRate) => Math.Tan(Math.PI * frequency / samplingRate);

    /// <summary>
    /// The poles of the analog low-pass with corner 1: those above the real axis, whose mirror images are the others, and the one on it.
    /// </summary>
    private static IEnumerable<Complex> UpperPoles(int order)
    {
        for (var k = 0; k < order / 2; k++)
            yield return Complex.FromPolarCoordinates(1, Math.PI * (2 * k + order + 1) / (2.0 * order));
        if (order % 2 == 1)
            yield return -Complex.One;
    }

    private static Complex ToDigital(Complex s) => (1 + s) / (1 - s);

    private static bool IsReal(Complex pole) => pole.Imaginary == 0;

    /// <summary>A pole with its complex conjugate, or a single real pole, and as many zeros at 1 or -1.</summary>
    private static SecondOrderSection Section(Complex pole, int zero) => IsReal(pole)
        ? new SecondOrderSection(1, -zero, 0, -pole.Real, 0)
        : new SecondOrderSection(1, -2 * zero, 1, -2 * pole.Real, MagnitudeSquared(pole));

    private static SecondOrderSection BandSection(double sum, double product) => new(1, 0, -1, -sum, product);

    private static double MagnitudeSquared(Complex value) => value.Real * value.Real + value.Imaginary * value.Imaginary;
}
