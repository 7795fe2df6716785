using System.Numerics.Tensors;
using SignalCam.Abstractions;

namespace SignalCam.Torch.Training.Teaching;

/// <summary>
/// Mixup (Zhang et al. 2018, arXiv:1710.09412): each recording of a batch becomes a blend of itself and the next one, and so does its
/// target. One share for the whole batch, drawn from Beta(alpha, alpha); the recording's own share is the larger one.
/// </summary>
internal static class Mixup
{
    public static void Apply(Span<float> samples, Span<float> targets, int count, double alpha, EcgRandom random)
    {
        var share = (float)Share(alpha, random);
        Blend(samples, samples.Length / count, share);
        Blend(targets, targets.Length / count, share);
    }

    private static void Blend(Span<float> rows, int size, float share)
    {
        // The last row's partner is the first one as it was.
        var first = rows[..size].ToArray();
        for (var start = 0; start < rows.Length; start += size)
        {
            var row = rows.Slice(start, size);
            var next = start + size < rows.Length ? rows.Slice(start + size, size) : first;
            TensorPrimitives.Multiply(row, share, row);
            TensorPrimitives.MultiplyAdd(next, 1 - share, row, row);
        }
    }

    /// <summary>Jöhnk 1964: exact for every alpha, and quick for those up to 1.</summary>
    private static double Share(double alpha, EcgRandom random)
    {
        while (true)
        {
            var (x, y) = (Math.Pow(random.Uniform(), 1 / alpha), Math.Pow(random.Uniform(), 1 / alpha));
            if (x + y is > 0 and <= 1)
                return Math.Max(x, y) / (x + y);
        }
    }
}
