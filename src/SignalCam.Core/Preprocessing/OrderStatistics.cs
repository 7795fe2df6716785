using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SignalCam.Core.Preprocessing;

/// <summary>Medians and quantiles by counting and selection (Hoare's quickselect), in linear time on the average and without sorting.</summary>
internal static unsafe class OrderStatistics
{
    private const int SortedBelow = 16;
    private const int NineSamplesAbove = 100;

    // Of the samples of a lead, eight to ten leave no more than are sorted.
    private const int MostHalvings = 16;

    /// <summary>The median; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(ReadOnlySpan<double> values) => Quantile(values, 0.5);

    /// <summary>The lower quartile, the median and the upper quartile, each as by <see cref="Quantile"/>.</summary>
    public static (double Lower, double Median, double Upper) Quartiles(ReadOnlySpan<double> values) =>
        (Quantile(values, 0.25), Quantile(values, 0.5), Quantile(values, 0.75));

    /// <summary>The largest absolute value of finite numbers; 0 for none.</summary>
    public static double LargestMagnitude(ReadOnlySpan<double> values)
    {
        var (even, odd) = (Vector<double>.Zero, Vector<double>.Zero);
        var lanes = Vector<double>.Count;
        var i = 0;
        for (; i <= values.Length - 2 * lanes; i += 2 * lanes)
        {
            even = Vector.MaxNative(even, Vector.Abs(new Vector<double>(values[i..])));
            odd = Vector.MaxNative(odd, Vector.Abs(new Vector<double>(values[(i + lanes)..])));
        }
        even = Vector.MaxNative(even, odd);
        var largest = 0.0;
        for (var lane = 0; lane < lanes; lane++)
            largest = Math.Max(largest, even[lane]);
        for (; i < values.Length; i++)
            largest = Math.Max(largest, Math.Abs(values[i]));
        return largest;
    }

    /// <summary>The quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default).</summary>
    /// <param name="values">At least one.</param>
    /// <param name="fraction">0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> values, double fraction)
    {
        var position = fraction * (values.Length - 1);
        var rank = (int)position;
        var rented = ArrayPool<double>.Shared.Rent(2 * values.Length);
        double low;
        fixed (double* all = values, scratch = rented)
        {
            var (from, to, below) = Narrow(all, values.Length, rank);
            var count = Collect(all, values.Length, from, to, scratch);
            low = Select(scratch, scratch + values.Length, count, rank - below);
            if (rank != position)
                low += (position - rank) * (Next(all, values.Length, low, rank) - low);
        }
        ArrayPool<double>.Shared.Return(rented);
        return low;
    }

    /// <summary>
    /// Halves the range in which the value of a rank lies until few values are left there: counting what is below the middle takes a
    /// fraction of the time that moving values takes. Where halving does not help, since some values are far off, the rest is selection's.
    /// </summary>
    /// <returns>The range, its end left out, and how many values are below it.</returns>
    private static (double From, double To, int Below) Narrow(double* values, int length, int rank)
    {
        var (from, to) = Extremes(values, length);
        var (below, upTo, end) = (0, length, double.PositiveInfinity);
        for (var halving = 0; halving < MostHalvings && upTo - below > SortedBelow; halving++)
        {
            var middle = from + (to - from) / 2;
            if (!(middle > from && middle < to))
                break;
            var count = CountBelow(values, length, middle);
            if (count <= rank)
                (from, below) = (middle, count);
            else
                (to, end, upTo) = (middle, middle, count);
        }
        return (from, end, below);
    }

    private static (double Smallest, double Largest) Extremes(double* values, int length)
    {
        var (smallest, largest) = (Vector.Create(values[0]), Vector.Create(values[0]));
        var i = 0;
        for (; i <= length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var value = Vector.Load(values + i);
            (smallest, largest) = (Vector.MinNative(smallest, value), Vector.MaxNative(largest, value));
        }
        var (low, high) = (smallest[0], largest[0]);
        for (var lane = 1; lane < Vector<double>.Count; lane++)
            (low, high) = (Math.Min(low, smallest[lane]), Math.Max(high, largest[lane]));
        for (; i < length; i++)
            (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
        return (low, high);
    }

    // Compiled in full at once: a program that classifies one recording would be at its end before the runtime found out.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CountBelow(double* values, int length, double limit)
    {
        var limits = Vector.Create(limit);
        Vector<long> a = default, b = default, c = default, d = default;
        var lanes = Vector<double>.Count;
        var i = 0;
        for (; i <= length - 4 * lanes; i += 4 * lanes)
        {
            a -= Vector.LessThan(Vector.Load(values + i), limits);
            b -= Vector.LessThan(Vector.Load(values + i + lanes), limits);
            c -= Vector.LessThan(Vector.Load(values + i + 2 * lanes), limits);
            d -= Vector.LessThan(Vector.Load(values + i + 3 * lanes), limits);
        }
        var count = (int)Vector.Sum(a + b + c + d);
        for (; i < length; i++)
            count += values[i] < limit ? 1 : 0;
        return count;
    }

    /// <summary>Copies the values of a range, its end left out, and returns how many there are; most vectors hold none.</summary>
    private static int Collect(double* values, int length, double from, double to, double* destination)
    {
        var (lower, upper) = (Vector.Create(from), Vector.Create(to));
        var (count, i, lanes) = (0, 0, Vector<double>.Count);
        for (; i <= length - lanes; i += lanes)
        {
            var value = Vector.Load(values + i);
            if ((Vector.GreaterThanOrEqual(value, lower) & Vector.LessThan(value, upper)) != Vector<long>.Zero)
                for (var lane = 0; lane < lanes; lane++)
                    Take(values[i + lane]);
        }
        for (; i < length; i++)
            Take(values[i]);
        return count;

        void Take(double value)
        {
            destination[count] = value;
            count += value >= from && value < to ? 1 : 0;
        }
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
    private static double Next(double* values, int length, double low, int rank)
    {
        var (lows, infinity) = (Vector.Create(low), Vector.Create(double.PositiveInfinity));
        var (upTo, smallest) = (Vector<long>.Zero, infinity);
        var i = 0;
        for (; i <= length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var value = Vector.Load(values + i);
            var isUpTo = Vector.LessThanOrEqual(value, lows);
            upTo -= isUpTo;
            smallest = Vector.Min(smallest, Vector.ConditionalSelect(isUpTo, infinity, value));
        }
        var (count, next) = (Vector.Sum(upTo), double.PositiveInfinity);
        for (var lane = 0; lane < Vector<double>.Count; lane++)
            next = Math.Min(next, smallest[lane]);
        for (; i < length; i++)
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
