using System.Buffers.Binary;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>A signal file of format 508, 516 or 524: one FLAC stream (RFC 9639) with a channel for each signal.</summary>
internal sealed class FlacFile
{
    private const int StreamInfoLength = 34;
    private const int LargestBits = 24;
    private const long MostSamplesPerByte = 64;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _firstFrame;

    private FlacFile(ReadOnlyMemory<byte> bytes, string file, int firstFrame, FlacStreamInfo info)
    {
        _bytes = bytes;
        _firstFrame = firstFrame;
        File = file;
        Info = info;
    }

    /// <summary>For messages.</summary>
    public string File { get; }

    /// <summary>The stream information block.</summary>
    public FlacStreamInfo Info { get; }

    /// <summary>Reads the metadata before the first frame.</summary>
    /// <exception cref="EcgFormatException">It is not a FLAC file, or of a kind that the format does not allow.</exception>
    public static FlacFile Open(ReadOnlyMemory<byte> content, string file, WfdbFormat format)
    {
        var bytes = content.Span;
        if (!bytes.StartsWith("fLaC"u8))
            throw new EcgFormatException(file, "byte 0", "no FLAC signature", $"a FLAC file, as format {(int)format} says");
        var at = 4;
        FlacStreamInfo? info = null;
        for (var isLast = false; !isLast;)
        {
            if (bytes.Length < at + 4)
                throw new EcgFormatException(file, $"byte {bytes.Length}", "the end of the file", "a FLAC metadata block");
            isLast = bytes[at] >= 0x80;
            var (type, length) = (bytes[at] & 0x7F, BinaryPrimitives.ReadInt32BigEndian(bytes[at..]) & 0xFFFFFF);
            if (bytes.Length - at - 4 < length)
                throw new EcgFormatException(file, $"byte {at}", $"a FLAC metadata block of {length} bytes",
                    $"at most the {bytes.Length - at - 4} that are there");
            if ((type == 0) != (info is null) || (type == 0 && length != StreamInfoLength))
                throw new EcgFormatException(file, $"byte {at}", $"a FLAC metadata block of type {type} and {length} bytes",
                    "STREAMINFO once, as the first one");
            info ??= FlacStreamInfo.Read(bytes.Slice(at + 4, length));
            at += 4 + length;
        }
        if (info!.Bits > format.Bits() || info.Bits > LargestBits)
            throw new EcgFormatException(file, null, $"{info.Bits} bits per sample",
                $"at most {format.Bits()}, as format {(int)format} says");
        return new FlacFile(content, file, at, info);
    }

    /// <summary>Samples per channel: as stated, or counted if not stated or implausibly large for the file.</summary>
    /// <param name="most">The limit of counting.</param>
    public long CountSamples(long most)
    {
        if (Info.TotalSamples is { } stated && stated <= MostSamplesPerByte * _bytes.Length / Info.Channels)
            return stated;
        // A constant signal takes next to no bytes, and so does a claim: only decoding tells.
        var total = 0L;
        most = Math.Min(most, Info.TotalSamples ?? most);
        for (var blocks = Blocks(); total < most && blocks.Read() is > 0 and var count;)
            total += count;
        return total;
    }

    /// <summary>Reads the blocks from the first one on.</summary>
    public FlacBlocks Blocks() => new(_bytes, _firstFrame, File, Info);
}

/// <summary>The STREAMINFO block.</summary>
/// <param name="Channels">1 to 8.</param>
/// <param name="Bits">Bits per sample, 4 to 32.</param>
/// <param name="TotalSamples">Samples per channel; null if the stream does not say.</param>
internal sealed record FlacStreamInfo(int Channels, int Bits, long? TotalSamples)
{
    public static FlacStreamInfo Read(ReadOnlySpan<byte> block)
    {
        // Rate (20 bits), channels - 1 (3), bits - 1 (5), samples (36).
        var fields = BinaryPrimitives.ReadUInt64BigEndian(block[10..]);
        var total = (long)(fields & 0xF_FFFF_FFFF);
        return new FlacStreamInfo((int)(fields >> 41 & 7) + 1, (int)(fields >> 36 & 31) + 1, total == 0 ? null : total);
    }
}
