using System.Globalization;

namespace SignalCam.Formats.Edf;

/// <summary>
/// Finds a scale of 16 bits, with physical limits in microvolts of at most eight characters, by which a reader gets the same samples to the
/// bit.
/// </summary>
internal static class EdfScaleSearch
{
    /// <summary>The unit in which limits are written.</summary>
    public const double Millivolt = 1e-3;

    private const int FieldLength = 8;
    private const int MostSteps = 8;

    // Samples are rounded to 24 bits when they are read: this far from the grid at most, as a part of the sample.
    private const double Rounding = 1e-7;

    /// <summary>The scale; null if there is none. Missing samples are left out.</summary>
    public static EdfScale? Find(ReadOnlySpan<float> samples)
    {
        var values = Distinct(samples);
        if (values.Length == 0 || !float.IsFinite(values[0]) || !float.IsFinite(values[^1]))
            return null;
        var difference = SmallestDifference(values);
        // Steps through zero, or half a step beside it as where the digital range is -32768 to 32767.
        foreach (var shift in (double[])[0, 0.5])
            for (var steps = 1; steps <= MostSteps; steps++)
                if (Refined(values, difference / steps, shift) is { } step && Scale(values, step, shift) is { } scale)
                    return scale;
        return null;
    }

    /// <summary>The digital value of a sample; null if the scale does not reproduce it.</summary>
    public static short? Digital(float sample, EdfScale scale, EdfLine line)
    {
        var digital = Math.Round(line.Digital(sample));
        return digital >= scale.DigitalMinimum && digital <= scale.DigitalMaximum && line.Value((int)digital).Equals(sample)
            ? (short)digital : null;
    }

    private static float[] Distinct(ReadOnlySpan<float> samples)
    {
        var sorted = new List<float>(samples.Length);
        foreach (var sample in samples)
            if (!float.IsNaN(sample))
                sorted.Add(sample);
        sorted.Sort();
        return [.. sorted.Distinct()];
    }

    private static double SmallestDifference(float[] values)
    {
        var smallest = double.MaxValue;
        for (var i = 1; i < values.Length; i++)
            smallest = Math.Min(smallest, (double)values[i] - values[i - 1]);
        // A single value is its own step.
        return values.Length > 1 ? smallest : values[0] == 0 ? Millivolt : Math.Abs((double)values[0]);
    }

    /// <summary>
    /// The step of a grid that all samples lie on, more exactly than <paramref name="step"/> says it; null if they do not.
    /// </summary>
    private static double? Refined(float[] values, double step, double shift)
    {
        // From the smallest values outwards, whose steps are certain, to the largest, which tell the step best.
        foreach (var value in values.OrderBy(Math.Abs))
        {
            var steps = Math.Round((value / step) - shift) + shift;
            if (steps == 0)
                continue;
            if (Math.Abs(value - (steps * step)) > 0.1 * step)
                return null;
            if (Math.Abs(steps) >= 0.5)
                step = value / steps;
        }
        return step;
    }

    private static EdfScale? Scale(float[] values, double step, double shift)
    {
        var most = Math.Max(Math.Abs(values[0]), Math.Abs((double)values[^1]));
        var fewest = Math.Max(1, (int)Math.Min(Math.Floor(most / step) - 1, short.MaxValue));
        for (var digital = (int)short.MaxValue; digital >= fewest; digital--)
        {
            // The limit belongs to the digital value, or to half a step beyond it.
            var limit = (digital + shift) * step / Millivolt;
            if (Written(limit) is not { } written || Math.Abs((double)written - limit) > limit * Rounding)
                continue;
            var scale = shift == 0
                ? new EdfScale(-(double)written, (double)written, -digital, digital)
                : new EdfScale(-(double)written, (double)written, -digital - 1, digital);
            if (Reproduces(values, scale))
                return scale;
        }
        return null;
    }

    private static bool Reproduces(float[] values, EdfScale scale)
    {
        var line = scale.In(Millivolt);
        foreach (var value in values)
            if (Digital(value, scale, line) is null)
                return false;
        return true;
    }

    /// <summary>The number nearest to a limit that fits its field with a minus before it.</summary>
    private static decimal? Written(double limit)
    {
        if (limit is < 1e-6 or >= 1e7)
            return null;
        var whole = ((long)limit).ToString(CultureInfo.InvariantCulture).Length;
        var rounded = decimal.Round((decimal)limit, Math.Max(0, FieldLength - 1 - whole - 1));
        return rounded is > 0 and < 10_000_000 ? rounded : null;
    }
}
