using System.Buffers.Binary;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Philips;

/// <summary>
/// XLI, the compression of Philips XML: one chunk a channel, each with the length of its LZW bytes, a first delta, and LZW with fixed
/// codes of 10 bits over second differences whose high bytes stand in front of their low bytes.
/// </summary>
internal static class Xli
{
    private const int HeaderBytes = 8;
    private const int DeltaBias = 64;

    /// <summary>Decompresses the first channels.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="bytes">All chunks.</param>
    /// <param name="channels">How many channels to read; further ones are not looked at.</param>
    /// <param name="maxSamples">Samples that a channel may have at most.</param>
    public static int[][] Decompress(string file, ReadOnlySpan<byte> bytes, int channels, int maxSamples)
    {
        var decoded = new int[channels][];
        var offset = 0;
        for (var channel = 0; channel < channels; channel++)
        {
            if (bytes.Length - offset < HeaderBytes)
                throw Error(file, offset, $"{bytes.Length - offset} bytes for channel {channel} of {channels}",
                    $"a chunk header of {HeaderBytes} bytes");
            var header = bytes.Slice(offset, HeaderBytes);
            var size = BinaryPrimitives.ReadInt32LittleEndian(header);
            var first = BinaryPrimitives.ReadInt16LittleEndian(header[6..]);
            if (size < 0 || size > bytes.Length - offset - HeaderBytes)
                throw Error(file, offset, $"a chunk of {size} bytes",
                    $"at most {bytes.Length - offset - HeaderBytes}, which is all there is");
            var (expanded, length) = Lzw.Decompress(bytes.Slice(offset + HeaderBytes, size), 2L * maxSamples);
            if (length < 0)
                throw Error(file, offset, $"LZW data that is damaged or holds more than {maxSamples} samples", "LZW codes of 10 bits");
            if (length % 2 != 0)
                throw Error(file, offset, $"{length} bytes", "two bytes a sample");
            decoded[channel] = Integrate(file, channel, expanded.AsSpan(0, length), first);
            offset += HeaderBytes + size;
        }
        return decoded;
    }

    /// <summary>
    /// Undoes the second differences. The data have no checksum: damage shows in samples that the recorder's 16 bits cannot hold.
    /// </summary>
    private static int[] Integrate(string file, int channel, ReadOnlySpan<byte> bytes, int delta)
    {
        var samples = new int[bytes.Length / 2];
        for (var t = 0; t < samples.Length; t++)
        {
            int code = (short)((bytes[t] << 8) | bytes[samples.Length + t]);
            if (t < 2)
            {
                samples[t] = code;
                continue;
            }
            var sample = (2 * samples[t - 1]) - samples[t - 2] - delta;
            if (sample is < short.MinValue or > short.MaxValue)
                throw new EcgFormatException(file, $"parsedwaveforms, channel {channel}, sample {t}", $"the value {sample}",
                    "a sample of 16 bits: the compressed data are damaged");
            samples[t] = sample;
            delta = code - DeltaBias;
        }
        return samples;
    }

    private static EcgFormatException Error(string file, int offset, string found, string expected) =>
        new(file, string.Create(CultureInfo.InvariantCulture, $"parsedwaveforms, byte {offset}"), found, expected);
}
