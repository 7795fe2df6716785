namespace SignalCam.Formats.Philips;

/// <summary>LZW with fixed codes of 10 bits, most significant bit first; the dictionary is full at code 1022, and code 1023 ends.</summary>
internal static class Lzw
{
    private const int Bits = 10;
    private const int End = 1023;
    private const int FirstCode = 256;

    /// <summary>
    /// The decompressed bytes and how many there are; a negative number where a code is not defined or there are more than
    /// <paramref name="most"/>.
    /// </summary>
    public static (byte[] Bytes, int Length) Decompress(ReadOnlySpan<byte> source, long most)
    {
        // A string is the output at an earlier place: nothing but places and lengths is kept.
        Span<int> starts = stackalloc int[End];
        Span<int> lengths = stackalloc int[End];
        var output = new byte[Math.Max(16, 4 * source.Length)];
        var (written, next, previousStart, previousLength) = (0, FirstCode, 0, 0);
        var (buffer, available) = (0, 0);
        foreach (var value in source)
        {
            buffer = ((buffer << 8) | value) & 0xFFFFFF;
            available += 8;
            if (available < Bits)
                continue;
            available -= Bits;
            var code = (buffer >> available) & End;
            if (code == End)
                break;
            var length = code < FirstCode ? 1 : code < next ? lengths[code] : code == next && previousLength > 0 ? previousLength + 1 : -1;
            if (length < 0 || written + (long)length > most)
                return (output, -1);
            if (written + length > output.Length)
                Array.Resize(ref output, (int)Math.Min(Math.Max(2L * output.Length, written + length), Array.MaxLength));
            if (code < FirstCode)
                output[written] = (byte)code;
            else
                Repeat(output, code < next ? starts[code] : previousStart, written, length);
            if (previousLength > 0 && next < End)
            {
                // The previous string and the first byte of this one, which stand side by side in the output.
                (starts[next], lengths[next]) = (previousStart, previousLength + 1);
                next++;
            }
            (previousStart, previousLength) = (written, length);
            written += length;
        }
        return (output, written);
    }

    private static void Repeat(byte[] output, int from, int to, int length)
    {
        for (var i = 0; i < length; i++)
            output[to + i] = output[from + i];
    }
}
