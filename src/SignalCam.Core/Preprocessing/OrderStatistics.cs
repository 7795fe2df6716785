using System.Buffers;
using System.Numerics.Tensors;

namespace SignalCam.Core.Preprocessing;

/// <summary>Medians and quantiles by selection (Hoare's quickselect), in linear time on the average and without sorting.</summary>
internal static class OrderStatistics
{
    /// <summary>The median; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        var rented = ArrayPool<double>.Shared.Rent(values.Length);
        var scratch = rented.AsSpan(0, values.Length);
        values.CopyTo(scratch);
        var median = Quantile(scratch, 0.5);
        ArrayPool<double>.Shared.Return(rented);
        return median;
    }

    /// <summary>The lower quartile, the median and the upper quartile, each as by <see cref="Quantile"/>.</summary>
    public static (double Lower, double Median, double Upper) Quartiles(ReadOnlySpan<double> values)
    {
        var rented = ArrayPool<double>.Shared.Rent(values.Length);
        var scratch = rented.AsSpan(0, values.Length);
        values.CopyTo(scratch);
        var quartiles = (Quantile(scratch, 0.25), Quantile(scratch, 0.5), Quantile(scratch, 0.75));
        ArrayPool<double>.Shared.Return(rented);
        return quartiles;
    }

    /// <summary>The quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default).</summary>
    /// <param name="values">At least one; left in another order.</param>
    /// <param name="fraction">0 to 1.</param>
    public static double Quantile(Span<double> values, double fraction)
    {
        var position = fraction * (values.Length - 1);
        var rank = (int)position;
        var low = Select(values, rank);
        // After the selection everything above the rank stands to its right.
        return rank == position ? low : low + (position - rank) * (TensorPrimitives.Min<double>(values[(rank + 1)..]) - low);
    }

    private static double Select(Span<double> values, int rank)
    {
        int left = 0, right = values.Length - 1;
        while (left < right)
        {
            var pivot = MedianOfThree(values[left], values[(left + right) >> 1], values[right]);
            int i = left, j = right;
            while (i <= j)
            {
                while (values[i] < pivot)
                    i++;
                while (values[j] > pivot)
                    j--;
                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    i++;
                    j--;
                }
            }
            if (rank <= j)
                right = j;
            else if (rank >= i)
                left = i;
            else
                break;
        }
        return values[rank];
    }

    private static double MedianOfThree(double a, double b, double c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
