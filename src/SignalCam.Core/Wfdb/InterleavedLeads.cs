using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SignalCam.Core.Wfdb;

/// <summary>A signal as it becomes one row of floats: (digital value - baseline) / gain in single precision.</summary>
/// <param name="Output">Where it goes.</param>
/// <param name="Start">The row's first value.</param>
/// <param name="Baseline">In digital units.</param>
/// <param name="Gain">Digital units per millivolt.</param>
internal sealed record FloatLead(MillivoltOutput Output, int Start, float Baseline, float Gain);

/// <summary>
/// Takes frames of 16-bit samples apart, eight frames by eight signals at a time: a transposition in registers, whose rows are then
/// scaled, stored and added up.
/// </summary>
/// <remarks>
/// The results are those of the general way to the last bit: sample, baseline and gain are exact in single precision, and then so is
/// the correctly rounded quotient.
/// </remarks>
internal sealed unsafe class InterleavedLeads
{
    private const int Block = 8;
    private const int MostSignals = 64;

    // Sums of two such are below 2^24, up to which single precision has every whole number.
    private const double LargestBaseline = 1 << 23;

    private readonly MillivoltOutput _output;
    private readonly FloatLead?[] _leads;

    private InterleavedLeads(MillivoltOutput output, FloatLead?[] leads) => (_output, _leads) = (output, leads);

    /// <summary>For signals that this way is for; null for others, which go the general way.</summary>
    public static InterleavedLeads? For(SignalGroup group, IReadOnlyList<WantedSignal> wanted)
    {
        var isFit = group.Spec.Format == WfdbFormat.Format16 && BitConverter.IsLittleEndian && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported)
            && group.FrameSize == group.Count && group.Count <= MostSignals;
        if (!isFit)
            return null;
        var leads = new FloatLead?[group.Count];
        MillivoltOutput? output = null;
        foreach (var signal in wanted)
        {
            if (signal.Spec.Skew != 0 || signal.Writer.Lead is not { } lead)
                return null;
            output = lead.Output;
            leads[signal.Slot.Start] = lead;
        }
        return output is null ? null : new InterleavedLeads(output, leads);
    }

    /// <summary>A row, if its scale is exact in single precision.</summary>
    public static FloatLead? Lead(MillivoltOutput output, long start, double baseline, double gain) =>
        Math.Abs(baseline) <= LargestBaseline && (float)gain == gain ? new FloatLead(output, (int)start, (float)baseline, (float)gain) : null;

    /// <summary>Decodes as many frames as go into blocks, and returns how many that were.</summary>
    /// <param name="frames">Whole frames.</param>
    /// <param name="at">The frame of the output that the first one becomes.</param>
    /// <param name="sums">For each signal what its samples are added to, modulo 2^16; empty for no sums.</param>
    public int Decode(ReadOnlySpan<short> frames, int at, Span<int> sums)
    {
        var size = _leads.Length;
        // A block reads whole vectors, of which the last may reach beyond its frames.
        var beyond = (Block - size % Block) % Block;
        var blocks = Math.Max(0, frames.Length - beyond) / (size * Block);
        var added = stackalloc Vector128<short>[Block];
        fixed (short* source = frames)
        fixed (float* values = _output.Values)
            for (var first = 0; first < size; first += Block)
            {
                new Span<Vector128<short>>(added, Block).Clear();
                var group = _leads.AsSpan(first, Math.Min(Block, size - first));
                DecodeGroup(source + first, size, blocks, group, values + at, added);
                for (var i = 0; i < group.Length && sums.Length > 0; i++)
                    sums[first + i] += Vector128.Sum(added[i]);
            }
        return blocks * Block;
    }

    /// <summary>(sample - baseline) / gain; NaN for the value that marks a sample as invalid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scale(Vector128<int> samples, Vector128<float> baseline, Vector128<float> gain)
    {
        var scaled = (Vector128.ConvertToSingle(samples) - baseline) / gain;
        return Vector128.ConditionalSelect(Vector128.Equals(samples, Vector128.Create((int)short.MinValue)).AsSingle(), Vector128.Create(float.NaN), scaled);
    }

    /// <summary>Up to eight signals that lie beside each other, over all blocks.</summary>
    private static void DecodeGroup(short* source, int size, int blocks, ReadOnlySpan<FloatLead?> leads, float* values, Vector128<short>* added)
    {
        var count = leads.Length;
        var rows = stackalloc Vector128<short>[Block];
        var targets = stackalloc float*[Block];
        Vector128<float>* baselines = stackalloc Vector128<float>[Block], gains = stackalloc Vector128<float>[Block];
        for (var i = 0; i < count; i++)
        {
            targets[i] = leads[i] is { } lead ? values + lead.Start : null;
            (baselines[i], gains[i]) = (Vector128.Create(leads[i]?.Baseline ?? 0), Vector128.Create(leads[i]?.Gain ?? 1));
        }
        for (var block = 0; block < blocks; block++, source += Block * size)
        {
            Transpose(source, size, rows);
            for (var i = 0; i < count; i++)
            {
                var samples = rows[i];
                added[i] += samples;
                if (targets[i] is null)
                    continue;
                var target = targets[i] + block * Block;
                var (low, high) = Vector128.Widen(samples);
                Scale(low, baselines[i], gains[i]).Store(target);
                Scale(high, baselines[i], gains[i]).Store(target + Vector128<float>.Count);
            }
        }
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
