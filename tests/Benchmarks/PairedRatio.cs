using System.Diagnostics;
using System.Globalization;

namespace SignalCam.Benchmarks;

/// <summary>
/// Compares two pieces of work call by call, A B A B ..., so that a machine whose speed drifts slows both alike.
/// The figure is the median of the pairs' ratios, with the quartiles beside it; processor time, of all threads, is not prolonged by what
/// else runs.
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
        var (ratios, baselines, works) = (new double[pairs], new Cost[pairs], new Cost[pairs]);
        for (var i = 0; i < pairs; i++)
        {
            // Turn about, so that neither always runs in the other's wake.
            var (first, second) = i % 2 == 0 ? (Measure(baseline), Measure(work)) : Swap(Measure(work), Measure(baseline));
            (ratios[i], baselines[i], works[i]) = (second.Seconds / first.Seconds, first, second);
        }
        Array.Sort(ratios);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: ratio {ratios[pairs / 2]:F3} (quartiles {ratios[pairs / 4]:F3} to {ratios[pairs * 3 / 4]:F3}, {pairs} pairs, "
            + $"{Median(works, c => c.Seconds) * 1000:F1} against {Median(baselines, c => c.Seconds) * 1000:F1} ms); of the shortest "
            + $"{works.Min(c => c.Seconds) / baselines.Min(c => c.Seconds):F3}; "
            + $"of processor time {Median(works, c => c.Processor) / Median(baselines, c => c.Processor):F3}, of the least "
            + $"{works.Min(c => c.Processor) / baselines.Min(c => c.Processor):F3}"));

        static (Cost, Cost) Swap(Cost a, Cost b) => (b, a);
    }

    private static double Median(Cost[] costs, Func<Cost, double> part) => costs.Select(part).Order().ElementAt(costs.Length / 2);

    private static Cost Measure(Action action)
    {
        using var self = Process.GetCurrentProcess();
        var (processor, clock) = (self.TotalProcessorTime, Stopwatch.StartNew());
        action();
        var seconds = clock.Elapsed.TotalSeconds;
        self.Refresh();
        return new(seconds, (self.TotalProcessorTime - processor).TotalSeconds);
    }

    private readonly record struct Cost(double Seconds, double Processor);
}
