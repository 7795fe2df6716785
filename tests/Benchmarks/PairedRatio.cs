using System.Diagnostics;
using System.Globalization;

namespace SignalCam.Benchmarks;

/// <summary>
/// Compares two pieces of work call by call, A B A B ..., so that a machine whose speed drifts slows both alike.
/// The figure is the median of the pairs' ratios, with the quartiles beside it.
/// </summary>
internal static class PairedRatio
{
    public static void Print(string name, int pairs, Action baseline, Action work)
    {
        for (var warmUp = 0; warmUp < 3; warmUp++)
        {
            baseline();
            work();
        }
        var (ratios, baselines, works) = (new double[pairs], new double[pairs], new double[pairs]);
        for (var i = 0; i < pairs; i++)
        {
            // Turn about, so that neither always runs in the other's wake.
            var (first, second) = i % 2 == 0 ? (Seconds(baseline), Seconds(work)) : Swap(Seconds(work), Seconds(baseline));
            (ratios[i], baselines[i], works[i]) = (second / first, first, second);
        }
        Array.Sort(ratios);
        Array.Sort(baselines);
        Array.Sort(works);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: ratio {ratios[pairs / 2]:F3} (quartiles {ratios[pairs / 4]:F3} to {ratios[pairs * 3 / 4]:F3}, {pairs} pairs, {works[pairs / 2] * 1000:F1} against {baselines[pairs / 2] * 1000:F1} ms)"));

        static (double, double) Swap(double a, double b) => (b, a);
    }

    private static double Seconds(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }
}
