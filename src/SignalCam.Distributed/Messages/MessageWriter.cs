using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SignalCam.Distributed.Messages;

/// <summary>Writes the little-endian fields of a message.</summary>
internal sealed class MessageWriter
{
    public const int HashBytes = 32;

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public int Length => _bytes.WrittenCount;

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), value);
        _bytes.Advance(sizeof(int));
    }

    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
        _bytes.Advance(sizeof(double));
    }

    public void Float(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
        _bytes.Advance(sizeof(float));
    }

    public void Bytes(ReadOnlySpan<byte> value) => _bytes.Write(value);

    /// <summary>UTF-8 preceded by its length in two bytes.</summary>
    /// <exception cref="ArgumentException">The text is longer than 65535 bytes.</exception>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        if (length > ushort.MaxValue)
            throw new ArgumentException($"found a text of {length} bytes, expected at most {ushort.MaxValue}", nameof(value));
        var span = _bytes.GetSpan(sizeof(ushort) + length);
        BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)length);
        Encoding.UTF8.GetBytes(value, span[sizeof(ushort)..]);
        _bytes.Advance(sizeof(ushort) + length);
    }

    /// <summary>A SHA-256 as its 32 bytes.</summary>
    public void Hash(string hex)
    {
        var hash = Convert.FromHexString(hex);
        if (hash.Length != HashBytes)
            throw new ArgumentException($"found a hash of {hash.Length} bytes, expected {HashBytes}", nameof(hex));
        Bytes(hash);
    }

    /// <summary>A span for the caller to fill.</summary>
    public Span<byte> Take(int length)
    {
        var span = _bytes.GetSpan(length)[..length];
        _bytes.Advance(length);
        return span;
    }
}
