using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// Medians and quantiles in linear time and without sorting: keys of 16 bits say which few values the wanted one is among, and selection
/// (Hoare's quickselect) finds it there.
/// </summary>
internal static unsafe class OrderStatistics
{
    private const int SortedUpTo = 16;

    // Fewer are selected from as they are: sixteen passes over keys would cost more.
    private const int SelectedFromUpTo = 64;

    private const int NineSamplesAbove = 100;

    // Keys are 16 bits: of a thousand samples of an ECG, few have the same.
    private const int Levels = ushort.MaxValue;
    private const int KeyBits = 16;

    // Counts of so many keys do not overflow 16 bits.
    private const int CountedAtOnce = 1 << 14;

    // Added to a number below 2^16 it leaves that number, rounded, less 2^15 in the lowest 16 bits: a signed key.
    private const double ToKey = (1L << 52) + (1 << 15);

    /// <summary>The median; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(ReadOnlySpan<double> values) => Quantile(values, 0.5, Range(values));

    /// <summary>The median of values whose <see cref="Range"/> is known.</summary>
    public static double Median(ReadOnlySpan<double> values, (double Smallest, double Largest) range) => Quantile(values, 0.5, range);

    /// <summary>
    /// The lower quartile, the median and the upper quartile, each as by <see cref="Quantile(ReadOnlySpan{double}, double)"/>.
    /// </summary>
    public static (double Lower, double Median, double Upper) Quartiles(ReadOnlySpan<double> values)
    {
        var range = Range(values);
        return (Quantile(values, 0.25, range), Quantile(values, 0.5, range), Quantile(values, 0.75, range));
    }

