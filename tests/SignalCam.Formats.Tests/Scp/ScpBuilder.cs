using System.Buffers.Binary;

namespace SignalCam.Formats.Tests;

/// <summary>Writes SCP-ECG records, EN 1064 5.2 and 5.3.</summary>
internal sealed class ScpBuilder
{
    private readonly SortedDictionary<int, byte[]> _sections = [];

    public ScpBuilder Section(int id, params byte[][] parts)
    {
        _sections[id] = [.. parts.SelectMany(p => p)];
        return this;
    }

    public byte[] ToArray()
    {
        const int lastPointer = 11;
        var zeroLength = 16 + (10 * (lastPointer + 1));
        var index = 7 + zeroLength;
        var pointers = new List<byte>();
        var body = new List<byte>();
        for (var id = 0; id <= lastPointer; id++)
        {
            var data = _sections.GetValueOrDefault(id);
            if (data is { Length: var odd } && odd % 2 == 1)
                data = [.. data, 0];
            var length = id == 0 ? zeroLength : data is null ? 0 : 16 + data.Length;
            pointers.AddRange([.. U16(id), .. U32(length), .. U32(id == 0 ? 7 : length == 0 ? 0 : index)]);
            if (data is null)
                continue;
            body.AddRange([0, 0, .. U16(id), .. U32(length), 20, 20, .. new byte[6], .. data]);
            index += length;
        }
        byte[] record = [0, 0, .. U32(0), 0, 0, .. U16(0), .. U32(zeroLength), 20, 20, .. "SCPECG"u8, .. pointers, .. body];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(2), record.Length);
        return Repair(record);
    }

    /// <summary>Sets the checksums of a record and of the sections its pointers name, as far as they are there.</summary>
    public static byte[] Repair(byte[] record)
    {
        var fixedUp = (byte[])record.Clone();
        for (var at = 22; at + 10 <= Math.Min(fixedUp.Length, 22 + 120); at += 10)
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(fixedUp.AsSpan(at + 2));
            var start = BinaryPrimitives.ReadUInt32LittleEndian(fixedUp.AsSpan(at + 6)) - 1L;
            if (start >= 6 && length >= 16 && start + length <= fixedUp.Length)
                BinaryPrimitives.WriteUInt16LittleEndian(fixedUp.AsSpan((int)start), Crc(fixedUp.AsSpan((int)start + 2, (int)length - 2)));
        }
        if (fixedUp.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(fixedUp.AsSpan(2)) is var size
            && (size < 6 || size > fixedUp.Length))
            return fixedUp;
        BinaryPrimitives.WriteUInt16LittleEndian(fixedUp,
            Crc(fixedUp.AsSpan(2, (int)BinaryPrimitives.ReadUInt32LittleEndian(fixedUp.AsSpan(2)) - 2)));
        return fixedUp;
    }

    /// <summary>CRC-CCITT bit by bit, another way than the product's.</summary>
    public static ushort Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFF;
        foreach (var value in bytes)
            for (var bit = 7; bit >= 0; bit--)
            {
                var top = ((crc >> 15) ^ (value >> bit)) & 1;
                crc = ((crc << 1) & 0xFFFF) ^ (top * 0x1021);
            }
        return (ushort)crc;
    }

    public static byte[] U16(int value) => BitConverter.GetBytes((ushort)value);

    public static byte[] U32(long value) => BitConverter.GetBytes((uint)value);

    /// <summary>Section 3 with leads of the same samples 1 to <paramref name="length"/>.</summary>
    public static byte[] Leads(int flags, int length, params byte[] ids) =>
        [(byte)ids.Length, (byte)flags, .. ids.SelectMany(id => (byte[])[.. U32(1), .. U32(length), id])];

    /// <summary>The header of section 5 or 6, byte counts and bytes of the leads.</summary>
    public static byte[] Waveform(int nanovolt, int microseconds, int differences, int bimodal, params byte[][] leads) =>
        [.. U16(nanovolt), .. U16(microseconds), (byte)differences, (byte)bimodal, .. leads.SelectMany(l => U16(l.Length)),
            .. leads.SelectMany(l => l)];

    public static byte[] Plain(params int[] samples) => [.. samples.SelectMany(s => U16(s))];

    /// <summary>Bits written as text, filled up with ones.</summary>
    public static byte[] Bits(string bits)
    {
        bits = bits.Replace(" ", "", StringComparison.Ordinal);
        bits = bits.PadRight((bits.Length + 7) / 8 * 8, '1');
        return [.. bits.Chunk(8).Select(b => Convert.ToByte(new string(b), 2))];
    }
}

