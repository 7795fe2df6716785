using System.Buffers.Binary;

namespace SignalCam.Formats.Tests;

/// <summary>Writes ISHNE files.</summary>
internal static class IshneSamples
{
    /// <param name="leads">Lead specifications.</param>
    /// <param name="nanovolts">Resolution of each lead.</param>
    /// <param name="samples">Samples of each lead.</param>
    /// <param name="count">The number of samples that is stated; null for that of one lead.</param>
    /// <param name="date">Day, month, year of the recording.</param>
    public static byte[] File(short[] leads, short[] nanovolts, short[][] samples, int? count = null, short[]? date = null)
    {
        const int variable = 6;
        const int ecg = 522 + variable;
        var bytes = new byte[ecg + (2 * leads.Length * samples[0].Length)];
        "ISHNE1.0"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(10), variable);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(14), count ?? samples[0].Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(18), 522);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(22), ecg);
        Write(bytes, 132, -9, -9, -9);
        Write(bytes, 138, date ?? [2, 1, 2020]);
        Write(bytes, 150, 3, 4, 5);
        Write(bytes, 156, (short)leads.Length);
        Write(bytes, 158, leads);
        Write(bytes, 206, nanovolts);
        Write(bytes, 272, 200);
        for (var lead = 0; lead < leads.Length; lead++)
            for (var t = 0; t < samples[lead].Length; t++)
                Write(bytes, ecg + (2 * ((t * leads.Length) + lead)), samples[lead][t]);
        return Repair(bytes);
    }

    /// <summary>Sets the CRC of a file, as far as it is there.</summary>
    public static byte[] Repair(byte[] bytes)
    {
        if (bytes.Length < 522 || BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(22)) is var ecg && (ecg < 522 || ecg > bytes.Length))
            return bytes;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Crc16.Of(bytes.AsSpan(10, ecg - 10)));
        return bytes;
    }

    private static void Write(byte[] bytes, int offset, params short[] values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset + (2 * i)), values[i]);
    }
}
