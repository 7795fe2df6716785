using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SignalCam.Distributed.Messages;

/// <summary>
/// Samples as 16-bit integers where that loses nothing: recordings come from analog-to-digital converters, and their millivolts are an integer
/// by a gain. Others are written as they are.
/// </summary>
internal static class SampleCodec
{
    // Units per millivolt: PTB-XL's and that of most converters, then WFDB's default.
    private static readonly float[] s_gains = [1000, 200];

    /// <summary>The gain with which integers give back every sample to the bit; null where there is none.</summary>
    public static float? FindGain(ReadOnlySpan<float> samples)
    {
        foreach (var gain in s_gains)
            if (IsExact(samples, gain))
                return gain;
        return null;
    }

    public static void WriteIntegers(ReadOnlySpan<float> samples, float gain, Span<byte> bytes)
    {
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes[(i * sizeof(short))..], (short)MathF.Round(samples[i] * gain));
    }

    public static void WriteFloats(ReadOnlySpan<float> samples, Span<byte> bytes)
    {
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(i * sizeof(float))..], samples[i]);
    }

    public static void ReadFloats(ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
    }

    /// <summary>
    /// The integers by the gain. Dividing in single precision gives what a WFDB reader's division in double precision and rounding gives: 16 bits
    /// by 24 leave no tie that rounding twice could turn over.
    /// </summary>
    public static void ReadIntegers(ReadOnlySpan<byte> bytes, float gain, Span<float> samples)
    {
        var i = 0;
        if (BitConverter.IsLittleEndian)
        {
            var integers = MemoryMarshal.Cast<byte, short>(bytes);
            var divisor = new Vector<float>(gain);
            for (; i <= samples.Length - Vector<short>.Count; i += Vector<short>.Count)
            {
                Vector.Widen(new Vector<short>(integers.Slice(i, Vector<short>.Count)), out var low, out var high);
                (Vector.ConvertToSingle(low) / divisor).CopyTo(samples[i..]);
                (Vector.ConvertToSingle(high) / divisor).CopyTo(samples[(i + Vector<float>.Count)..]);
            }
        }
        for (; i < samples.Length; i++)
            samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(i * sizeof(short))..]) / gain;
    }

    private static bool IsExact(ReadOnlySpan<float> samples, float gain)
    {
        foreach (var sample in samples)
        {
            var integer = MathF.Round(sample * gain);
            // The bits, not the values: a negative zero would come back positive. Not a number is no integer either.
            if (!(Math.Abs(integer) <= short.MaxValue) || BitConverter.SingleToInt32Bits((short)integer / gain) != BitConverter.SingleToInt32Bits(sample))
                return false;
        }
        return true;
    }
}
