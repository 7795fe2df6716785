using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Measurements;

/// <summary>The median of the beats of the prevailing form, lead by lead.</summary>
internal sealed class MedianBeat
{
    private const double LongestBefore = 0.40;
    private const double LongestAfter = 0.72;
    private const double ShareBefore = 0.5;
    private const double ShareAfter = 0.75;
    private const double Shift = 0.04;
    private const double Core = 0.07;
    private const double LeastLikeness = 0.8;

    /// <summary>Before the beat by this much lies the PR segment, at which the baseline is read.</summary>
    private const double Isoelectric = 0.09;

    private readonly List<float[][]> _beats;

    private MedianBeat(MeasuredLeads leads, int before, List<float[][]> beats, int[] indices, int[] marks)
    {
        (Leads, At, _beats, Indices, Marks) = (leads, before, beats, indices, marks);
        Samples = [.. Enumerable.Range(0, leads.Count).Select(lead => Median([.. beats.Select(b => b[lead])]))];
    }

    public MeasuredLeads Leads { get; }

    /// <summary>The sample of the beat's mark.</summary>
    public int At { get; }

    /// <summary>In millivolt, by lead, then by time.</summary>
    public float[][] Samples { get; }

    /// <summary>Which beats it is from.</summary>
    public int[] Indices { get; }

    /// <summary>The sample of the recording that each of them is aligned by.</summary>
    public int[] Marks { get; }

    /// <summary>The beats by themselves, by lead, aligned as the median is.</summary>
    public IReadOnlyList<float[][]> Beats => _beats;

    public int Length => Samples[0].Length;

    /// <summary>Aligns the beats and takes the median of those that look alike; null if fewer than three do.</summary>
    public static MedianBeat? TryCreate(MeasuredLeads leads, List<int> marks)
    {
        var usual = OrderStatistics.Median([.. marks.Zip(marks.Skip(1), (a, b) => (double)(b - a))]);
        var before = Math.Min(leads.Of(LongestBefore), (int)(ShareBefore * usual));
        var after = Math.Min(leads.Of(LongestAfter), (int)(ShareAfter * usual));
        var level = Levelled(leads, marks);
        var shift = leads.Of(Shift);
        int[] whole = [.. Enumerable.Range(0, marks.Count)
            .Where(i => marks[i] - before - shift >= 0 && marks[i] + after + shift < leads.Length)];
        if (whole.Length < 3)
            return null;
        var at = whole.ToDictionary(i => i, i => marks[i]);
        // The first template is the beats as they were marked; what it aligns makes the second one.
        for (var pass = 0; pass < 2; pass++)
        {
            var template = new MedianBeat(leads, before, [.. whole.Select(i => Cut(level, at[i], before, after))], whole, Marked(whole));
            foreach (var i in whole)
                at[i] = Aligned(level, marks[i], template, shift).At;
        }
        var all = new MedianBeat(leads, before, [.. whole.Select(i => Cut(level, at[i], before, after))], whole, Marked(whole));
        int[] alike = [.. whole.Where(i => Likeness(level, at[i], all, leads.Of(Core)) >= LeastLikeness)];
        return alike.Length < 3
            ? null
            : new MedianBeat(leads, before, [.. alike.Select(i => Cut(level, at[i], before, after))], alike, Marked(alike));

        int[] Marked(int[] beats) => [.. beats.Select(i => at[i])];
    }

    /// <summary>
    /// The leads without the line through the PR segments of the beats (Meyer and Keiser 1977 take a spline through them).
    /// </summary>
    private static float[][] Levelled(MeasuredLeads leads, List<int> marks)
    {
        var (ahead, half) = (leads.Of(Isoelectric), leads.Of(0.01));
        int[] knots = [.. marks.Select(m => m - ahead).Where(k => k >= half && k + half < leads.Length)];
        return [.. leads.Samples.Select(samples =>
        {
            double[] heights = [.. knots.Select(
                k => OrderStatistics.Median(Array.ConvertAll(samples[(k - half)..(k + half + 1)], v => (double)v)))];
            var levelled = new float[samples.Length];
            for (int t = 0, next = 0; t < samples.Length; t++)
            {
                while (next < knots.Length && knots[next] <= t)
                    next++;
                var level = knots.Length == 0 ? 0 : next == 0 ? heights[0] : next == knots.Length ? heights[^1]
                    : heights[next - 1] + ((heights[next] - heights[next - 1]) * (t - knots[next - 1]) / (knots[next] - knots[next - 1]));
                levelled[t] = (float)(samples[t] - level);
            }
            return levelled;
        })];
    }

    private static float[][] Cut(float[][] level, int at, int before, int after) =>
        [.. level.Select(lead => lead[(at - before)..(at + after + 1)])];

    private static (int At, double Likeness) Aligned(float[][] level, int mark, MedianBeat template, int shift)
    {
        var best = (At: mark, Likeness: double.NegativeInfinity);
        var core = template.Leads.Of(Core);
        for (var at = mark - shift; at <= mark + shift; at++)
            if (Likeness(level, at, template, core) is var likeness && likeness > best.Likeness)
                best = (at, likeness);
        return best;
    }

    /// <summary>Correlation with a template around the mark, of all leads together.</summary>
    private static double Likeness(float[][] level, int at, MedianBeat template, int core)
    {
        var (xy, xx, yy) = (0.0, 0.0, 0.0);
        for (var lead = 0; lead < level.Length; lead++)
        {
            for (var t = Math.Max(-core, -template.At); t <= Math.Min(core, template.Length - 1 - template.At); t++)
            {
                if (at + t < 0 || at + t >= level[lead].Length)
                    continue;
                var (x, y) = (level[lead][at + t], template.Samples[lead][template.At + t]);
                (xy, xx, yy) = (xy + (x * y), xx + (x * x), yy + (y * y));
            }
        }
        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : 0;
    }

    private static float[] Median(float[][] beats)
    {
        var (median, column) = (new float[beats[0].Length], new double[beats.Length]);
        for (var t = 0; t < median.Length; t++)
        {
            for (var b = 0; b < beats.Length; b++)
                column[b] = beats[b][t];
            median[t] = (float)OrderStatistics.Median(column);
        }
        return median;
    }
}
