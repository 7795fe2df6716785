using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Core.Inference;

/// <summary>From a map over feature cells to a heat map over samples.</summary>
internal static class CellMaps
{
    /// <summary>
    /// The heat map of a class: an exact map is resampled and stays signed; a paper map is resampled and then stretched to [0, 1],
    /// as published.
    /// </summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="cells">The class's map, one value per cell.</param>
    /// <param name="length">Samples per lead of the recording.</param>
    /// <param name="kind">The kind of map.</param>
    public static HeatMap ToHeatMap(string className, ReadOnlySpan<float> cells, int length, CamKind kind)
    {
        var samples = new float[length];
        Resample(cells, samples);
        if (kind == CamKind.Paper)
            MinMax(samples);
        return new HeatMap(className, [.. cells], [.. samples]);
    }

    /// <summary>
    /// Linear interpolation with half-pixel centres (align_corners = false in PyTorch): sample i sits at cell (i + 0.5) x cells / length -
    /// 0.5, held constant beyond the outer cells.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Resample(ReadOnlySpan<float> cells, Span<float> samples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(cells.Length, nameof(cells));
        var (ratio, last, lanes) = (cells.Length / (float)samples.Length, cells.Length - 1, Vector<float>.Count);
        var sequence = Vector.CreateSequence(0.5f, 1f);
        for (var i = 0; i < samples.Length;)
        {
            // From one cell's centre to the next the map is a straight line.
            var left = Math.Min((int)Position(i, ratio), last);
            var end = left == last ? samples.Length : Math.Clamp((int)MathF.Ceiling((left + 1.5f) / ratio - 0.5f), i + 1, samples.Length);
            var (start, slope) = (cells[left], cells[Math.Min(left + 1, last)] - cells[left]);
            // What a vector writes beyond the line's end, the next line writes again.
            for (; i < end && i <= samples.Length - lanes; i += lanes)
            {
                var positions = Vector.Max((sequence + Vector.Create((float)i)) * ratio - Vector.Create(0.5f), Vector<float>.Zero);
                (Vector.Create(start) + Vector.Create(slope) * (positions - Vector.Create((float)left))).CopyTo(samples[i..]);
            }
            for (; i < end; i++)
                samples[i] = start + slope * (Position(i, ratio) - left);
            i = end;
        }
    }

    /// <summary>The cells on both sides of a sample, and the share of the right one.</summary>
    internal static (int Left, int Right, float Share) Neighbours(int sample, int cells, int samples)
    {
        var position = Position(sample, cells / (float)samples);
        var left = Math.Min((int)position, cells - 1);
        return (left, Math.Min(left + 1, cells - 1), position - left);
    }

    private static float Position(int sample, float cellsPerSample) => Math.Max(0, (sample + 0.5f) * cellsPerSample - 0.5f);

    /// <summary>Stretches a map to [0, 1]; a constant map becomes all zeros.</summary>
    // A library's loops are compiled in a hurry at first: with them the first recordings of a process took a third longer.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MinMax(Span<float> map)
    {
        if (map.IsEmpty)
            return;
        var lanes = Vector<float>.Count;
        ref var first = ref MemoryMarshal.GetReference(map);
        var (lows, highs) = (Vector.Create(first), Vector.Create(first));
        var i = 0;
        for (; i <= map.Length - lanes; i += lanes)
        {
            var values = Vector.LoadUnsafe(ref first, (nuint)i);
            (lows, highs) = (Vector.Min(lows, values), Vector.Max(highs, values));
        }
        var (low, high) = (first, first);
        for (var lane = 0; lane < lanes; lane++)
            (low, high) = (Math.Min(low, lows[lane]), Math.Max(high, highs[lane]));
        for (; i < map.Length; i++)
            (low, high) = (Math.Min(low, map[i]), Math.Max(high, map[i]));
        var range = high - low;
        if (!(range > 0))
        {
            map.Clear();
            return;
        }
        for (i = 0; i <= map.Length - lanes; i += lanes)
            ((Vector.LoadUnsafe(ref first, (nuint)i) - Vector.Create(low)) / range).StoreUnsafe(ref first, (nuint)i);
        for (; i < map.Length; i++)
            map[i] = (map[i] - low) / range;
    }
}