/// <summary>Small SCP-ECG records.</summary>
internal static class ScpSamples
{
    public static IEnumerable<byte[]> All()
    {
        yield return Plain().ToArray();
        yield return Subtracted().ToArray();
        yield return Plain()
            .Section(2, ScpBuilder.U16(2), ScpBuilder.U16(2), [1, 1, 1], ScpBuilder.U16(5), ScpBuilder.U32(0), [1, 1, 0], ScpBuilder.U16(2),
                ScpBuilder.U32(1),
                ScpBuilder.U16(1), [1, 9, 1], ScpBuilder.U16(0), ScpBuilder.U32(0))
            .Section(6, ScpBuilder.Waveform(2500, 2000, 1, 0, ScpBuilder.Bits("00 1 0 00000111 0 11111111"), ScpBuilder.Bits("0000")))
            .ToArray();
        yield return Plain().Section(2, ScpBuilder.U16(19999))
            .Section(6, ScpBuilder.Waveform(2500, 2000, 2, 0, ScpBuilder.Bits("0 100 101 1111111110 10000000"), ScpBuilder.Bits("0000")))
            .ToArray();
    }

    /// <summary>Leads I and II with four plain samples at 500 Hz, and texts of sections 1, 7 and 8.</summary>
    public static ScpBuilder Plain() => new ScpBuilder()
        .Section(1, [0], ScpBuilder.U16(4), "Doe\0"u8.ToArray(), [25], ScpBuilder.U16(4), ScpBuilder.U16(2020), [1, 2], [26],
            ScpBuilder.U16(3), [3, 4, 5],
            [34], ScpBuilder.U16(4), ScpBuilder.U16(120), ScpBuilder.U16(0), [255])
        .Section(3, ScpBuilder.Leads(4, 4, 1, 2))
        .Section(6, ScpBuilder.Waveform(2500, 2000, 0, 0, ScpBuilder.Plain(1, 2, 3, 4), ScpBuilder.Plain(-1, -2, -3, -4)))
        .Section(7, [1, 0], ScpBuilder.U16(800), ScpBuilder.U16(29999), ScpBuilder.Plain(100, 200, 260, 350, 600, 44, -61, 29999),
            ScpBuilder.U16(0), ScpBuilder.Plain(75, 0, 443))
        .Section(8, [0], ScpBuilder.U16(2020), [1, 2, 3, 4, 5, 1, 1], ScpBuilder.U16(6), "Sinus\0"u8.ToArray());

    /// <summary>
    /// One lead of 12 samples; a beat of 3 samples with its fiducial point in the middle was subtracted at sample 5, not at sample 9.
    /// </summary>
    public static ScpBuilder Subtracted() => new ScpBuilder()
        .Section(3, ScpBuilder.Leads(1, 12, 1))
        .Section(4, ScpBuilder.U16(6), ScpBuilder.U16(2), ScpBuilder.U16(3),
            ScpBuilder.U16(0), ScpBuilder.U32(4), ScpBuilder.U32(5), ScpBuilder.U32(6),
            ScpBuilder.U16(1), ScpBuilder.U32(8), ScpBuilder.U32(9), ScpBuilder.U32(10),
            ScpBuilder.U16(0), ScpBuilder.U32(12), ScpBuilder.U32(12), ScpBuilder.U32(13),
            new byte[24])
        .Section(5, ScpBuilder.Waveform(1000, 2000, 0, 0, ScpBuilder.Plain(10, 20, 30)))
        .Section(6, ScpBuilder.Waveform(1000, 2000, 0, 0, ScpBuilder.Plain(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)));
}
