using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>
/// How the samples of a multiplex group are stored: Waveform Bits Allocated and Sample Interpretation. PS3.3 C.10.9.1.5 to 1.7.
/// </summary>
internal sealed class DicomSampleFormat
{
    private readonly bool _isBigEndian;
    private readonly bool _isSigned;

    /// <summary>The stored value of a missing sample; null if there is none.</summary>
    private readonly long? _padding;

    private DicomSampleFormat(int bytes, bool isSigned, bool isBigEndian, long? padding) => (Bytes, _isSigned, _isBigEndian, _padding) =
        (bytes, isSigned, isBigEndian, padding);

    /// <summary>Bytes per sample.</summary>
    public int Bytes { get; }

    public static DicomSampleFormat Read(DicomData group)
    {
        var bits = group.Unsigned(DicomTag.BitsAllocated) ?? 0;
        var interpretation = group.Text(DicomTag.Interpretation);
        if (interpretation is "MB" or "AB")
            throw group.Wrong(DicomTag.Interpretation,
                $"{(interpretation == "MB" ? "mu-law" : "A-law")} compressed samples ({interpretation})", "SB, UB, SS, US, SL or UL");
        var (expected, isSigned) = interpretation switch
        {
            "SB" => (8u, true),
            "UB" => (8u, false),
            "SS" => (16u, true),
            "US" => (16u, false),
            "SL" => (32u, true),
            "UL" => (32u, false),
            _ => throw group.Wrong(DicomTag.Interpretation, $"sample interpretation '{interpretation}'", "SB, UB, SS, US, SL or UL"),
        };
        if (bits != expected)
            throw group.Wrong(DicomTag.BitsAllocated, $"{bits} bits for samples of kind {interpretation}", $"{expected}");
        var isBigEndian = group.Context.IsBigEndian;
        if (isBigEndian && bits == 32)
            throw group.Wrong(DicomTag.BitsAllocated, "32-bit samples in a big endian file",
                "8 or 16 bits (the big endian syntax was retired before 32-bit samples came)");
        return new DicomSampleFormat((int)bits / 8, isSigned, isBigEndian, Padding(group, (int)bits / 8, isSigned, isBigEndian));
    }

    /// <summary>
    /// Waveform Padding Value. 0 is ignored: writers put it there as a default, and 0 is a true sample as well, so that every crossing of
    /// zero would become a gap.
    /// </summary>
    private static long? Padding(DicomData group, int bytes, bool isSigned, bool isBigEndian)
    {
        var raw = group.Bytes(DicomTag.Padding);
        if (raw.Length < bytes)
            return null;
        var value = Value(raw, bytes, isSigned, isBigEndian);
        return value == 0 ? null : value;
    }

    /// <summary>Picks one channel out of the samples, which are stored instant by instant, and scales it.</summary>
    /// <param name="data">All samples of one instant together.</param>
    /// <param name="channel">Which, from 0.</param>
    /// <param name="channels">Scale and offset of each.</param>
    /// <param name="samples">Receives the channel; a missing sample is NaN.</param>
    public void Decode(ReadOnlySpan<byte> data, int channel, IReadOnlyList<DicomChannel> channels, Span<float> samples)
    {
        var (scale, offset) = (channels[channel].Scale, channels[channel].Offset);
        if (Bytes == 2 && _isSigned && !_isBigEndian && BitConverter.IsLittleEndian)
        {
            DecodeShorts(MemoryMarshal.Cast<byte, short>(data), channel, channels.Count, scale, offset, samples);
            return;
        }
        for (var t = 0; t < samples.Length; t++)
        {
            var value = Value(data[(((t * channels.Count) + channel) * Bytes)..], Bytes, _isSigned, _isBigEndian);
            samples[t] = value == _padding ? float.NaN : (float)((value * scale) + offset);
        }
    }

    /// <summary>The usual case without a decision per sample.</summary>
    private void DecodeShorts(ReadOnlySpan<short> stored, int channel, int count, double scale, double offset, Span<float> samples)
    {
        var padding = _padding ?? int.MinValue;
        for (int t = 0, i = channel; t < samples.Length; t++, i += count)
        {
            int value = stored[i];
            samples[t] = value == padding ? float.NaN : (float)((value * scale) + offset);
        }
    }

    private static long Value(ReadOnlySpan<byte> at, int bytes, bool isSigned, bool isBigEndian) => (bytes, isSigned) switch
    {
        (1, true) => (sbyte)at[0],
        (1, false) => at[0],
        (2, true) => isBigEndian ? BinaryPrimitives.ReadInt16BigEndian(at) : BinaryPrimitives.ReadInt16LittleEndian(at),
        (2, false) => isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
        (_, true) => BinaryPrimitives.ReadInt32LittleEndian(at),
        (_, false) => BinaryPrimitives.ReadUInt32LittleEndian(at),
    };
}
