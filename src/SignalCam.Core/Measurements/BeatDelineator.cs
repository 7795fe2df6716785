using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Measurements;

/// <summary>Where a wave begins and ends, in samples of a median beat: from the first to the last that belongs to it.</summary>
internal readonly record struct WaveBounds(int Onset, int End);

/// <summary>Finds QRS, T and P of a median beat.</summary>
internal static class BeatDelineator
{
    // QRS begins and ends where the velocity has fallen to this share of its peak and stays there for as long as this.
    private const double VelocityShare = 0.055;
    private const double Quiet = 0.012;
    private const double FarthestOnset = 0.13;
    private const double FarthestEnd = 0.20;

    private const double TEndShare = 0.05;
    private const double LobeShare = 0.25;
    private const double PShare = 0.16;

    /// <summary>A wave stands above the noise by at least this many standard deviations, and by this many millivolt.</summary>
    private const double LeastContrast = 4;
    private const double LeastHeight = 0.04;

    private const double LeastRecurrence = 0.5;

    /// <summary>Null where the velocity does not come to rest on either side.</summary>
    public static WaveBounds? FindQrs(MedianBeat beat)
    {
        var velocity = Velocity(beat);
        var (leads, quiet) = (beat.Leads, beat.Leads.Of(Quiet));
        var near = leads.Of(0.06);
        var peak = beat.At;
        for (var t = Math.Max(0, beat.At - near); t <= Math.Min(velocity.Length - 1, beat.At + near); t++)
            peak = velocity[t] > velocity[peak] ? t : peak;
        var noise = OrderStatistics.Quantile(velocity, 0.2);
        var threshold = noise + (VelocityShare * (velocity[peak] - noise));
        var onset = Rest(-1, leads.Of(FarthestOnset));
        var end = Rest(1, leads.Of(FarthestEnd));
        return onset is { } from && end is { } to ? new WaveBounds(from, to) : null;

        // The last sample before the velocity is low for some time.
        int? Rest(int direction, int farthest)
        {
            var low = 0;
            for (var t = peak; Math.Abs(t - peak) <= farthest + quiet && t >= 0 && t < velocity.Length; t += direction)
            {
                low = velocity[t] < threshold ? low + 1 : 0;
                if (low >= quiet)
                    return t - (direction * low);
            }
            return null;
        }
    }

    /// <summary>The end of T; null where none stands above the noise, or it does not come to rest before the next beat.</summary>
    public static WaveBounds? FindT(MedianBeat beat, WaveBounds qrs)
    {
        var leads = beat.Leads;
        var (from, to) = (qrs.End + leads.Of(0.04), beat.Length);
        if (to - from < leads.Of(0.1))
            return null;
        var t = Projection.Of(beat.Samples, from, to).Apply(beat.Samples, leads.Of(0.024));
        var segment = Mean(t, Math.Max(0, qrs.Onset - leads.Of(0.02)), Math.Max(1, qrs.Onset - leads.Of(0.004)));
        var peak = Farthest(t, from + leads.Of(0.04), to, segment);
        var rest = QuietLevel(t, peak + leads.Of(0.06), to, leads.Of(0.03)) ?? segment;
        var height = Math.Abs(t[peak] - rest);
        if (!(height > LeastHeight && height > LeastContrast * Projection.Noise(t, leads.Of(0.01)) / 2))
            return null;
        // Of a T wave with two lobes the last one ends it.
        var last = peak;
        for (var i = peak; i < to - 1; i++)
            if (Math.Abs(t[i] - rest) > LobeShare * height && (t[i] - t[i - 1]) * (t[i + 1] - t[i]) <= 0)
                last = i;
        for (var i = last; i < to; i++)
            if (Math.Abs(t[i] - rest) < TEndShare * height)
                return new WaveBounds(from, i);
        return null;
    }

