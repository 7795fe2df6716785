using System.Buffers.Binary;

namespace SignalCam.Imaging;

/// <summary>Writes the resolution of a PNG, in dots per inch, as a chunk pHYs (PNG specification, third edition, 11.3.4.3).</summary>
internal static class PngScale
{
    private const int AfterHeader = 8 + 25;
    private const double MetresPerInch = 0.0254;

    /// <summary>The file with the chunk after its header.</summary>
    public static byte[] Write(ReadOnlySpan<byte> png, double dpi)
    {
        Span<byte> chunk = stackalloc byte[21];
        BinaryPrimitives.WriteInt32BigEndian(chunk, 9);
        "pHYs"u8.CopyTo(chunk[4..]);
        var perMetre = (int)Math.Round(dpi / MetresPerInch);
        BinaryPrimitives.WriteInt32BigEndian(chunk[8..], perMetre);
        BinaryPrimitives.WriteInt32BigEndian(chunk[12..], perMetre);
        chunk[16] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(chunk[17..], Crc(chunk[4..17]));
        return [.. png[..AfterHeader], .. chunk, .. png[AfterHeader..]];
    }

    /// <summary>CRC-32 as PNG's annex D defines it.</summary>
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xedb88320);
        }
        return ~crc;
    }
}
