using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignalCam.Core.Quality;

/// <summary>Fills <see cref="LeadStatistics"/>.</summary>
internal static class LeadMeasures
{
    /// <summary>Two samples that differ by less are the same: a tenth of the finest step of common converters. Millivolt.</summary>
    public const float Same = 5e-5f;

    /// <summary>Samples of the shortest stretch that counts as one without change.</summary>
    private const int ShortestFlat = 16;

    /// <summary>Extremes, moments, samples at the extremes, and the longest stretch without change, at the recording's own rate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Measure(ReadOnlySpan<float> samples, ref LeadStatistics lead)
    {
        lead = default;
        ref var x = ref MemoryMarshal.GetReference(samples);
        var (lanes, t) = (Vector<float>.Count, 0);
        var (low, high) = (Vector.Create(float.PositiveInfinity), Vector.Create(float.NegativeInfinity));
        var (sum, squares) = (Vector<float>.Zero, Vector<float>.Zero);
        // The first sample as origin, so that an offset takes no digits from the deviation.
        var origin = Vector.Create(float.IsFinite(samples[0]) ? samples[0] : 0);
        for (; t <= samples.Length - lanes; t += lanes)
        {
            var here = Vector.LoadUnsafe(ref x, (nuint)t);
            (low, high) = (Vector.Min(low, here), Vector.Max(high, here));
            here -= origin;
            sum += here;
            squares += here * here;
        }
        var (min, max, total, square) = (
            float.PositiveInfinity, float.NegativeInfinity, (double)Vector.Sum(sum), (double)Vector.Sum(squares));
        for (var i = 0; i < lanes; i++)
            (min, max) = (MathF.Min(min, low[i]), MathF.Max(max, high[i]));
        for (; t < samples.Length; t++)
        {
            var here = samples[t] - origin[0];
            (min, max, total, square) = (MathF.Min(min, samples[t]), MathF.Max(max, samples[t]), total + here, square + here * here);
        }
        if (!double.IsFinite(total) || !double.IsFinite(square))
        {
            MeasureWithGaps(samples, ref lead);
            return;
        }
        var mean = total / samples.Length;
        (lead.Min, lead.Max, lead.Mean) = (min, max, (float)(mean + origin[0]));
        lead.Deviation = (float)Math.Sqrt(Math.Max(0, square / samples.Length - mean * mean));
        CountExtremes(samples, ref lead);
        FindFlat(samples, ref lead);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CountExtremes(ReadOnlySpan<float> samples, ref LeadStatistics lead)
    {
        ref var x = ref MemoryMarshal.GetReference(samples);
        var (lanes, t) = (Vector<float>.Count, 0);
        var (low, high) = (Vector.Create(lead.Min + Same), Vector.Create(lead.Max - Same));
        var (atLow, atHigh) = (Vector<int>.Zero, Vector<int>.Zero);
        for (; t <= samples.Length - lanes; t += lanes)
        {
            var here = Vector.LoadUnsafe(ref x, (nuint)t);
            atLow -= Vector.LessThanOrEqual(here, low);
            atHigh -= Vector.GreaterThanOrEqual(here, high);
        }
        (lead.AtMin, lead.AtMax) = (Vector.Sum(atLow), Vector.Sum(atHigh));
        for (; t < samples.Length; t++)
        {
            lead.AtMin += samples[t] <= low[0] ? 1 : 0;
            lead.AtMax += samples[t] >= high[0] ? 1 : 0;
        }
    }

    /// <summary>Looks at one sample in sixteen; only where that is as the one before are those between looked at.</summary>
    private static void FindFlat(ReadOnlySpan<float> samples, ref LeadStatistics lead)
    {
        const int step = ShortestFlat / 2;
        for (var t = step; t < samples.Length; t += step)
        {
            if (MathF.Abs(samples[t] - samples[t - step]) > Same)
                continue;
            // Both ends are alike: how far does it stay so?
            var (value, start, end) = (samples[t], t, t);
            while (start > 0 && MathF.Abs(samples[start - 1] - value) <= Same)
                start--;
            while (end + 1 < samples.Length && MathF.Abs(samples[end + 1] - value) <= Same)
                end++;
            if (end - start + 1 >= ShortestFlat && end - start + 1 > lead.FlatLength)
                (lead.FlatStart, lead.FlatLength) = (start, end - start + 1);
            if (end > t)
                t += (end - t) / step * step;
        }
    }

    private static void MeasureWithGaps(ReadOnlySpan<float> samples, ref LeadStatistics lead)
    {
        var (count, mean, square) = (0, 0.0, 0.0);
        (lead.Min, lead.Max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var sample in samples)
        {
            if (!float.IsFinite(sample))
            {
                lead.Missing++;
                continue;
            }
            var step = sample - mean;
            mean += step / ++count;
            square += step * (sample - mean);
            (lead.Min, lead.Max) = (MathF.Min(lead.Min, sample), MathF.Max(lead.Max, sample));
        }
        if (count == 0)
        {
            (lead.Min, lead.Max) = (0, 0);
            return;
        }
        (lead.Mean, lead.Deviation) = ((float)mean, (float)Math.Sqrt(square / count));
        CountExtremes(samples, ref lead);
        FindFlat(samples, ref lead);
    }

    /// <summary>Noise between the beats, baseline, distribution, and how alike the beats are, at the working rate.</summary>
    public static void MeasureShape(RecordingAnalysis analysis, int lead, ref LeadStatistics statistics)
    {
        var noise = analysis.Noise(lead);
        var isBeat = analysis.Beats.Blocks;
        var (sum, count) = (0f, 0);
        for (var b = 0; b < noise.Length; b++)
            if (!isBeat[b])
                (sum, count) = (sum + noise[b], count + 1);
        statistics.Noise = count > 0 ? sum / count : 0;
        MeasureBaseline(analysis.Baseline(lead), analysis.Rate, ref statistics);
        statistics.Kurtosis = Kurtosis(analysis.Working(lead), statistics.Mean);
        if (analysis.Beats.Used > 0)
            (statistics.TemplateCorrelation, statistics.BeatAmplitude) = analysis.Beats.Compare(analysis, lead);
    }

    private static void MeasureBaseline(ReadOnlySpan<float> baseline, double rate, ref LeadStatistics statistics)
    {
        var width = Math.Max(1, (int)Math.Round(rate / RecordingAnalysis.Block));
        if (baseline.Length < width)
            return;
        var (sum, low, high, jump) = (0f, float.PositiveInfinity, float.NegativeInfinity, 0f);
        for (var b = 0; b < baseline.Length; b++)
        {
            sum += baseline[b];
            if (b >= width)
                sum -= baseline[b - width];
            if (b >= width - 1)
                (low, high) = (MathF.Min(low, sum), MathF.Max(high, sum));
            if (b >= 2)
                jump = MathF.Max(jump, MathF.Abs(baseline[b] - baseline[b - 2]));
        }
        (statistics.Wander, statistics.Jump) = ((high - low) / width, jump);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Kurtosis(ReadOnlySpan<float> samples, float mean)
    {
        ref var x = ref MemoryMarshal.GetReference(samples);
        var (lanes, t, center) = (Vector<float>.Count, 0, Vector.Create(mean));
        var (second, fourth) = (Vector<float>.Zero, Vector<float>.Zero);
        for (; t <= samples.Length - lanes; t += lanes)
        {
            var here = Vector.LoadUnsafe(ref x, (nuint)t) - center;
            here *= here;
            second += here;
            fourth += here * here;
        }
        var (m2, m4) = (Vector.Sum(second), Vector.Sum(fourth));
        return m2 > 0 ? m4 * t / (m2 * m2) : 0;
    }
}
