using System.Buffers.Binary;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>Reads little-endian fields of a block one after the other; past its end is an error.</summary>
internal ref struct Hdf5Cursor(Hdf5Source source, ReadOnlySpan<byte> bytes, long address)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes that have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _bytes.Length - Position;

    public ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
            throw source.Error(address + Position, $"the end of a block, {Left} bytes on", $"{count} bytes");
        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    public void Skip(long count) => Take(count);

    /// <summary>Goes to the next multiple of 8 from the block's beginning, or to its end.</summary>
    public void Align() => Position = Math.Min(_bytes.Length, (Position + 7) & ~7);

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>An unsigned number of 1 to 8 bytes; one that does not fit is as large as can be.</summary>
    public long Number(int size)
    {
        var value = 0UL;
        var part = Take(size);
        for (var i = size - 1; i >= 0; i--)
            value = (value << 8) | part[i];
        return (long)Math.Min(value, long.MaxValue);
    }

    /// <summary>A length in the size of the file's lengths.</summary>
    public long Length() => Number(source.LengthSize);

    /// <summary>An address; null if all bits are set, which means no address.</summary>
    public long? Address()
    {
        var part = Take(source.OffsetSize);
        if (!part.ContainsAnyExcept((byte)0xFF))
            return null;
        Position -= part.Length;
        return Number(part.Length);
    }
}
