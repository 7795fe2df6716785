namespace SignalCam.Core.Wfdb;

/// <summary>
/// Finds a lossless gain for a lead: digital / gain, rounded to single precision, is the sample.
/// Samples read from integers have one, and so do multiples of a power of two.
/// </summary>
internal static class WfdbGainSearch
{
    /// <summary>The largest digital value of format 32; the one below the smallest marks an invalid sample.</summary>
    private const double MostDigital = int.MaxValue;

    private const int MostSteps = 8;
    private const int MostDigits = 17;

    /// <summary>Gains that devices and converters use, in digital units per millivolt.</summary>
    private static readonly double[] UsualGains = [1000, 200, 400, 800, 500, 1600, 2000];

    /// <summary>Decimal resolutions finer than devices have, for samples whose steps are too large to determine a grid.</summary>
    private static readonly double[] FineGains = [1e4, 1e5, 1e6, 1e7];

    /// <summary>The gain; null if there is none within 32 bits. Missing samples are left out.</summary>
    public static double? Find(ReadOnlySpan<float> samples)
    {
        var values = Distinct(samples);
        if (values.Length == 0)
            return UsualGains[0];
        if (!float.IsFinite(values[0]) || !float.IsFinite(values[^1]))
            return null;
        foreach (var gain in UsualGains)
            if (Reproduces(values, gain))
                return gain;
        if (OfSteps(values) is { } ofSteps)
            return ofSteps;
        foreach (var gain in FineGains)
            if (Reproduces(values, gain))
                return gain;
        return PowerOfTwo(values);
    }

    /// <summary>Samples without missing ones, from the smallest magnitude to the largest.</summary>
    private static float[] Distinct(ReadOnlySpan<float> samples)
    {
        var values = new List<float>(samples.Length);
        foreach (var sample in samples)
            if (!float.IsNaN(sample))
                values.Add(sample);
        values.Sort((a, b) => Math.Abs(a).CompareTo(Math.Abs(b)));
        var count = 0;
        for (var i = 0; i < values.Count; i++)
            // Of a value and its negative one is enough; a negative zero cannot be stored and goes as 0.
            if (i == 0 || Math.Abs(values[i]) != Math.Abs(values[i - 1]))
                values[count++] = values[i];
        return [.. values.Take(count)];
    }

    /// <summary>A gain by the smallest step between two samples, or a part of it.</summary>
    private static double? OfSteps(float[] values)
    {
        var smallest = Math.Abs(values[0]) > 0 ? Math.Abs((double)values[0]) : double.MaxValue;
        for (var i = 1; i < values.Length; i++)
            smallest = Math.Min(smallest, Math.Abs((double)values[i]) - Math.Abs((double)values[i - 1]));
        for (var parts = 1; parts <= MostSteps; parts++)
            if (Refined(values, smallest / parts) is { } step && Interval(values, step) is { } gains && Roundest(values, gains) is { } gain)
                return gain;
        return null;
    }

    /// <summary>The step of a grid that contains all samples; large samples determine it best. Null if there is none.</summary>
    private static double? Refined(float[] values, double step)
    {
        foreach (var value in values)
        {
            var steps = Math.Round(value / step);
            if (Math.Abs(value - (steps * step)) > 0.1 * step || Math.Abs(steps) > MostDigital)
                return null;
            if (steps != 0)
                step = value / steps;
        }
        return step;
    }

    /// <summary>The interval of gains for which the nearest float of every digital / gain is the sample; null if there is none.</summary>
    private static (double Least, double Most)? Interval(float[] values, double step)
    {
        var (least, most) = (0.0, double.MaxValue);
        foreach (var signed in values)
        {
            var value = Math.Abs(signed);
            var digital = Math.Round(value / step);
            if (value == 0)
                continue;
            least = Math.Max(least, digital / (((double)value + MathF.BitIncrement(value)) / 2));
            most = Math.Min(most, digital / (((double)value + MathF.BitDecrement(value)) / 2));
        }
        return least <= most && most < double.MaxValue ? (least, most) : null;
    }

    /// <summary>The gain, or the resolution, with the fewest digits in an interval.</summary>
    private static double? Roundest(float[] values, (double Least, double Most) gains)
    {
        var gain = (gains.Least + gains.Most) / 2;
        for (var digits = 1; digits <= MostDigits; digits++)
            foreach (var candidate in (ReadOnlySpan<double>)[Rounded(gain, digits), 1 / Rounded(1 / gain, digits)])
                if (candidate >= gains.Least && candidate <= gains.Most && Reproduces(values, candidate))
                    return candidate;
        return null;
    }

    private static double Rounded(double value, int digits) =>
        double.Parse(value.ToString($"E{digits - 1}", System.Globalization.CultureInfo.InvariantCulture),
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A power of two by which every sample is a whole number.</summary>
    private static double? PowerOfTwo(float[] values)
    {
        var lowest = int.MaxValue;
        foreach (var value in values)
        {
            if (value == 0)
                continue;
            var bits = BitConverter.SingleToInt32Bits(value);
            var exponent = Math.Max(1, (bits >> 23) & 0xFF) - 150;
            var mantissa = (bits & 0x7FFFFF) | (((bits >> 23) & 0xFF) == 0 ? 0 : 0x800000);
            lowest = Math.Min(lowest, exponent + System.Numerics.BitOperations.TrailingZeroCount(mantissa));
        }
        var gain = Math.ScaleB(1, -lowest);
        return lowest != int.MaxValue && Reproduces(values, gain) ? gain : null;
    }

    private static bool Reproduces(float[] values, double gain)
    {
        foreach (var value in values)
        {
            var digital = Math.Round(value * gain);
            if (Math.Abs(digital) > MostDigital || (float)(digital / gain) != value)
                return false;
        }
        return true;
    }
}
