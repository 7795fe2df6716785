using System.Buffers.Binary;

namespace SignalCam.Formats;

/// <summary>CRC-CCITT: polynomial 0x1021, start 0xFFFF, most significant bit first, no final XOR. SCP-ECG and ISHNE use it.</summary>
internal static class Crc16
{
    private const int Stride = 8;

    /// <summary>At k * 256 + b: what byte b adds to the CRC of a message with k more bytes behind it.</summary>
    private static readonly ushort[] Table = CreateTable();

    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFF;
        // Eight bytes a step: their contributions do not wait for each other.
        for (; bytes.Length >= Stride; bytes = bytes[Stride..])
        {
            var first = BinaryPrimitives.ReadUInt16BigEndian(bytes) ^ crc;
            crc = (uint)(Table[(7 * 256) + (int)(first >> 8)] ^ Table[(6 * 256) + (int)(first & 0xFF)]
                ^ Table[(5 * 256) + bytes[2]] ^ Table[(4 * 256) + bytes[3]] ^ Table[(3 * 256) + bytes[4]]
                ^ Table[(2 * 256) + bytes[5]] ^ Table[256 + bytes[6]] ^ Table[bytes[7]]);
        }
        foreach (var value in bytes)
            crc = ((crc << 8) & 0xFFFF) ^ Table[(int)((crc >> 8) ^ value)];
        return (ushort)crc;
    }

    private static ushort[] CreateTable()
    {
        var table = new ushort[Stride * 256];
        for (var i = 0; i < 256; i++)
        {
            var crc = i << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? ((crc << 1) ^ 0x1021) & 0xFFFF : crc << 1;
            table[i] = (ushort)crc;
        }
        for (var i = 256; i < table.Length; i++)
        {
            var shorter = table[i - 256];
            table[i] = (ushort)((shorter << 8) ^ table[shorter >> 8]);
        }
        return table;
    }
}
