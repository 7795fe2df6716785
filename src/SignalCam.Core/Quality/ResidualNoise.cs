using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignalCam.Core.Quality;

/// <summary>
/// The noise of a lead: what is left of it once the mean beat is taken off each beat, above about 10 Hz, and away from the steep part of
/// the beats, which never fit quite.
/// </summary>
internal sealed class ResidualNoise
{
    /// <summary>Samples on each side of the mean that is taken off: what is slower than that is no noise.</summary>
    private const int Reach = 2;

    /// <summary>The fewest blocks without a beat by which a second is judged.</summary>
    private const int FewestBlocks = 2;

    /// <summary>Seconds over which noise is averaged to find the noisiest and the quietest.</summary>
    public const double WindowSeconds = 1.3;

    private float[] _residual = [];
    private float[] _blocks = [];

    public void Measure(RecordingAnalysis analysis, int lead, ref LeadStatistics statistics)
    {
        var (length, blocks) = (analysis.Length, (analysis.Length - 2 * Reach) / RecordingAnalysis.Block);
        if (blocks < 1)
            return;
        if (_residual.Length < length)
            (_residual, _blocks) = (new float[length], new float[length / RecordingAnalysis.Block + 1]);
        var residual = _residual.AsSpan(0, length);
        analysis.Working(lead).CopyTo(residual);
        if (analysis.Beats.Used > 0)
            TakeOffBeats(analysis.Beats, analysis.Beats.Template(lead), residual);
        SumBlocks(residual, _blocks.AsSpan(0, blocks));
        Judge(_blocks.AsSpan(0, Math.Min(blocks, analysis.Blocks)), analysis.Beats.Blocks,
            (int)Math.Round(WindowSeconds * analysis.Rate / RecordingAnalysis.Block), ref statistics);
    }

    /// <summary>Each beat loses the mean one, as far as the middle between it and its neighbours.</summary>
    private static void TakeOffBeats(BeatAnalysis beats, ReadOnlySpan<float> template, Span<float> residual)
    {
        // Where the mean beat begins and ends nothing may jump.
        var offset = (template[0] + template[^1]) / 2;
        var places = beats.Places;
        for (var i = 0; i < places.Length; i++)
        {
            var origin = places[i] - beats.TemplateCenter;
            var start = Math.Max(origin, i > 0 ? (places[i - 1] + places[i]) / 2 : 0);
            var end = Math.Min(origin + template.Length, i + 1 < places.Length ? (places[i] + places[i + 1]) / 2 : residual.Length);
            start = Math.Max(0, start);
            if (end <= start)
                continue;
            var target = residual[start..end];
            TensorPrimitives.Subtract(target, template[(start - origin)..(end - origin)], target);
            TensorPrimitives.Add(target, offset, target);
        }
    }

    /// <summary>The mean size of each block's samples, less the mean of the five around each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumBlocks(ReadOnlySpan<float> residual, Span<float> blocks)
    {
        ref var x = ref MemoryMarshal.GetReference(residual);
        var (lanes, own, others) = (Vector<float>.Count, Vector.Create(0.8f), Vector.Create(0.2f));
        for (var b = 0; b < blocks.Length; b++)
        {
            var sum = Vector<float>.Zero;
            for (int t = b * RecordingAnalysis.Block, end = t + RecordingAnalysis.Block; t < end; t += lanes)
            {
                var around = Vector.LoadUnsafe(ref x, (nuint)t) + Vector.LoadUnsafe(ref x, (nuint)(t + 1))
                    + Vector.LoadUnsafe(ref x, (nuint)(t + 3)) + Vector.LoadUnsafe(ref x, (nuint)(t + 4));
                sum += Vector.Abs(own * Vector.LoadUnsafe(ref x, (nuint)(t + 2)) - others * around);
            }
            blocks[b] = Vector.Sum(sum) * (1f / RecordingAnalysis.Block);
        }
    }

    private static void Judge(ReadOnlySpan<float> blocks, ReadOnlySpan<bool> isBeat, int second, ref LeadStatistics statistics)
    {
        var (highest, lowest, start) = (0f, float.PositiveInfinity, 0);
        var (sum, count) = (0f, 0);
        for (var b = 0; b < blocks.Length; b++)
        {
            if (!isBeat[b])
                (sum, count) = (sum + blocks[b], count + 1);
            if (b >= second && !isBeat[b - second])
                (sum, count) = (sum - blocks[b - second], count - 1);
            if (b < second - 1 || count < FewestBlocks)
                continue;
            var mean = MathF.Max(0, sum / count);
            lowest = MathF.Min(lowest, mean);
            if (mean > highest)
                (highest, start) = (mean, Math.Max(0, b - second + 1));
        }
        if (highest > lowest)
            (statistics.Burst, statistics.BurstStart) = ((highest - lowest) / (lowest + 0.005f), start * RecordingAnalysis.Block);
    }
}