    /// <summary>The smallest and the largest of at least one finite number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Smallest, double Largest) Range(ReadOnlySpan<double> values)
    {
        var lanes = Vector<double>.Count;
        ref var first = ref MemoryMarshal.GetReference(values);
        var (smallest, largest) = (Vector.Create(values[0]), Vector.Create(values[0]));
        var (smallestOdd, largestOdd) = (smallest, largest);
        var i = 0;
        for (; i <= values.Length - 2 * lanes; i += 2 * lanes)
        {
            Vector<double> even = Vector.LoadUnsafe(ref first, (nuint)i), odd = Vector.LoadUnsafe(ref first, (nuint)(i + lanes));
            (smallest, largest) = (Vector.MinNative(smallest, even), Vector.MaxNative(largest, even));
            (smallestOdd, largestOdd) = (Vector.MinNative(smallestOdd, odd), Vector.MaxNative(largestOdd, odd));
        }
        (smallest, largest) = (Vector.MinNative(smallest, smallestOdd), Vector.MaxNative(largest, largestOdd));
        var (low, high) = (smallest[0], largest[0]);
        for (var lane = 1; lane < lanes; lane++)
            (low, high) = (Math.Min(low, smallest[lane]), Math.Max(high, largest[lane]));
        for (; i < values.Length; i++)
            (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
        return (low, high);
    }

    /// <summary>The largest absolute value of finite numbers; 0 for none.</summary>
    public static double LargestMagnitude(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return 0;
        var (smallest, largest) = Range(values);
        return Math.Max(Math.Abs(smallest), Math.Abs(largest));
    }

    /// <summary>
    /// The quantile with linear interpolation between order statistics (type 7 of Hyndman and Fan 1996, NumPy's default).
    /// </summary>
    /// <param name="values">At least one, all finite.</param>
    /// <param name="fraction">0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> values, double fraction) => Quantile(values, fraction, Range(values));

    private static double Quantile(ReadOnlySpan<double> values, double fraction, (double Smallest, double Largest) range)
    {
        var position = fraction * (values.Length - 1);
        var rank = (int)position;
        var rented = ArrayPool<double>.Shared.Rent(2 * values.Length);
        double low, next;
        fixed (double* all = values, scratch = rented)
            (low, next) = Pair(all, values.Length, rank, range, scratch);
        ArrayPool<double>.Shared.Return(rented);
        return rank == position ? low : low + (position - rank) * (next - low);
    }

    /// <summary>The value of a rank and the one of the next.</summary>
    private static (double Low, double Next) Pair(
        double* values, int length, int rank, (double Smallest, double Largest) range, double* scratch)
    {
        var scale = Levels / (range.Largest - range.Smallest);
        var (count, below) = (length, 0);
        // Not where all are equal or as good as, or so far apart that their distance has no number.
        if (length > SelectedFromUpTo && scale is > 0 and < double.PositiveInfinity)
        {
            var keys = (short*)(scratch + length);
            WriteKeys(values, length, range.Smallest, scale, keys);
            (var key, below) = KeyOfRank(keys, length, rank);
            count = Collect(values, length, keys, key, scratch);
        }
        else
        {
            new ReadOnlySpan<double>(values, length).CopyTo(new Span<double>(scratch, length));
        }
        var (low, next) = Select(scratch, scratch + length, count, rank - below);
        return (low, double.IsFinite(next) ? next : SmallestAbove(values, length, low));
    }

    /// <summary>A key for each value, which never falls as values rise; and the largest key up to a whole vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteKeys(double* values, int length, double smallest, double scale, short* keys)
    {
        var lanes = Vector<double>.Count;
        var (origin, factor, whole) = (Vector.Create(smallest), Vector.Create(scale), Vector.Create(ToKey));
        var i = 0;
        for (; i <= length - Vector<short>.Count; i += Vector<short>.Count)
        {
            var from = values + i;
            var low = Vector.Narrow(Bits(from), Bits(from + lanes));
            var high = Vector.Narrow(Bits(from + 2 * lanes), Bits(from + 3 * lanes));
            Vector.Narrow(low, high).Store(keys + i);
        }
        for (; i < length; i++)
            keys[i] = unchecked((short)BitConverter.DoubleToInt64Bits((values[i] - smallest) * scale + ToKey));
        for (; i % Vector<short>.Count != 0; i++)
            keys[i] = short.MaxValue;

        Vector<long> Bits(double* from) => Vector.AsVectorInt64((Vector.Load(from) - origin) * factor + whole);
    }

    /// <summary>The key of a rank, bit by bit, and how many keys are below it.</summary>
    private static (short Key, int Below) KeyOfRank(short* keys, int length, int rank)
    {
        var (key, below) = ((int)short.MinValue, 0);
        for (var bit = 1 << (KeyBits - 1); bit > 0; bit >>= 1)
        {
            var count = CountBelow(keys, length, (short)(key + bit));
            if (count <= rank)
                (key, below) = (key + bit, count);
        }
        return ((short)key, below);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int CountBelow(short* keys, int length, short limit)
    {
        var limits = Vector.Create(limit);
        var count = 0;
        for (var begin = 0; begin < length; begin += CountedAtOnce)
        {
            var end = Math.Min(length, begin + CountedAtOnce);
            Vector<short> even = default, odd = default;
            var i = begin;
            // What fills the last vector up is below no limit.
            for (; i < end - Vector<short>.Count; i += 2 * Vector<short>.Count)
            {
                even -= Vector.LessThan(Vector.Load(keys + i), limits);
                odd -= Vector.LessThan(Vector.Load(keys + i + Vector<short>.Count), limits);
            }
            if (i < end)
                even -= Vector.LessThan(Vector.Load(keys + i), limits);
            count += Vector.Sum(even + odd);
        }
        return count;
    }

    /// <summary>Copies the values with a key and returns how many there are; most vectors hold none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Collect(double* values, int length, short* keys, short key, double* destination)
    {
        var wanted = Vector.Create(key);
        var count = 0;
        for (var i = 0; i < length; i += Vector<short>.Count)
        {
            if (!Vector.EqualsAny(Vector.Load(keys + i), wanted))
                continue;
            for (var at = i; at < Math.Min(length, i + Vector<short>.Count); at++)
            {
                // Where it does not belong the next one is written over it.
                destination[count] = values[at];
                count += keys[at] == key ? 1 : 0;
            }
        }
        return count;
    }

    /// <summary>
    /// Splits again and again into what is below and above a pivot. Every value is written to both sides and counted on one, without a
    /// branch on a comparison, which a processor would foretell wrongly half of the time.
    /// </summary>
    /// <param name="values">The values; overwritten.</param>
    /// <param name="spare">Room for as many.</param>
    /// <param name="count">How many.</param>
    /// <param name="rank">Which one is wanted, from 0.</param>
    /// <returns>The one that is wanted, and the one of the next rank; infinity where it is the last.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Low, double Next) Select(double* values, double* spare, int count, int rank)
    {
        var beyond = double.PositiveInfinity;
        while (count > SortedUpTo)
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
                beyond = pivot;
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
                var isLastOfEqual = rank == count - above - 1;
                return (pivot, !isLastOfEqual ? pivot : above > 0 ? Range(new ReadOnlySpan<double>(spare, above)).Smallest : beyond);
            }
        }
        Sort(values, count);
        return (values[rank], rank + 1 < count ? values[rank + 1] : beyond);
    }

    private static void Sort(double* values, int count)
    {
        for (var i = 1; i < count; i++)
        {
            var value = values[i];
            var at = i;
            for (; at > 0 && values[at - 1] > value; at--)
                values[at] = values[at - 1];
            values[at] = value;
        }
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

    /// <summary>The smallest of the values above one; that one where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SmallestAbove(double* values, int length, double low)
    {
        var (lows, infinity) = (Vector.Create(low), Vector.Create(double.PositiveInfinity));
        var smallest = infinity;
        var i = 0;
        for (; i <= length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var value = Vector.Load(values + i);
            smallest = Vector.MinNative(smallest, Vector.ConditionalSelect(Vector.GreaterThan(value, lows), value, infinity));
        }
        var next = double.PositiveInfinity;
        for (var lane = 0; lane < Vector<double>.Count; lane++)
            next = Math.Min(next, smallest[lane]);
        for (; i < length; i++)
            next = values[i] > low ? Math.Min(next, values[i]) : next;
        return double.IsFinite(next) ? next : low;
    }

    private static double MedianOfThree(double a, double b, double c) =>
        Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