    /// <summary>The P wave; null where none stands above the noise in the median and recurs in the beats.</summary>
    public static WaveBounds? FindP(MedianBeat beat, WaveBounds qrs, int earliest)
    {
        var leads = beat.Leads;
        var (from, to) = (Math.Max(earliest, 0), qrs.Onset - leads.Of(0.006));
        if (to - from < leads.Of(0.08))
            return null;
        var projection = Projection.Of(beat.Samples, from, to);
        var p = projection.Apply(beat.Samples, leads.Of(0.016));
        var line = Line(p, from, to);
        var peak = from;
        for (var i = from; i < to; i++)
            peak = Math.Abs(p[i] - line(i)) > Math.Abs(p[peak] - line(peak)) ? i : peak;
        var sign = Math.Sign(p[peak] - line(peak));
        double[] upright = [.. p.Select(v => sign * v)];
        var (left, right) = (Valley(upright, peak, -1, Math.Max(from, peak - leads.Of(0.14))),
            Valley(upright, peak, 1, Math.Min(to - 1, peak + leads.Of(0.14))));
        if (right <= left)
            return null;
        double Height(int i) => upright[i] - (upright[left] + ((upright[right] - upright[left]) * (i - left) / (right - left)));
        var height = Height(peak);
        if (!(height > LeastHeight && height > LeastContrast * Projection.Noise(p, leads.Of(0.01)) / 2)
            || Recurrence(beat, projection, left, right) < LeastRecurrence)
            return null;
        var (onset, end) = (peak, peak);
        while (onset > left && Height(onset) > PShare * height)
            onset--;
        while (end < right && Height(end) > PShare * height)
            end++;
        return new WaveBounds(onset, end);
    }

    /// <summary>Length of the vector of all leads' slopes, smoothed.</summary>
    private static double[] Velocity(MedianBeat beat)
    {
        var reach = beat.Leads.Of(0.004);
        var width = beat.Leads.Of(0.008);
        var squares = new double[beat.Length];
        foreach (var lead in beat.Samples)
        {
            var smooth = Projection.Smooth(Array.ConvertAll(lead, v => (double)v), width);
            for (var t = reach; t < squares.Length - reach; t++)
                squares[t] += (smooth[t + reach] - smooth[t - reach]) * (smooth[t + reach] - smooth[t - reach]);
        }
        return Array.ConvertAll(squares, Math.Sqrt);
    }

    private static double Mean(double[] values, int from, int to) => values.AsSpan(from..Math.Max(from + 1, to)).ToArray().Average();

    private static int Farthest(double[] values, int from, int to, double level)
    {
        var farthest = Math.Min(from, to - 1);
        for (var t = farthest; t < to; t++)
            farthest = Math.Abs(values[t] - level) > Math.Abs(values[farthest] - level) ? t : farthest;
        return farthest;
    }

    /// <summary>The mean of the stretch of this length that moves least; null where there is no room for one.</summary>
    private static double? QuietLevel(double[] values, int from, int to, int length)
    {
        var (best, level) = (double.PositiveInfinity, (double?)null);
        for (var start = from; start + length <= to; start++)
        {
            var window = values.AsSpan(start, length).ToArray();
            if (window.Max() - window.Min() is var range && range < best)
                (best, level) = (range, window.Average());
        }
        return level;
    }

    private static Func<int, double> Line(double[] values, int from, int to)
    {
        var (first, last) = (values[from], values[to - 1]);
        return i => first + ((last - first) * (i - from) / Math.Max(1, to - 1 - from));
    }

    /// <summary>The lowest place from a peak to a limit.</summary>
    private static int Valley(double[] values, int peak, int direction, int limit)
    {
        var lowest = peak;
        for (var i = peak; direction < 0 ? i >= limit : i <= limit; i += direction)
            lowest = values[i] < values[lowest] ? i : lowest;
        return lowest;
    }

    /// <summary>
    /// The median correlation of the single beats' stretch with the median beat's: a wave that comes with each beat is near 1, fibrillation
    /// near 0.
    /// </summary>
    private static double Recurrence(MedianBeat beat, Projection projection, int from, int to)
    {
        var width = beat.Leads.Of(0.016);
        var usual = Centred(projection.Apply(beat.Samples, width)[from..to]);
        return OrderStatistics.Median([.. beat.Beats.Select(b => Correlation(usual, Centred(projection.Apply(b, width)[from..to])))]);
    }

    /// <summary>Without the line through its ends and its mean.</summary>
    private static double[] Centred(double[] values)
    {
        var line = Line(values, 0, values.Length);
        double[] flat = [.. values.Select((v, i) => v - line(i))];
        var mean = flat.Average();
        return Array.ConvertAll(flat, v => v - mean);
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (ab, aa, bb) = (a.Zip(b, (x, y) => x * y).Sum(), a.Sum(x => x * x), b.Sum(x => x * x));
        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
