using System.Runtime.InteropServices;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;

namespace SignalCam.Core.Calibration;

/// <summary>
/// Calibrates the probability as a non-decreasing function of the logit, without assuming its shape: the least-squares fit among all such
/// functions (Zadrozny and Elkan 2002, doi 10.1145/775047.775151), by pooling adjacent violators. Needs about a thousand recordings to be
/// worth it.
/// </summary>
internal static class IsotonicRegression
{
    /// <summary>Fits.</summary>
    /// <param name="labels">1 for a positive recording, 0 for a negative one.</param>
    /// <param name="logits">The network's logit of each.</param>
    /// <returns>A calibration that has the curve; null if there is one kind of label only, or where the best curve is flat.</returns>
    /// <exception cref="ArgumentException">
    /// No recording, unequal lengths, a label that is neither 0 nor 1, or a logit that is not finite.
    /// </exception>
    public static ClassCalibration? Fit(ReadOnlySpan<float> labels, ReadOnlySpan<float> logits)
    {
        MetricInput.CheckScores(labels, logits);
        var (x, y) = (new double[labels.Length], new double[labels.Length]);
        for (var i = 0; i < x.Length; i++)
        {
            if (!float.IsFinite(logits[i]))
                throw new ArgumentException($"logit {i} is {logits[i]}", nameof(logits));
            (x[i], y[i]) = (logits[i], MetricInput.IsPositive(labels, i) ? 1 : 0);
        }
        Array.Sort(x, y);
        var pools = CollectionsMarshal.AsSpan(Pool(x, y));
        if (pools.Length < 2)
            return null;
        // Both ends of a flat part suffice: between them the curve is a line. Scikit-learn keeps the same points.
        var (knots, values) = (new List<double>(), new List<double>());
        foreach (var pool in pools)
        {
            knots.Add(pool.From);
            values.Add(pool.Mean);
            if (pool.To == pool.From)
                continue;
            knots.Add(pool.To);
            values.Add(pool.Mean);
        }
        return new ClassCalibration(1, 0) { Isotonic = new IsotonicCurve(knots, values) };
    }

    private static List<Part> Pool(double[] x, double[] y)
    {
        var pools = new List<Part>();
        for (var i = 0; i < x.Length;)
        {
            // Equal logits have one value of the curve.
            var (start, sum) = (i, 0.0);
            for (; i < x.Length && x[i] == x[start]; i++)
                sum += y[i];
            var part = new Part(x[start], x[start], sum, i - start);
            while (pools.Count > 0 && pools[^1].Mean >= part.Mean)
            {
                part = new Part(pools[^1].From, part.To, pools[^1].Sum + part.Sum, pools[^1].Count + part.Count);
                pools.RemoveAt(pools.Count - 1);
            }
            pools.Add(part);
        }
        return pools;
    }

    private readonly record struct Part(double From, double To, double Sum, int Count)
    {
        public double Mean => Sum / Count;
    }
}
