using System.Buffers;
using System.Numerics;

namespace SignalCam.Core.Preprocessing;

/// <summary>Medians and quantiles by selection (Hoare's quickselect), in linear time on the average and without sorting.</summary>
internal static unsafe class OrderStatistics
{
    private const int SortedBelow = 16;
    private const int NineSamplesAbove = 100;

    /// <summary>The median; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(ReadOnlySpan<double> values) => Quantile(values, 0.5);

    /// <summary>The lower quartile, the median and the upper quartile, each as by <see cref="Quantile"/>.</summary>
    public static (double Lower, double Median, double Upper) Quartiles(ReadOnlySpan<double> values) =>
        (Quantile(values, 0.25), Quantile(values, 0.5), Quantile(values, 0.75));

    /// <summary>The quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default).</summary>
    /// <param name="values">At least one.</param>
    /// <param name="fraction">0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> values, double fraction)
    {
        var position = fraction * (values.Length - 1);
        var rank = (int)position;
        var rented = ArrayPool<double>.Shared.Rent(2 * values.Length);
        double low;
        fixed (double* scratch = rented)
        {
            values.CopyTo(rented);
            low = Select(scratch, scratch + values.Length, values.Length, rank);
        }
        ArrayPool<double>.Shared.Return(rented);
        return rank == position ? low : low + (position - rank) * (Next(values, low, rank) - low);
    }

    /// <summary>
    /// Splits again and again into what is below and above a pivot. Every value is written to both sides and counted on one, without a
    /// branch on a comparison, which a processor would foretell wrongly half of the time.
    /// </summary>
    /// <param name="values">The values; overwritten.</param>
    /// <param name="spare">Room for as many.</param>
    /// <param name="count">How many.</param>
    /// <param name="rank">Which one is wanted, from 0.</param>
    private static double Select(double* values, double* spare, int count, int rank)
    {
        while (count > SortedBelow)
        {
            var pivot = Pivot(values, count);
            int below = 0, above = 0;
            for (var i = 0; i < count; i++)
            {
                var value = values[i];
                values[below] = value;
                spare[above] = value;
                below += value < pivot ? 1 : 0;
                above += value > pivot ? 1 : 0;
            }
            if (rank < below)
            {
                count = below;
            }
            else if (rank >= count - above)
            {
                rank -= count - above;
                count = above;
                var other = spare;
                spare = values;
                values = other;
            }
            else
            {
                return pivot;
            }
        }
        new Span<double>(values, count).Sort();
        return values[rank];
    }

    private static double Pivot(double* values, int count)
    {
        var step = count / 9;
        return count < NineSamplesAbove
            ? MedianOfThree(values[0], values[count / 2], values[count - 1])
            : MedianOfThree(
                MedianOfThree(values[0], values[step], values[2 * step]),
                MedianOfThree(values[3 * step], values[4 * step], values[5 * step]),
                MedianOfThree(values[6 * step], values[7 * step], values[8 * step]));
    }

    /// <summary>The value of the next rank, which is the same again where there are enough of it, or the smallest of those above.</summary>
    private static double Next(ReadOnlySpan<double> values, double low, int rank)
    {
        var (lows, infinity) = (Vector.Create(low), Vector.Create(double.PositiveInfinity));
        var (upTo, smallest) = (Vector<long>.Zero, infinity);
        var i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var value = new Vector<double>(values[i..]);
            var isUpTo = Vector.LessThanOrEqual(value, lows);
            upTo -= isUpTo;
            smallest = Vector.Min(smallest, Vector.ConditionalSelect(isUpTo, infinity, value));
        }
        var (count, next) = (Vector.Sum(upTo), double.PositiveInfinity);
        for (var lane = 0; lane < Vector<double>.Count; lane++)
            next = Math.Min(next, smallest[lane]);
        for (; i < values.Length; i++)
        {
            if (values[i] <= low)
                count++;
            else
                next = Math.Min(next, values[i]);
        }
        return count > rank + 1 ? low : next;
    }

    private static double MedianOfThree(double a, double b, double c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
