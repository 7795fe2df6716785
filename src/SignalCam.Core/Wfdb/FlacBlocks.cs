using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>Decodes a FLAC stream block by block (RFC 9639, section 9). Every block's checksums are verified.</summary>
internal sealed class FlacBlocks(ReadOnlyMemory<byte> bytes, int firstFrame, string file, FlacStreamInfo info)
{
    private readonly int[][] _samples = new int[info.Channels][];
    private int _position = firstFrame;

    /// <summary>How two channels are stored.</summary>
    private enum Stereo
    {
        Independent,
        LeftSide,
        SideRight,
        MidSide,
    }

    private readonly record struct FrameHeader(int BlockSize, Stereo Stereo);

    /// <summary>The samples of a channel in the current block.</summary>
    public ReadOnlySpan<int> Channel(int channel) => _samples[channel];

    /// <summary>Decodes the next block; returns its samples per channel, 0 at the end of the file.</summary>
    /// <exception cref="EcgFormatException">The stream is corrupt.</exception>
    public int Read()
    {
        if (_position >= bytes.Length)
            return 0;
        var content = bytes.Span;
        var reader = new BitReader(content, _position, file);
        var header = ReadHeader(content, ref reader);
        for (var channel = 0; channel < info.Channels; channel++)
        {
            if ((_samples[channel]?.Length ?? 0) < header.BlockSize)
                _samples[channel] = new int[header.BlockSize];
            var isSide = (header.Stereo, channel) is (Stereo.LeftSide or Stereo.MidSide, 1) or (Stereo.SideRight, 0);
            FlacSubframe.Read(ref reader, _samples[channel].AsSpan(0, header.BlockSize), info.Bits + (isSide ? 1 : 0), file);
        }
        reader.AlignToByte();
        var end = reader.Position;
        var stated = reader.Read(16);
        if (FlacChecksums.Crc16(content[_position..end]) is var sum && sum != stated)
            throw new EcgFormatException(file, $"byte {end}", $"checksum {sum:x4} of a FLAC frame", $"{stated:x4}, as the frame states");
        _position = end + 2;
        if (header.Stereo != Stereo.Independent)
            Restore(header.Stereo, _samples[0].AsSpan(0, header.BlockSize), _samples[1].AsSpan(0, header.BlockSize));
        return header.BlockSize;
    }

    private FrameHeader ReadHeader(ReadOnlySpan<byte> content, ref BitReader reader)
    {
        if (reader.Read(15) is not 0b111_1111_1111_1100)
            throw Error("no sync code", "a FLAC frame");
        reader.Read(1);
        var (sizeCode, rateCode, channelCode, bitsCode, reserved) =
            (reader.Read(4), reader.Read(4), reader.Read(4), reader.Read(3), reader.Read(1));
        SkipNumber(ref reader);
        var size = sizeCode switch
        {
            0 => throw Error("block size code 0", "one that is not reserved"),
            1 => 192,
            <= 5 => 144 << (int)sizeCode,
            6 => (int)reader.Read(8) + 1,
            7 => (int)reader.Read(16) + 1,
            _ => 1 << (int)sizeCode,
        };
        reader.Read(rateCode switch { 12 => 8, 13 or 14 => 16, 15 => throw Error("sample rate code 15", "one that is not forbidden"),
            _ => 0 });
        var bits = bitsCode switch { 0 => info.Bits, 1 => 8, 2 => 12, 4 => 16, 5 => 20, 6 => 24, 7 => 32, _ => -1 };
        var channels = channelCode < 8 ? (int)channelCode + 1 : 2;
        if (bits != info.Bits || channels != info.Channels || channelCode > 10 || reserved != 0)
            throw Error($"{channels} channels of {bits} bits (codes {channelCode}, {bitsCode})",
                $"{info.Channels} of {info.Bits}, as STREAMINFO says");
        var end = reader.Position;
        var stated = reader.Read(8);
        if (FlacChecksums.Crc8(content[_position..end]) is var sum && sum != stated)
            throw Error($"checksum {sum:x2} of a FLAC frame's header", $"{stated:x2}, as the header states");
        return new FrameHeader(size, channelCode < 8 ? Stereo.Independent : (Stereo)(channelCode - 7));
    }

    /// <summary>The number of the frame or of its first sample, in the manner of UTF-8 with up to seven bytes.</summary>
    private void SkipNumber(ref BitReader reader)
    {
        var first = reader.Read(8);
        var more = first switch { < 0x80 => 0, < 0xC0 => -1, < 0xE0 => 1, < 0xF0 => 2, < 0xF8 => 3, < 0xFC => 4, < 0xFE => 5, < 0xFF => 6,
            _ => -1 };
        for (var i = 0; i < more; i++)
            if (reader.Read(8) >> 6 != 2)
                more = -1;
        if (more < 0)
            throw Error("a malformed frame number", "one to seven bytes as in UTF-8");
    }

    private static void Restore(Stereo stereo, Span<int> first, Span<int> second)
    {
        for (var i = 0; i < first.Length; i++)
            (first[i], second[i]) = stereo switch
            {
                Stereo.LeftSide => (first[i], first[i] - second[i]),
                Stereo.SideRight => (first[i] + second[i], second[i]),
                _ => (2 * first[i] + (second[i] & 1) + second[i] >> 1, 2 * first[i] + (second[i] & 1) - second[i] >> 1),
            };
    }

    private EcgFormatException Error(string found, string expected) => new(file, $"byte {_position}", found, expected);
}
