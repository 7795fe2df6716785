using System.Diagnostics;
using System.Runtime.CompilerServices;
using SignalCam.Core.Inference;

namespace SignalCam.Benchmarks;

/// <summary>How many multiply-adds one core does in a second when nothing else holds it up: twelve sums in registers, no memory.</summary>
internal static unsafe class MultiplyAddPeak
{
    // Short, so that some of the tries are not interrupted by whatever else runs.
    private const int Rounds = 5_000;
    private const int Tries = 2_000;
    private const int Sums = 12;

    /// <summary>The best of several tries, in multiply-adds a second.</summary>
    public static double Measure(VectorWidth width) => width switch
    {
        VectorWidth.V512 => Best<Lanes512>(),
        VectorWidth.V256 => Best<Lanes256>(),
        _ => Best<Lanes128>(),
    };

    private static double Best<T>()
        where T : struct, ILanes<T>
    {
        var best = 0.0;
        for (var i = 0; i < Tries; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Run<T>(0.5f);
            best = Math.Max(best, (double)Rounds * Sums * T.Count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    // Compiled in full at once: the runtime would take a second to find out that it is worth it.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Run<T>(float seed)
        where T : struct, ILanes<T>
    {
        T x = T.Broadcast(seed), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < Rounds; round++)
        {
            (a, b, c, d) = (T.MultiplyAdd(x, x, a), T.MultiplyAdd(x, x, b), T.MultiplyAdd(x, x, c), T.MultiplyAdd(x, x, d));
            (e, f, g, h) = (T.MultiplyAdd(x, x, e), T.MultiplyAdd(x, x, f), T.MultiplyAdd(x, x, g), T.MultiplyAdd(x, x, h));
            (i, j, k, l) = (T.MultiplyAdd(x, x, i), T.MultiplyAdd(x, x, j), T.MultiplyAdd(x, x, k), T.MultiplyAdd(x, x, l));
        }
        // Stored, so that no sum is left out.
        var sink = stackalloc float[Sums * T.Count];
        foreach (var sum in (ReadOnlySpan<T>)[a, b, c, d, e, f, g, h, i, j, k, l])
            T.Store(sum, sink);
    }
}
