using System.Buffers.Binary;

namespace SignalCam.Formats.Scp;

/// <summary>Reads bits, the most significant of each byte first.</summary>
internal ref struct ScpBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private ulong _window;
    private int _next;

    /// <summary>Unread bits of the window, at its most significant end.</summary>
    public int Available { get; private set; }

    /// <summary>The next 32 bits without taking them; zeros stand for those after the end.</summary>
    public uint Peek()
    {
        if (Available < 32)
            Fill();
        return (uint)(_window >> 32);
    }

    /// <summary>Takes bits that were peeked at; false where the end comes before.</summary>
    public bool TryTake(int count)
    {
        if (count > Available)
            return false;
        _window <<= count;
        Available -= count;
        return true;
    }

    private void Fill()
    {
        if (_bytes.Length - _next >= sizeof(uint))
        {
            _window |= (ulong)BinaryPrimitives.ReadUInt32BigEndian(_bytes[_next..]) << (32 - Available);
            _next += sizeof(uint);
            Available += 32;
            return;
        }
        for (; Available <= 56 && _next < _bytes.Length; Available += 8)
            _window |= (ulong)_bytes[_next++] << (56 - Available);
    }
}
