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

    private readonly FloatLead?[] _leads;

    private InterleavedLeads(FloatLead?[] leads) => _leads = leads;

    /// <summary>For signals that this way is for; null for others, which go the general way.</summary>
    public static InterleavedLeads? For(SignalGroup group, IReadOnlyList<WantedSignal> wanted)
    {
        var isFit = group.Spec.Format == WfdbFormat.Format16 && BitConverter.IsLittleEndian && (Sse2.IsSupported || AdvSimd.Arm64.IsSupported)
            && group.FrameSize == group.Count && group.Count <= MostSignals;
        if (!isFit)
            return null;
        var leads = new FloatLead?[group.Count];
        foreach (var signal in wanted)
        {
            if (signal.Spec.Skew != 0 || signal.Writer.Lead is not { } lead)
                return null;
            leads[signal.Slot.Start] = lead;
        }
        return new InterleavedLeads(leads);
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
        Span<Vector128<short>> added = stackalloc Vector128<short>[size];
        added.Clear();
        fixed (short* source = frames)
            for (var signal = 0; signal < size; signal += Block)
                for (var block = 0; block < blocks; block++)
                    DecodeBlock(source + block * Block * size + signal, signal, at + block * Block, added);
        for (var signal = 0; signal < sums.Length; signal++)
            sums[signal] += Vector128.Sum(added[signal]);
        return blocks * Block;
    }

    /// <summary>(sample - baseline) / gain; NaN for the value that marks a sample as invalid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Scale(Vector128<int> samples, float baseline, float gain)
    {
        var scaled = (Vector128.ConvertToSingle(samples) - Vector128.Create(baseline)) / Vector128.Create(gain);
        return Vector128.ConditionalSelect(Vector128.Equals(samples, Vector128.Create((int)short.MinValue)).AsSingle(), Vector128.Create(float.NaN), scaled);
    }

    private void DecodeBlock(short* source, int signal, int at, Span<Vector128<short>> added)
    {
        var size = _leads.Length;
        var (a, b) = Zip(Vector128.Load(source), Vector128.Load(source + 4 * size));
        var (c, d) = Zip(Vector128.Load(source + size), Vector128.Load(source + 5 * size));
        var (e, f) = Zip(Vector128.Load(source + 2 * size), Vector128.Load(source + 6 * size));
        var (g, h) = Zip(Vector128.Load(source + 3 * size), Vector128.Load(source + 7 * size));
        ((a, e), (b, f), (c, g), (d, h)) = (Zip(a, e), Zip(b, f), Zip(c, g), Zip(d, h));
        var ((s0, s1), (s2, s3)) = (Zip(a, c), Zip(e, g));
        var ((s4, s5), (s6, s7)) = (Zip(b, d), Zip(f, h));
        Take(signal, s0, at, added);
        Take(signal + 1, s1, at, added);
        Take(signal + 2, s2, at, added);
        Take(signal + 3, s3, at, added);
        Take(signal + 4, s4, at, added);
        Take(signal + 5, s5, at, added);
        Take(signal + 6, s6, at, added);
        Take(signal + 7, s7, at, added);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(int signal, Vector128<short> samples, int at, Span<Vector128<short>> added)
    {
        if (signal >= _leads.Length)
            return;
        added[signal] += samples;
        if (_leads[signal] is not { } lead)
            return;
        var (low, high) = Vector128.Widen(samples);
        var target = lead.Output.Values.AsSpan(lead.Start + at, Block);
        Scale(low, lead.Baseline, lead.Gain).CopyTo(target);
        Scale(high, lead.Baseline, lead.Gain).CopyTo(target[Vector128<float>.Count..]);
    }

    /// <summary>The elements of both in turn: the lower halves, then the upper ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<short> Low, Vector128<short> High) Zip(Vector128<short> a, Vector128<short> b) => Sse2.IsSupported
        ? (Sse2.UnpackLow(a, b), Sse2.UnpackHigh(a, b))
        : (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b));
}
