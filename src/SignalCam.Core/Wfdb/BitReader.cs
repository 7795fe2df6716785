using System.Buffers.Binary;
using System.Numerics;
using SignalCam.Abstractions;

namespace SignalCam.Core.Wfdb;

/// <summary>Reads bits of bytes, the most significant first. Reading past the end is an <see cref="EcgFormatException"/>.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes, int start, string file)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _next = start;

    /// <summary>The bits to come, left-aligned; those behind <see cref="_count"/> are part of the next bytes or 0.</summary>
    private ulong _cache;
    private int _count;

    /// <summary>The byte that holds the next bit.</summary>
    public readonly int Position => _next - (_count / 8);

    /// <summary>An unsigned number of 1 to 32 bits; 0 for no bits.</summary>
    public uint Read(int bits)
    {
        if (bits == 0)
            return 0;
        if (_count < bits)
            Refill(bits);
        var value = (uint)(_cache >> (64 - bits));
        Drop(bits);
        return value;
    }

    /// <summary>A signed number of 1 to 32 bits in two's complement.</summary>
    public int ReadSigned(int bits) => bits == 0 ? 0 : (int)(Read(bits) << (32 - bits)) >> (32 - bits);

    /// <summary>The number of 0 bits before the next 1, which is read as well.</summary>
    public uint ReadUnary()
    {
        var zeros = 0U;
        while (true)
        {
            if (_count == 0)
                Refill(1);
            var leading = BitOperations.LeadingZeroCount(_cache);
            if (leading < _count)
            {
                Drop(leading + 1);
                return zeros + (uint)leading;
            }
            zeros += (uint)_count;
            Drop(_count);
        }
    }

    /// <summary>Advances to the next whole byte; the skipped bits must be 0.</summary>
    public void AlignToByte()
    {
        if (Read(_count % 8) != 0)
            throw new EcgFormatException(file, $"byte {Position}", "bits that are not 0 before the end of a byte", "FLAC padding");
    }

    private void Drop(int bits)
    {
        _cache = bits == 64 ? 0 : _cache << bits;
        _count -= bits;
    }

    private void Refill(int needed)
    {
        if (_next + sizeof(ulong) <= _bytes.Length)
        {
            // Bits beyond whole bytes come in a second time with the next refill, as the same bits.
            _cache |= BinaryPrimitives.ReadUInt64BigEndian(_bytes[_next..]) >> _count;
            var taken = (63 - _count) / 8;
            _next += taken;
            _count += 8 * taken;
            return;
        }
        for (; _count <= 56 && _next < _bytes.Length; _count += 8)
            _cache = _cache & ~(ulong.MaxValue >> _count) | (ulong)_bytes[_next++] << (56 - _count);
        if (_count < needed)
            throw new EcgFormatException(file, $"byte {_bytes.Length}", "the end of the file", "the rest of a FLAC frame");
    }
}
