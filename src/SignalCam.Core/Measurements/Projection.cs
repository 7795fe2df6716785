using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Measurements;

/// <summary>The sum of leads, each with a weight, that shows a stretch of a beat best: its first principal component.</summary>
internal sealed class Projection
{
    private const int Iterations = 60;

    private readonly double[] _weights;

    private Projection(double[] weights) => _weights = weights;

    /// <summary>
    /// Finds the weights for the samples from one to before another, each lead without the line through the stretch's ends.
    /// </summary>
    public static Projection Of(float[][] leads, int from, int to)
    {
        var stretch = leads.Select(lead => WithoutLine(lead, from, to)).ToArray();
        var weights = Enumerable.Repeat(1 / Math.Sqrt(leads.Length), leads.Length).ToArray();
        // Starts with the lead that has the most of it, so that weights of opposite signs do not begin at nothing.
        var strongest = Enumerable.Range(0, leads.Length).MaxBy(l => stretch[l].Sum(v => v * v));
        Array.Fill(weights, 0);
        weights[strongest] = 1;
        for (var i = 0; i < Iterations; i++)
        {
            var sum = Sum(stretch, weights);
            var next = stretch.Select(lead => lead.Zip(sum, (a, b) => a * b).Sum()).ToArray();
            var norm = Math.Sqrt(next.Sum(w => w * w));
            if (norm <= 0)
                break;
            weights = [.. next.Select(w => w / norm)];
        }
        return new Projection(weights);
    }

    /// <summary>The weighted sum over a whole beat, smoothed by a moving mean of this many samples.</summary>
    public double[] Apply(float[][] leads, int width) =>
        Smooth(Sum([.. leads.Select(lead => Array.ConvertAll(lead, v => (double)v))], _weights), width);

    /// <summary>A moving mean, shorter at the ends.</summary>
    public static double[] Smooth(double[] values, int width)
    {
        var sums = new double[values.Length + 1];
        for (var t = 0; t < values.Length; t++)
            sums[t + 1] = sums[t] + values[t];
        var half = width / 2;
        return [.. values.Select((_, t) =>
        {
            var (from, to) = (Math.Max(0, t - half), Math.Min(values.Length, t + half + 1));
            return (sums[to] - sums[from]) / (to - from);
        })];
    }

    /// <summary>Standard deviation of what is left of a smoothed projection's noise, from differences over some samples.</summary>
    public static double Noise(double[] values, int lag)
    {
        double[] differences = [.. values.Skip(lag).Zip(values, (a, b) => Math.Abs(a - b))];
        return OrderStatistics.Median(differences) / 0.6745 / Math.Sqrt(2);
    }

    private static double[] WithoutLine(float[] lead, int from, int to)
    {
        var (first, last, count) = (lead[from], lead[to - 1], Math.Max(1, to - from - 1));
        return [.. Enumerable.Range(0, to - from).Select(i => lead[from + i] - (first + ((double)(last - first) * i / count)))];
    }

    private static double[] Sum(double[][] leads, double[] weights)
    {
        var sum = new double[leads[0].Length];
        for (var lead = 0; lead < leads.Length; lead++)
            for (var t = 0; t < sum.Length; t++)
                sum[t] += weights[lead] * leads[lead][t];
        return sum;
    }
}
