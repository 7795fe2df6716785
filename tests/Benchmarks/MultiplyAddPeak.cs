using System.Diagnostics;
using System.Runtime.CompilerServices;
using SignalCam.Core.Inference;

namespace SignalCam.Benchmarks;

/// <summary>How many multiply-adds one core does in a second when nothing else holds it up: twelve sums in registers, no memory.</summary>
internal static unsafe class MultiplyAddPeak
{
    // Short, so that some of the tries are not interrupted by whatever else runs.
    private const int Rounds = 5_000;
    private const int Sums = 12;

    // Long enough for the runtime to compile it with all it has.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

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
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < s_patience;)
        {
            var start = Stopwatch.GetTimestamp();
            Run<T>(0.5f);
            best = Math.Max(best, (double)Rounds * Sums * T.Count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run<T>(float seed)
        where T : struct, ILanes<T>
    {
        T x = T.Broadcast(seed), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < Rounds; round++)
        {
            // One by one: several at once would need more registers than there are.
            a = T.MultiplyAdd(x, x, a);
            b = T.MultiplyAdd(x, x, b);
            c = T.MultiplyAdd(x, x, c);
            d = T.MultiplyAdd(x, x, d);
            e = T.MultiplyAdd(x, x, e);
            f = T.MultiplyAdd(x, x, f);
            g = T.MultiplyAdd(x, x, g);
            h = T.MultiplyAdd(x, x, h);
            i = T.MultiplyAdd(x, x, i);
            j = T.MultiplyAdd(x, x, j);
            k = T.MultiplyAdd(x, x, k);
            l = T.MultiplyAdd(x, x, l);
        }
        // Stored one by one, so that no sum is left out, and none is kept in memory before.
        var sink = stackalloc float[T.Count];
        T.Store(a, sink);
        T.Store(b, sink);
        T.Store(c, sink);
        T.Store(d, sink);
        T.Store(e, sink);
        T.Store(f, sink);
        T.Store(g, sink);
        T.Store(h, sink);
        T.Store(i, sink);
        T.Store(j, sink);
        T.Store(k, sink);
        T.Store(l, sink);
    }
}
