namespace SignalCam.Formats.Scp;

/// <summary>Reads bits, the most significant of each byte first.</summary>
internal ref struct ScpBits(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private ulong _window;
    private int _next;

    /// <summary>Bits in the window that are not read yet, at its most significant end.</summary>
    public int Available { get; private set; }

    /// <summary>The next bits without taking them, right-aligned; zeros stand for those behind the end.</summary>
    /// <param name="count">1 to 32.</param>
    public uint Peek(int count)
    {
        while (Available <= 56 && _next < _bytes.Length)
        {
            _window |= (ulong)_bytes[_next++] << (56 - Available);
            Available += 8;
        }
        return (uint)(_window >> (64 - count));
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
}
