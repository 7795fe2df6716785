using System.Buffers.Binary;
using System.Text;

namespace SignalCam.Distributed.Messages;

/// <summary>Reads the little-endian fields of a message; whatever is not there is a <see cref="MessageFormatException"/>.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public readonly int Left => _bytes.Length - Position;

    /// <summary>What follows; <see cref="Bytes"/> takes of it.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    public byte Byte() => Bytes(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(sizeof(int)));

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Bytes(sizeof(double)));

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Bytes(sizeof(float)));

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count < 0 || count > Left)
            throw Short(count);
        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>The error that fewer bytes follow than are needed.</summary>
    public readonly MessageFormatException Short(int needed) => new($"byte {Position}: found {Left} more bytes, expected {needed}");

    /// <summary>Takes these bytes if they are what follows.</summary>
    public bool TryTake(ReadOnlySpan<byte> expected)
    {
        if (!_bytes[Position..].StartsWith(expected))
            return false;
        Position += expected.Length;
        return true;
    }

    public readonly ReadOnlySpan<byte> Since(int start) => _bytes[start..Position];

    public string Text()
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(Bytes(sizeof(ushort)));
        var start = Position;
        try
        {
            return s_strictUtf8.GetString(Bytes(length));
        }
        catch (DecoderFallbackException e)
        {
            throw new MessageFormatException($"byte {start}: found a text that is no UTF-8", e);
        }
    }

    public string Hash() => Convert.ToHexStringLower(Bytes(MessageWriter.HashBytes));

    /// <summary>
    /// A number of things that follow, at most so many, of which each has at least so many bytes: a wrong number cannot claim memory.
    /// </summary>
    public int Count(int bytesEach, int most)
    {
        var start = Position;
        var count = Int32();
        most = Math.Min(most, Left / bytesEach);
        return count >= 0 && count <= most
            ? count
            : throw new MessageFormatException($"byte {start}: found a count of {count}, expected 0 to {most}");
    }

    public void Expect(ReadOnlySpan<byte> mark, string what)
    {
        if (Left < mark.Length || !Bytes(mark.Length).SequenceEqual(mark))
            throw new MessageFormatException($"byte 0: found no {what}, expected one that begins with {Convert.ToHexStringLower(mark)}");
    }

    public readonly void ExpectEnd()
    {
        if (Left > 0)
            throw new MessageFormatException($"byte {Position}: found {Left} more bytes, expected the end");
    }
}
