using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace SignalCam.Formats.Tests.Fuzzing;

/// <summary>Makes broken files of good ones: the same seed gives the same file.</summary>
internal sealed class Mutator
{
    private static readonly long[] Interesting =
        [0, 1, 2, 3, 7, 8, 15, 16, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE,
            0xFFFFFFFF];

    private static readonly string[] Numbers =
        ["0", "-1", "1e9", "1e308", "NaN", "Infinity", "-0", "2147483647", "2147483648", "4294967295", "99999999999999999999", "0.0000001",
            "", "x", "1,5"];

    private readonly Random _random;

    public Mutator(int seed) => _random = new Random(seed);

    /// <summary>A changed copy: mostly one to four changes, sometimes many.</summary>
    /// <param name="content">A good file.</param>
    /// <param name="other">Another good file, parts of which may be spliced in.</param>
    public byte[] Mutate(byte[] content, byte[] other)
    {
        var bytes = (byte[])content.Clone();
        var changes = _random.Next(8) == 0 ? _random.Next(5, 40) : _random.Next(1, 5);
        for (var i = 0; i < changes; i++)
            bytes = Change(bytes, other);
        return bytes;
    }

    public bool Coin() => _random.Next(2) == 0;

    public T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private byte[] Change(byte[] bytes, byte[] other)
    {
        if (bytes.Length < 8)
            return [.. bytes, .. other.AsSpan(0, Math.Min(other.Length, 64))];
        switch (_random.Next(12))
        {
            case 0:
                bytes[Position(bytes)] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[Position(bytes)] = (byte)_random.Next(256);
                return bytes;
            case 2 or 3:
                WriteInteresting(bytes);
                return bytes;
            case 4:
                return Cut(bytes);
            case 5:
                return Insert(bytes, Block(bytes));
            case 6:
                return Insert(bytes, Block(other));
            case 7:
                return bytes[..Position(bytes)];
            case 8:
                Overwrite(bytes, Block(other));
                return bytes;
            case 9:
                return ChangeNumber(bytes);
            case 10:
                return DoubleLine(bytes);
            default:
                Fill(bytes);
                return bytes;
        }
    }

    /// <summary>Headers stand at the beginning: half of all changes go there.</summary>
    private int Position(byte[] bytes) => Coin() ? _random.Next(Math.Min(bytes.Length, 2048)) : _random.Next(bytes.Length);

    private byte[] Block(byte[] bytes)
    {
        if (bytes.Length == 0)
            return [];
        var start = _random.Next(bytes.Length);
        return bytes.AsSpan(start, Math.Min(_random.Next(1, Coin() ? 16 : 4096), bytes.Length - start)).ToArray();
    }

    private void WriteInteresting(byte[] bytes)
    {
        var value = Pick(Interesting);
        var at = Math.Min(Position(bytes), bytes.Length - 8);
        var span = bytes.AsSpan(at);
        switch (_random.Next(6))
        {
            case 0: BinaryPrimitives.WriteUInt16LittleEndian(span, (ushort)value); break;
            case 1: BinaryPrimitives.WriteUInt16BigEndian(span, (ushort)value); break;
            case 2: BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)value); break;
            case 3: BinaryPrimitives.WriteUInt32BigEndian(span, (uint)value); break;
            case 4: BinaryPrimitives.WriteInt64LittleEndian(span, value); break;
            default: BinaryPrimitives.WriteDoubleLittleEndian(span, Coin() ? double.NaN : double.MaxValue); break;
        }
    }

    private byte[] Cut(byte[] bytes)
    {
        var start = Position(bytes);
        var length = Math.Min(_random.Next(1, Coin() ? 8 : 2048), bytes.Length - start);
        return [.. bytes.AsSpan(0, start), .. bytes.AsSpan(start + length)];
    }

    private byte[] Insert(byte[] bytes, byte[] block)
    {
        var at = Position(bytes);
        return [.. bytes.AsSpan(0, at), .. block, .. bytes.AsSpan(at)];
    }

    private void Overwrite(byte[] bytes, byte[] block)
    {
        var at = Position(bytes);
        block.AsSpan(0, Math.Min(block.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
    }

    private void Fill(byte[] bytes)
    {
        var at = Position(bytes);
        Array.Fill(bytes, (byte)Pick(Interesting), at, Math.Min(_random.Next(1, 64), bytes.Length - at));
    }

    /// <summary>Replaces a number that is written as text.</summary>
    private byte[] ChangeNumber(byte[] bytes)
    {
        var from = Position(bytes);
        var start = bytes.AsSpan(from).IndexOfAnyInRange((byte)'0', (byte)'9');
        if (start < 0)
            return bytes;
        start += from;
        var end = start;
        while (end < bytes.Length && end - start < 40 && "0123456789.e-"u8.Contains(bytes[end]))
            end++;
        var number = Coin() ? Pick(Numbers) : _random.NextInt64(-100000, 100000).ToString(CultureInfo.InvariantCulture);
        return [.. bytes.AsSpan(0, start), .. Encoding.ASCII.GetBytes(number), .. bytes.AsSpan(end)];
    }

    private byte[] DoubleLine(byte[] bytes)
    {
        var at = Position(bytes);
        var start = bytes.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;
        var length = bytes.AsSpan(start).IndexOf((byte)'\n') + 1;
        if (length is 0 or > 4096)
            return bytes;
        var line = bytes.AsSpan(start, length).ToArray();
        return Coin() ? [.. bytes.AsSpan(0, start), .. line, .. bytes.AsSpan(start)]
            : [.. bytes.AsSpan(0, start), .. bytes.AsSpan(start + length)];
    }
}
