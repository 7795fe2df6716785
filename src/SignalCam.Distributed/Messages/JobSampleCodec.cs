using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace SignalCam.Distributed.Messages;

/// <summary>
/// Encodes samples as 16-bit integers if that is lossless: recordings come from analog-to-digital converters, and their millivolts are an
/// integer by a gain. Others are written unchanged.
/// </summary>
internal static class JobSampleCodec
{
    private const int BlockLength = 16;
    private const int LastOfEight = 7;

    // Units per millivolt: PTB-XL's and that of most converters, then WFDB's default.
    private static readonly float[] s_gains = [1000, 200];

    /// <summary>The gain for which integers reproduce every sample to the bit; null if there is none.</summary>
    public static float? FindGain(ReadOnlySpan<float> samples)
    {
        foreach (var gain in s_gains)
            if (IsExact(samples, gain))
                return gain;
        return null;
    }

    /// <summary>
    /// Writes the integers of a lead as differences, each to the sample before it (to zero for the first), modulo 2^16: in blocks of 16,
    /// each preceded by its number of bytes per difference, 1 or 2. An ECG is mostly flat, so this takes about half the size of the
    /// samples.
    /// </summary>
    public static void WriteLead(ReadOnlySpan<float> samples, float gain, MessageWriter writer)
    {
        Span<short> block = stackalloc short[BlockLength];
        short last = 0;
        for (var start = 0; start < samples.Length; start += BlockLength)
        {
            var differences = block[..Math.Min(BlockLength, samples.Length - start)];
            var isNarrow = true;
            for (var i = 0; i < differences.Length; i++)
            {
                var integer = (short)MathF.Round(samples[start + i] * gain);
                differences[i] = unchecked((short)(integer - last));
                isNarrow &= differences[i] is >= sbyte.MinValue and <= sbyte.MaxValue;
                last = integer;
            }
            writer.Byte(isNarrow ? (byte)1 : (byte)2);
            var bytes = writer.Take(isNarrow ? differences.Length : differences.Length * sizeof(short));
            for (var i = 0; i < differences.Length; i++)
                if (isNarrow)
                    bytes[i] = unchecked((byte)differences[i]);
                else
                    BinaryPrimitives.WriteInt16LittleEndian(bytes[(i * sizeof(short))..], differences[i]);
        }
    }

    /// <summary>Reads a lead.</summary>
    /// <exception cref="MessageFormatException">The bytes are not differences.</exception>
    public static void ReadLead(ref MessageReader reader, float gain, Span<float> samples)
    {
        var rented = ArrayPool<short>.Shared.Rent(samples.Length);
        try
        {
            var integers = rented.AsSpan(0, samples.Length);
            var bytes = reader.Rest;
            var at = 0;
            short value = 0;
            for (var start = 0; start < integers.Length; start += BlockLength)
            {
                var block = integers.Slice(start, Math.Min(BlockLength, integers.Length - start));
                var width = at < bytes.Length ? bytes[at] : throw reader.Short(at + 1);
                if (width is not (1 or 2))
                    throw new MessageFormatException($"byte {reader.Position + at}: found differences of {width} bytes, expected 1 or 2");
                var end = at + 1 + block.Length * width;
                if (end > bytes.Length)
                    throw reader.Short(end);
                var differences = bytes[(at + 1)..end];
                value = block.Length == BlockLength && BitConverter.IsLittleEndian
                    ? SumBlock(differences, width, value, block)
                    : SumOneByOne(differences, width, value, block);
                at = end;
            }
            reader.Bytes(at);
            Divide(integers, gain, samples);
        }
        finally
        {
            ArrayPool<short>.Shared.Return(rented);
        }
    }

    private static short SumOneByOne(ReadOnlySpan<byte> bytes, int width, short value, Span<short> block)
    {
        for (var i = 0; i < block.Length; i++)
            block[i] = value = unchecked((short)(value
                + (width == 1 ? (sbyte)bytes[i] : BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]))));
        return value;
    }

    /// <summary>The same for a whole block, eight sums at a time.</summary>
    private static short SumBlock(ReadOnlySpan<byte> bytes, int width, short value, Span<short> block)
    {
        var (low, high) = width == 1
            ? Vector128.Widen(Vector128.Create(bytes).AsSByte())
            : (Vector128.Create(bytes).AsInt16(), Vector128.Create(bytes[Vector128<byte>.Count..]).AsInt16());
        low = RunningSums(low) + Vector128.Create(value);
        high = RunningSums(high) + Vector128.Create(low[LastOfEight]);
        low.CopyTo(block);
        high.CopyTo(block[Vector128<short>.Count..]);
        return high[LastOfEight];
    }

    /// <summary>Prefix sums: the vector is added to itself shifted by one, then by two, then by four.</summary>
    private static Vector128<short> RunningSums(Vector128<short> values)
    {
        // An index out of range gives zero.
        values += Vector128.Shuffle(values, Vector128.Create(-1, 0, 1, 2, 3, 4, 5, 6));
        values += Vector128.Shuffle(values, Vector128.Create(-1, -1, 0, 1, 2, 3, 4, 5));
        return values + Vector128.Shuffle(values, Vector128.Create(-1, -1, -1, -1, 0, 1, 2, 3));
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
    /// The integers by the gain. Dividing in single precision gives what a WFDB reader's division in double precision and rounding gives:
    /// 16 bits by 24 leave no tie that rounding twice could turn over.
    /// </summary>
    private static void Divide(ReadOnlySpan<short> integers, float gain, Span<float> samples)
    {
        var divisor = new Vector<float>(gain);
        var i = 0;
        for (; i <= samples.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(integers.Slice(i, Vector<short>.Count)), out var low, out var high);
            (Vector.ConvertToSingle(low) / divisor).CopyTo(samples[i..]);
            (Vector.ConvertToSingle(high) / divisor).CopyTo(samples[(i + Vector<float>.Count)..]);
        }
        for (; i < samples.Length; i++)
            samples[i] = integers[i] / gain;
    }

    private static bool IsExact(ReadOnlySpan<float> samples, float gain)
    {
        foreach (var sample in samples)
        {
            var integer = MathF.Round(sample * gain);
            // The bits, not the values: a negative zero would come back positive. Not a number is not an integer either.
            if (!(Math.Abs(integer) <= short.MaxValue)
                || BitConverter.SingleToInt32Bits((short)integer / gain) != BitConverter.SingleToInt32Bits(sample))
                return false;
        }
        return true;
    }
}
