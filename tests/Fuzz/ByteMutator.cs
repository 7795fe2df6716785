using System.Buffers.Binary;
using SignalCam.Abstractions;

namespace SignalCam.Fuzz;

/// <summary>Changes bytes as files get changed: bits, numbers, parts doubled, moved or missing.</summary>
public static class ByteMutator
{
    private static readonly long[] s_numbers =
    [
        0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32_767, 32_768, 65_535, 65_536, 1 << 20, int.MaxValue - 1L, int.MaxValue,
        int.MaxValue + 1L, uint.MaxValue, 1L << 32, 1L << 53, long.MaxValue, long.MinValue,
    ];

    /// <summary>A number that programs stumble over.</summary>
    public static long Number(EcgRandom random) =>
        s_numbers[random.Below(s_numbers.Length)] + (random.Chance(0.2) ? random.Below(5) - 2 : 0);

    /// <summary>A changed copy.</summary>
    public static byte[] Mutate(ReadOnlySpan<byte> bytes, EcgRandom random)
    {
        var changed = new List<byte>(bytes.ToArray());
        for (int times = 1 + random.Below(random.Chance(0.2) ? 12 : 3), i = 0; i < times && changed.Count > 0; i++)
            MutateOnce(changed, random);
        return [.. changed];
    }

    private static void MutateOnce(List<byte> bytes, EcgRandom random)
    {
        // The head more often than what comes behind it.
        var at = random.Below(random.Chance(0.5) ? bytes.Count : Math.Min(bytes.Count, 256));
        var length = Math.Min(bytes.Count - at, 1 + random.Below(random.Chance(0.2) ? 4096 : 16));
        switch (random.Below(8))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Below(8));
                break;
            case 2:
                bytes[at] = (byte)random.Below(256);
                break;
            case 3:
                WriteNumber(bytes, at, random);
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(at, bytes.GetRange(random.Below(bytes.Count - length + 1), length));
                break;
            case 6:
                for (var i = 0; i < length; i++)
                    bytes[at + i] = (byte)random.Below(256);
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }

    private static void WriteNumber(List<byte> bytes, int at, EcgRandom random)
    {
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, Number(random));
        var size = Math.Min(bytes.Count - at, 1 << random.Below(4));
        for (var i = 0; i < size; i++)
            bytes[at + i] = number[i];
    }
}
