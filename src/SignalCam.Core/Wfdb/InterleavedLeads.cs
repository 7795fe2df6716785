using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SignalCam.Core.Wfdb;

/// <summary>A signal as it becomes one row of floats: (digital value - baseline) / gain in single precision.</summary>
/// <param name="Start">The row's first value.</param>
/// <param name="Baseline">In digital units.</param>
/// <param name="Gain">Digital units per millivolt.</param>
internal readonly record struct FloatRow(int Start, float Baseline, float Gain)
{
    // Sums of two such are below 2^24, up to which single precision has every whole number.
    private const double LargestBaseline = 1 << 23;

    /// <summary>The row, if its scale is exact in single precision.</summary>
    public static bool TryMake(WfdbSignalSpec signal, int start, string source, out FloatRow row)
    {
        var gain = signal.EffectiveGain * PhysicalOutput.UnitsPerMillivolt(signal, source);
        row = new FloatRow(start, (float)signal.EffectiveBaseline, (float)gain);
        return Math.Abs(signal.EffectiveBaseline) <= LargestBaseline && row.Baseline == signal.EffectiveBaseline && row.Gain == gain
            && IsWhole(row.Baseline);
    }

    /// <summary>The difference of a sample and a baseline with a fraction may not be exact.</summary>
    private static bool IsWhole(float value) => value == MathF.Floor(value);
}

/// <summary>
/// Takes frames of 16-bit samples apart, eight frames by eight signals at a time: a transposition in registers, whose rows are then
/// scaled, stored and added up.
/// </summary>
/// <remarks>
/// The results are those of the general way to the last bit: sample, baseline and gain are exact in single precision, and then so is
/// the correctly rounded quotient.
/// </remarks>
internal static unsafe class InterleavedLeads
{
    /// <summary>Frames that are decoded at a time.</summary>
    public const int Block = 8;

    /// <summary>Signals of a frame, at most.</summary>
    public const int MostSignals = 64;

    /// <summary>Decodes frames.</summary>
    /// <param name="frames">Whole frames of one sample per row.</param>
    /// <param name="rows">The signals, in the order of a frame.</param>
    /// <param name="values">Where the rows are.</param>
    /// <param name="at">The frame of the output that the first one becomes.</param>
    /// <param name="sums">For each signal what its samples are added to, modulo 2^16.</param>
    public static void Decode(ReadOnlySpan<short> frames, ReadOnlySpan<FloatRow> rows, float[] values, int at, Span<int> sums)
    {
        var size = rows.Length;
        // A block reads whole vectors, of which the last may reach beyond its frames.
        var beyond = (Block - size % Block) % Block;
        var blocks = BitConverter.IsLittleEndian && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported)
            ? Math.Max(0, frames.Length - beyond) / (size * Block)
            : 0;
        fixed (short* source = frames)
        fixed (float* target = values)
            for (var first = 0; blocks > 0 && first < size; first += Block)
            {
                var count = Math.Min(Block, size - first);
                DecodeGroup(source + first, size, blocks, rows.Slice(first, count), target + at, sums.Slice(first, count));
            }
        for (var frame = blocks * Block; frame < frames.Length / size; frame++)
            for (var i = 0; i < size; i++)
            {
                var sample = BitConverter.IsLittleEndian
                    ? frames[frame * size + i]
                    : BinaryPrimitives.ReverseEndianness(frames[frame * size + i]);
                sums[i] += sample;
                values[rows[i].Start + at + frame] = sample == short.MinValue ? float.NaN : (sample - rows[i].Baseline) / rows[i].Gain;
            }
    }

    /// <summary>(sample - baseline) / gain; NaN for the value that marks a sample as invalid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scale(Vector128<short> samples, Vector256<float> baseline, Vector256<float> gain)
    {
        var (low, high) = Vector128.Widen(samples);
        var wide = Vector256.Create(low, high);
        var scaled = (Vector256.ConvertToSingle(wide) - baseline) / gain;
        return Vector256.ConditionalSelect(
            Vector256.Equals(wide, Vector256.Create((int)short.MinValue)).AsSingle(), Vector256.Create(float.NaN), scaled);
    }

    /// <summary>Up to eight signals that lie beside each other, over all blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeGroup(short* source, int size, int blocks, ReadOnlySpan<FloatRow> signals, float* values, Span<int> sums)
    {
        var count = signals.Length;
        Vector128<short>* rows = stackalloc Vector128<short>[Block], added = stackalloc Vector128<short>[Block];
        var targets = stackalloc float*[Block];
        Vector256<float>* baselines = stackalloc Vector256<float>[Block], gains = stackalloc Vector256<float>[Block];
        for (var i = 0; i < count; i++)
        {
            targets[i] = values + signals[i].Start;
            added[i] = default;
            (baselines[i], gains[i]) = (Vector256.Create(signals[i].Baseline), Vector256.Create(signals[i].Gain));
        }
        for (var block = 0; block < blocks; block++, source += Block * size)
        {
            Transpose(source, size, rows);
            for (var i = 0; i < count; i++)
            {
                var samples = rows[i];
                added[i] += samples;
                Scale(samples, baselines[i], gains[i]).Store(targets[i] + block * Block);
            }
        }
        for (var i = 0; i < count; i++)
            sums[i] += Vector128.Sum(added[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(short* source, int size, Vector128<short>* rows)
    {
        var (a, b) = Zip(Vector128.Load(source), Vector128.Load(source + 4 * size));
        var (c, d) = Zip(Vector128.Load(source + size), Vector128.Load(source + 5 * size));
        var (e, f) = Zip(Vector128.Load(source + 2 * size), Vector128.Load(source + 6 * size));
        var (g, h) = Zip(Vector128.Load(source + 3 * size), Vector128.Load(source + 7 * size));
        var (i, j) = Zip(a, e);
        var (k, l) = Zip(c, g);
        (rows[0], rows[1]) = Zip(i, k);
        (rows[2], rows[3]) = Zip(j, l);
        (i, j) = Zip(b, f);
        (k, l) = Zip(d, h);
        (rows[4], rows[5]) = Zip(i, k);
        (rows[6], rows[7]) = Zip(j, l);
    }

    /// <summary>The elements of both in turn: the lower halves, then the upper ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<short> Low, Vector128<short> High) Zip(Vector128<short> a, Vector128<short> b) => Sse2.IsSupported
        ? (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b))
        : (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
}
