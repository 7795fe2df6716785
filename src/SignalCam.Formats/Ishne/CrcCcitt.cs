namespace SignalCam.Formats.Ishne;

/// <summary>CRC-CCITT as ISHNE uses it: polynomial 0x1021, start 0xFFFF, most significant bit first, no final XOR.</summary>
internal static class CrcCcitt
{
    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF;
        foreach (var value in bytes)
        {
            crc ^= value << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ 0x1021) & 0xFFFF : (crc << 1) & 0xFFFF;
        }
        return (ushort)crc;
    }
}
