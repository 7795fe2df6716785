using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Explanation;

/// <summary>What takes the place of a part of a recording that is taken away.</summary>
internal enum PerturbationBaseline
{
    /// <summary>Zero, which is a flat line after detrending.</summary>
    Zero,

    /// <summary>The mean of each lead.</summary>
    Mean,

    /// <summary>Normal noise with the mean and the standard deviation of each lead.</summary>
    Noise,
}

/// <summary>Which parts are taken away first.</summary>
internal enum PerturbationOrder
{
    /// <summary>The parts that the map values most: the score of a good map falls quickly.</summary>
    MostRelevantFirst,

    /// <summary>The parts that the map values least: the score of a good map stays.</summary>
    LeastRelevantFirst,
}

/// <summary>How parts of a recording are taken away, as a map ranks them (Samek et al. 2017, doi 10.1109/TNNLS.2016.2599820).</summary>
/// <remarks>
/// A part is a window of time in all leads, so that maps with and without leads compete on the same terms. Windows and not samples,
/// because single samples that are set to zero all over a recording are noise whatever they were chosen by.
/// </remarks>
public sealed class PerturbationOptions
{
    /// <summary>Width of a window in seconds. Default 0.1.</summary>
    [Range(0.001, 10.0)]
    public double Window { get; set; } = 0.1;

    /// <summary>Steps from the whole recording to none of it. Default 20.</summary>
    [Range(1, 1000)]
    public int Steps { get; set; } = 20;
}

/// <summary>Takes parts of a prepared recording away, step by step.</summary>
internal static class Perturbation
{
    /// <summary>The windows of a recording in the order in which they go.</summary>
    /// <param name="map">A strip, one value per sample; a window's value is its mean. Equal windows keep their order in time.</param>
    /// <param name="window">Samples in a window; the last one may be shorter.</param>
    /// <param name="order">Which go first.</param>
    public static int[] Rank(ReadOnlySpan<float> map, int window, PerturbationOrder order)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        var count = (map.Length + window - 1) / window;
        var (keys, places) = (new double[count], new int[count]);
        for (var w = 0; w < count; w++)
        {
            var part = map[(w * window)..Math.Min(map.Length, (w + 1) * window)];
            var sum = 0.0;
            foreach (var value in part)
                sum += value;
            keys[w] = order == PerturbationOrder.MostRelevantFirst ? -sum / part.Length : sum / part.Length;
            places[w] = w;
        }
        return [.. places.OrderBy(w => keys[w])];
    }

    /// <summary>What a recording is replaced by.</summary>
    /// <param name="samples">The prepared recording: (lead, time).</param>
    /// <param name="leads">Number of leads.</param>
    /// <param name="baseline">Which replacement.</param>
    /// <param name="random">Where noise comes from.</param>
    /// <returns>(lead, time).</returns>
    public static float[] Baseline(ReadOnlySpan<float> samples, int leads, PerturbationBaseline baseline, EcgRandom random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var replacement = new float[samples.Length];
        if (baseline == PerturbationBaseline.Zero)
            return replacement;
        var length = samples.Length / leads;
        for (var lead = 0; lead < leads; lead++)
        {
            var (mean, deviation) = Moments(samples.Slice(lead * length, length));
            var part = replacement.AsSpan(lead * length, length);
            for (var t = 0; t < length; t++)
                part[t] = (float)(baseline == PerturbationBaseline.Mean ? mean : mean + deviation * random.Normal());
        }
        return replacement;
    }

    /// <summary>Writes a recording after each step: step s of n lacks the first s/n of its windows.</summary>
    /// <param name="samples">The prepared recording: (lead, time).</param>
    /// <param name="replacement">What takes the place: (lead, time).</param>
    /// <param name="leads">Number of leads.</param>
    /// <param name="ranked">The windows in the order in which they go.</param>
    /// <param name="window">Samples in a window.</param>
    /// <param name="steps">Number of steps n.</param>
    /// <param name="destination">(step 0 to n, lead, time): the whole recording first, the replacement last.</param>
    public static void Steps(
        ReadOnlySpan<float> samples, ReadOnlySpan<float> replacement, int leads, ReadOnlySpan<int> ranked, int window,
        int steps, Span<float> destination)
    {
        var (size, length) = (samples.Length, samples.Length / leads);
        if (destination.Length != (steps + 1) * size || replacement.Length != size)
            throw new ArgumentException(
                $"expected room for {steps + 1} recordings of {size} samples, found {destination.Length}", nameof(destination));
        samples.CopyTo(destination);
        for (var step = 1; step <= steps; step++)
        {
            var now = destination.Slice(step * size, size);
            destination.Slice((step - 1) * size, size).CopyTo(now);
            foreach (var w in ranked[Gone(step - 1, steps, ranked.Length)..Gone(step, steps, ranked.Length)])
            {
                var (start, end) = (w * window, Math.Min(length, (w + 1) * window));
                for (var lead = 0; lead < leads; lead++)
                    replacement[(lead * length + start)..(lead * length + end)].CopyTo(now[(lead * length + start)..]);
            }
        }
    }

    /// <summary>The area below a curve at equal steps from 0 to 1, by the trapezoid rule.</summary>
    public static double Area(ReadOnlySpan<double> curve)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(curve.Length, 2, nameof(curve));
        var sum = (curve[0] + curve[^1]) / 2;
        foreach (var value in curve[1..^1])
            sum += value;
        return sum / (curve.Length - 1);
    }

    private static int Gone(int step, int steps, int windows) => (int)Math.Round((double)step * windows / steps);

    private static (double Mean, double Deviation) Moments(ReadOnlySpan<float> values)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }
}
