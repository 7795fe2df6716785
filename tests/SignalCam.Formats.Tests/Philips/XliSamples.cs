using System.Buffers.Binary;

namespace SignalCam.Formats.Tests;

/// <summary>Compresses samples by XLI: second differences, high bytes before low bytes, LZW with codes of 10 bits.</summary>
internal static class XliSamples
{
    private const int End = 1023;

    /// <param name="channels">Samples of each channel.</param>
    /// <param name="firstDelta">The first delta of each chunk; null for the one that makes the samples come back.</param>
    public static byte[] Compress(int[][] channels, short? firstDelta = null) => [.. channels.SelectMany(c => Chunk(c, firstDelta))];

    /// <summary>10-bit codes, most significant bit first.</summary>
    public static byte[] Pack(IReadOnlyList<int> codes)
    {
        var bytes = new byte[((codes.Count * 10) + 7) / 8];
        for (var i = 0; i < codes.Count; i++)
            for (var bit = 0; bit < 10; bit++)
                if ((codes[i] >> (9 - bit) & 1) != 0)
                    bytes[((i * 10) + bit) / 8] |= (byte)(0x80 >> (((i * 10) + bit) % 8));
        return bytes;
    }

    private static byte[] Chunk(int[] samples, short? firstDelta)
    {
        // x[t] = 2 x[t-1] - x[t-2] - d, and the code of t gives the d of t + 1: it is d + 64.
        int Delta(int t) => t < samples.Length ? (2 * samples[t - 1]) - samples[t - 2] - samples[t] : 0;
        var codes = samples.Select((sample, t) => t < 2 ? sample : Delta(t + 1) + 64).ToArray();
        var bytes = codes.Select(c => (byte)(c >> 8)).Concat(codes.Select(c => (byte)c)).ToArray();
        var packed = Pack(Lzw(bytes));
        var chunk = new byte[8 + packed.Length];
        BinaryPrimitives.WriteInt32LittleEndian(chunk, packed.Length);
        chunk[4] = 1;
        BinaryPrimitives.WriteInt16LittleEndian(chunk.AsSpan(6), firstDelta ?? (short)Delta(2));
        packed.CopyTo(chunk, 8);
        return chunk;
    }

    private static List<int> Lzw(byte[] bytes)
    {
        var dictionary = Enumerable.Range(0, 256).ToDictionary(b => ((char)b).ToString(), b => b);
        List<int> codes = [];
        var text = "";
        foreach (var value in bytes)
        {
            if (dictionary.ContainsKey(text + (char)value))
            {
                text += (char)value;
                continue;
            }
            codes.Add(dictionary[text]);
            if (dictionary.Count < End)
                dictionary[text + (char)value] = dictionary.Count;
            text = ((char)value).ToString();
        }
        if (text.Length > 0)
            codes.Add(dictionary[text]);
        return [.. codes, End];
    }
}
