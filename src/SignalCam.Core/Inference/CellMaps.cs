using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Core.Inference;

/// <summary>From a map over feature cells to a heat map over samples.</summary>
public static class CellMaps
{
    /// <summary>
    /// The heat map of a class: an exact map is resampled and stays signed; a paper map is resampled and then stretched to [0, 1],
    /// as published.
    /// </summary>
    /// <param name="className">Name of the class.</param>
    /// <param name="cells">The class's map, one value per cell.</param>
    /// <param name="length">Samples per lead of the recording.</param>
    /// <param name="kind">Which map it is.</param>
    public static HeatMap ToHeatMap(string className, ReadOnlySpan<float> cells, int length, CamKind kind)
    {
        var samples = new float[length];
        Resample(cells, samples);
        if (kind == CamKind.Paper)
            MinMax(samples);
        return new HeatMap(className, cells.ToArray(), samples);
    }

    /// <summary>
    /// Linear interpolation with half-pixel centres (align_corners = false in PyTorch): sample i sits at cell (i + 0.5) x cells / length - 0.5,
    /// held constant beyond the outer cells.
    /// </summary>
    public static void Resample(ReadOnlySpan<float> cells, Span<float> samples)
    {
        ArgumentOutOfRangeException.ThrowIfZero(cells.Length, nameof(cells));
        for (var i = 0; i < samples.Length; i++)
        {
            var (left, right, weight) = Neighbours(i, cells.Length, samples.Length);
            samples[i] = cells[left] * (1 - weight) + cells[right] * weight;
        }
    }

    /// <summary>The cells on both sides of a sample, and the share of the right one.</summary>
    internal static (int Left, int Right, float Share) Neighbours(int sample, int cells, int samples)
    {
        var position = Math.Max(0, (sample + 0.5f) * (cells / (float)samples) - 0.5f);
        var left = Math.Min((int)position, cells - 1);
        return (left, Math.Min(left + 1, cells - 1), position - left);
    }

    /// <summary>Stretches a map to [0, 1]; a constant map becomes all zeros.</summary>
    public static void MinMax(Span<float> map)
    {
        if (map.IsEmpty)
            return;
        var low = TensorPrimitives.Min<float>(map);
        var range = TensorPrimitives.Max<float>(map) - low;
        if (range > 0)
        {
            TensorPrimitives.Subtract(map, low, map);
            TensorPrimitives.Divide(map, range, map);
        }
        else
        {
            map.Clear();
        }
    }
}
