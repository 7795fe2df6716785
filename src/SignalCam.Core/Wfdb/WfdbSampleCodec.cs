using System.Buffers.Binary;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// Converts between stored bytes and digital values, in the order of the file. Signal(5) of the WFDB Applications Guide describes the
/// layouts. Format 8 is not here: its differences belong to a signal, not to the file.
/// </summary>
internal static class WfdbSampleCodec
{
    private const int LargestUnit = 4;

    /// <summary>Decodes as many samples as <paramref name="samples"/> holds; the bytes start at a whole unit.</summary>
    public static void Decode(WfdbFormat format, ReadOnlySpan<byte> bytes, Span<int> samples)
    {
        switch (format)
        {
            case WfdbFormat.Format16:
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]);
                break;
            case WfdbFormat.Format61:
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt16BigEndian(bytes[(2 * i)..]);
                break;
            case WfdbFormat.Format160:
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]) - 0x8000;
                break;
            case WfdbFormat.Format80:
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = bytes[i] - 0x80;
                break;
            case WfdbFormat.Format24:
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = bytes[3 * i] | bytes[3 * i + 1] << 8 | (sbyte)bytes[3 * i + 2] << 16;
                break;
            case WfdbFormat.Format32:
                for (var i = 0; i < samples.Length; i++)
                    samples[i] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
                break;
            case WfdbFormat.Format212:
                DecodeUnits(bytes, samples, 2, 3, static (unit, two) =>
                {
                    two[0] = SignExtend(unit[0] | unit[1] << 8, 12);
                    two[1] = SignExtend(unit[2] | (unit[1] & 0xF0) << 4, 12);
                });
                break;
            case WfdbFormat.Format310:
                DecodeUnits(bytes, samples, 3, 4, static (unit, three) =>
                {
                    var first = unit[0] | unit[1] << 8;
                    var second = unit[2] | unit[3] << 8;
                    three[0] = SignExtend(first >> 1, 10);
                    three[1] = SignExtend(second >> 1, 10);
                    three[2] = SignExtend(first >> 11 | second >> 11 << 5, 10);
                });
                break;
            case WfdbFormat.Format311:
                DecodeUnits(bytes, samples, 3, 4, static (unit, three) =>
                {
                    var word = BinaryPrimitives.ReadInt32LittleEndian(unit);
                    three[0] = SignExtend(word, 10);
                    three[1] = SignExtend(word >> 10, 10);
                    three[2] = SignExtend(word >> 20, 10);
                });
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "not a format of plain samples");
        }
    }

    /// <summary>Encodes samples that fit the format; <paramref name="bytes"/> takes <see cref="WfdbFormats.BytesFor"/> bytes.</summary>
    public static void Encode(WfdbFormat format, ReadOnlySpan<int> samples, Span<byte> bytes)
    {
        switch (format)
        {
            case WfdbFormat.Format16:
                for (var i = 0; i < samples.Length; i++)
                    BinaryPrimitives.WriteInt16LittleEndian(bytes[(2 * i)..], (short)samples[i]);
                break;
            case WfdbFormat.Format61:
                for (var i = 0; i < samples.Length; i++)
                    BinaryPrimitives.WriteInt16BigEndian(bytes[(2 * i)..], (short)samples[i]);
                break;
            case WfdbFormat.Format160:
                for (var i = 0; i < samples.Length; i++)
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(2 * i)..], (ushort)(samples[i] + 0x8000));
                break;
            case WfdbFormat.Format80:
                for (var i = 0; i < samples.Length; i++)
                    bytes[i] = (byte)(samples[i] + 0x80);
                break;
            case WfdbFormat.Format24:
                for (var i = 0; i < samples.Length; i++)
                    (bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2]) = (
                        (byte)samples[i], (byte)(samples[i] >> 8), (byte)(samples[i] >> 16));
                break;
            case WfdbFormat.Format32:
                for (var i = 0; i < samples.Length; i++)
                    BinaryPrimitives.WriteInt32LittleEndian(bytes[(4 * i)..], samples[i]);
                break;
            case WfdbFormat.Format212:
                EncodeUnits(samples, bytes, 2, 3, static (two, unit) =>
                    (unit[0], unit[1], unit[2]) = ((byte)two[0], (byte)(two[0] >> 8 & 0x0F | two[1] >> 4 & 0xF0), (byte)two[1]));
                break;
            case WfdbFormat.Format310:
                EncodeUnits(samples, bytes, 3, 4, static (three, unit) =>
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(unit, (ushort)((three[0] & 0x3FF) << 1 | (three[2] & 0x1F) << 11));
                    BinaryPrimitives.WriteUInt16LittleEndian(unit[2..], (ushort)((three[1] & 0x3FF) << 1 | (three[2] >> 5 & 0x1F) << 11));
                });
                break;
            case WfdbFormat.Format311:
                EncodeUnits(samples, bytes, 3, 4, static (three, unit) =>
                    BinaryPrimitives.WriteInt32LittleEndian(unit, three[0] & 0x3FF | (three[1] & 0x3FF) << 10 | (three[2] & 0x3FF) << 20));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "not a format of plain samples");
        }
    }

    private delegate void UnitDecoder(ReadOnlySpan<byte> unit, Span<int> samples);

    private delegate void UnitEncoder(ReadOnlySpan<int> samples, Span<byte> unit);

    private static void DecodeUnits(ReadOnlySpan<byte> bytes, Span<int> samples, int unitSamples, int unitBytes, UnitDecoder decode)
    {
        while (samples.Length >= unitSamples)
        {
            decode(bytes[..unitBytes], samples);
            bytes = bytes[unitBytes..];
            samples = samples[unitSamples..];
        }
        if (samples.IsEmpty)
            return;
        // The last unit may be cut off after its last sample.
        Span<byte> unit = stackalloc byte[LargestUnit];
        Span<int> last = stackalloc int[LargestUnit];
        unit.Clear();
        bytes[..Math.Min(bytes.Length, unitBytes)].CopyTo(unit);
        decode(unit[..unitBytes], last);
        last[..samples.Length].CopyTo(samples);
    }

    private static void EncodeUnits(ReadOnlySpan<int> samples, Span<byte> bytes, int unitSamples, int unitBytes, UnitEncoder encode)
    {
        while (samples.Length >= unitSamples)
        {
            encode(samples, bytes[..unitBytes]);
            bytes = bytes[unitBytes..];
            samples = samples[unitSamples..];
        }
        if (samples.IsEmpty)
            return;
        Span<byte> unit = stackalloc byte[LargestUnit];
        Span<int> last = stackalloc int[LargestUnit];
        last.Clear();
        samples.CopyTo(last);
        encode(last, unit[..unitBytes]);
        unit[..bytes.Length].CopyTo(bytes);
    }

    private static int SignExtend(int value, int bits) => value << (32 - bits) >> (32 - bits);
}
