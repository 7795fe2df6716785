using System.Numerics.Tensors;

namespace SignalCam.Core.Signals;

/// <summary>
/// The low-pass filter of a pair of sampling rates, sampled at every phase that an output sample may have between two input samples.
/// </summary>
/// <remarks>Immutable; <see cref="For"/> keeps the most recent ones and is safe for concurrent callers.</remarks>
internal sealed class PolyphaseFilter
{
    // What Kaiser's formulas are given for 80 dB: 4 more make up for their being an approximation, and for images adding to the ripple.
    private const double Attenuation = 84;
    private const double PassBand = 0.8;
    private const int LargestFactor = 2048;
    // Of a ratio of two rates. Over all samples that an array can hold it adds up to less than half a sample.
    private const double RoundingError = 1e-12;
    // A filter holds at most 2048 x 54 coefficients (0.9 MB), so the cache at most 15 MB.
    private const int CachedAtMost = 16;

    private static readonly Lock CacheLock = new();
    private static readonly Dictionary<double, PolyphaseFilter> Cache = [];

    private readonly int _phases;
    // Input samples from one output sample to the next, in phases: a whole number where the ratio of the rates is exact.
    private readonly double _step;
    private readonly double[] _coefficients;

    private PolyphaseFilter(double ratio)
    {
        var exact = TryFindFraction(ratio, out var up, out var down);
        _phases = exact ? up : (int)Math.Ceiling(LargestFactor * Math.Min(1, ratio));
        _step = exact ? down : _phases / ratio;
        // Kaiser's formula for the length of the filter, in input samples: the transition is (1 - PassBand) of half the lower rate.
        var lower = Math.Min(1, ratio);
        Reach = (int)Math.Ceiling((Attenuation - 7.95) / (2.285 * Math.PI * (1 - PassBand) * lower) / 2);
        _coefficients = Design(_phases, Reach, lower * (1 + PassBand) / 2);
    }

    /// <summary>Input samples that an output sample depends on, to each side.</summary>
    public int Reach { get; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool KeepsRate => _phases == 1 && _step.Equals(1);

    /// <summary>Number of phases and, in units of a phase, the distance of output samples.</summary>
    public (int Phases, double Step) Spacing => (_phases, _step);

    /// <summary>The filter from one rate to another, from the cache where it is there.</summary>
    public static PolyphaseFilter For(double samplingRate, double destinationRate)
    {
        var ratio = destinationRate / samplingRate;
        lock (CacheLock)
        {
            if (Cache.TryGetValue(ratio, out var known))
                return known;
        }
        var filter = new PolyphaseFilter(ratio);
        lock (CacheLock)
        {
            if (Cache.Count >= CachedAtMost)
                Cache.Clear();
            return Cache.TryAdd(ratio, filter) ? filter : Cache[ratio];
        }
    }

    /// <summary>
    /// Writes a ratio as a fraction of two numbers up to 2048: the first convergent of its continued fraction that equals it.
    /// </summary>
    /// <param name="ratio">Between 1/1000 and 1000.</param>
    /// <param name="up">Numerator.</param>
    /// <param name="down">Denominator.</param>
    /// <returns>False when there is none.</returns>
    public static bool TryFindFraction(double ratio, out int up, out int down)
    {
        (up, down) = (1, 0);
        var (previousUp, previousDown) = (0, 1);
        for (var rest = ratio; ;)
        {
            var whole = Math.Floor(rest);
            var (nextUp, nextDown) = (previousUp + (whole * up), previousDown + (whole * down));
            if (nextUp > LargestFactor || nextDown > LargestFactor)
                return false;
            (previousUp, previousDown, up, down) = (up, down, (int)nextUp, (int)nextDown);
            if (Math.Abs((up / (ratio * down)) - 1) <= RoundingError)
                return true;
            rest = 1 / (rest - whole);
        }
    }

    /// <summary>Filters one lead.</summary>
    /// <param name="samples">The lead with <see cref="Reach"/> more samples at each end.</param>
    /// <param name="destination">The output samples; the first is at the time of the lead's first.</param>
    public void Apply(ReadOnlySpan<double> samples, Span<float> destination)
    {
        var taps = 2 * Reach;
        for (var i = 0; i < destination.Length; i++)
        {
            var (before, phase) = Math.DivRem((long)Math.Round(i * _step), _phases);
            destination[i] = (float)TensorPrimitives.Dot(
                samples.Slice((int)before + 1, taps), _coefficients.AsSpan((int)phase * taps, taps));
        }
    }

    /// <summary>
    /// Phase p holds the taps for the input samples Reach - 1 before to Reach behind an output sample at p / phases of an input sample.
    /// </summary>
    private static double[] Design(int phases, int reach, double cutoff)
    {
        const double beta = 0.1102 * (Attenuation - 8.7);
        var coefficients = new double[checked(phases * 2 * reach)];
        for (var phase = 0; phase < phases; phase++)
        {
            var taps = coefficients.AsSpan(phase * 2 * reach, 2 * reach);
            for (var tap = 0; tap < taps.Length; tap++)
            {
                var time = tap - (reach - 1) - ((double)phase / phases);
                var edge = time / reach;
                // The window's very end has no partner on the other side: leaving it out keeps the filter symmetric.
                taps[tap] = Math.Abs(edge) < 1 ? Sinc(cutoff * time) * BesselI0(beta * Math.Sqrt(1 - (edge * edge))) : 0;
            }
            // Every phase passes a constant as it is.
            TensorPrimitives.Divide(taps, TensorPrimitives.Sum<double>(taps), taps);
        }
        return coefficients;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    /// <summary>The modified Bessel function of the first kind and order 0 (power series; all terms are positive).</summary>
    private static double BesselI0(double x)
    {
        var (sum, term) = (1.0, 1.0);
        for (var k = 1; term > sum * 1e-17; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }
}
