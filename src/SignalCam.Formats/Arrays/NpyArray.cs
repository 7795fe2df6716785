using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays;

/// <summary>
/// Reads one array of NumPy's format: numpy.lib.format, versions 1 to 3. Numbers and texts; objects (pickles) are refused, as they run
/// code.
/// </summary>
internal static class NpyArray
{
    private const int LargestHeader = 1 << 16;
    private const int MostAxes = 8;
    private const int MostTexts = 4096;
    private const int LongestText = 1024;

    /// <summary>Whether bytes begin as an array does.</summary>
    public static bool IsArray(ReadOnlySpan<byte> head) => head.Length > 10 && head[0] == 0x93 && head[1..].StartsWith("NUMPY"u8);

    /// <summary>Adds an array to what a file holds.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="name">The array's name; empty if it has none.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="content">Takes it.</param>
    /// <exception cref="EcgFormatException">It is corrupt, or of a type that is not a number and no text.</exception>
    public static void Read(string file, string name, ReadOnlyMemory<byte> bytes, ArrayContent content)
    {
        var (header, start) = HeaderOf(file, bytes.Span);
        var fields = new NpyHeader(file, header);
        var shape = fields.Shape;
        if (shape.Length > MostAxes)
            throw Error(file, $"{shape.Length} axes", $"at most {MostAxes}");
        var descriptor = fields.Descriptor;
        var data = bytes[start..];
        if (descriptor.Length >= 3 && descriptor[1] is 'U' or 'S')
        {
            AddTexts(file, name, descriptor, shape, data.Span, content);
            return;
        }
        var kind = KindOf(file, descriptor);
        var count = Count(file, shape, NumericArray.SizeOf(kind), data.Length);
        content.Add(new NumericArray(name, shape, fields.IsFortranOrder, kind, descriptor[0] == '>',
            data[..(count * NumericArray.SizeOf(kind))]));
    }

    /// <summary>Elements of a shape, which the bytes have to hold.</summary>
    public static int Count(string file, ReadOnlySpan<int> shape, int size, long bytes)
    {
        var count = 1L;
        foreach (var axis in shape)
        {
            if (axis < 0 || (axis > 0 && count > bytes / axis))
                throw Error(file, $"an array of {string.Join(" x ", shape.ToArray())} elements of {size} bytes",
                    $"at most the {bytes} bytes that are there");
            count *= axis;
        }
        return count <= bytes / size ? (int)count : throw Error(file,
            $"an array of {string.Join(" x ", shape.ToArray())} elements of {size} bytes", $"at most the {bytes} bytes that are there");
    }

    private static (string Header, int Start) HeaderOf(string file, ReadOnlySpan<byte> bytes)
    {
        if (!IsArray(bytes))
            throw Error(file, "no NumPy signature", "an array as numpy.save writes it");
        var isShort = bytes[6] == 1;
        var start = isShort ? 10 : 12;
        if (bytes[6] is not (1 or 2 or 3) || bytes.Length < start)
            throw Error(file, $"version {bytes[6]}.{bytes[7]} of the format", "1 to 3");
        var length = isShort ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (length > LargestHeader || length > bytes.Length - start)
            throw Error(file, $"a header of {length} bytes", $"at most {Math.Min(LargestHeader, bytes.Length - start)}");
        return (Encoding.UTF8.GetString(bytes.Slice(start, (int)length)), start + (int)length);
    }

    private static ElementKind KindOf(string file, string descriptor) =>
        descriptor.Length >= 3 && descriptor[0] is '<' or '>' or '|' or '=' ? descriptor[1..] switch
    {
        "i1" => ElementKind.Int8,
        "u1" => ElementKind.UInt8,
        "i2" => ElementKind.Int16,
        "u2" => ElementKind.UInt16,
        "i4" => ElementKind.Int32,
        "u4" => ElementKind.UInt32,
        "i8" => ElementKind.Int64,
        "u8" => ElementKind.UInt64,
        "f2" => ElementKind.Float16,
        "f4" => ElementKind.Float32,
        "f8" => ElementKind.Float64,
        _ => throw Unsupported(file, descriptor),
    } : throw Unsupported(file, descriptor);

    private static EcgFormatException Unsupported(string file, string descriptor) => Error(file, descriptor.Contains('O')
        ? "an array of Python objects, which only Python can read, and which may run code"
        : $"elements of type '{descriptor}'", "whole or real numbers of 1 to 8 bytes");

    private static void AddTexts(string file, string name, string descriptor, int[] shape, ReadOnlySpan<byte> data, ArrayContent content)
    {
        if (!int.TryParse(descriptor.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > LongestText)
            throw Unsupported(file, descriptor);
        var size = descriptor[1] == 'U' ? 4 * length : length;
        if (size == 0)
            return;
        var count = Count(file, shape, size, data.Length);
        var encoding = descriptor[1] == 'S' ? Encoding.Latin1 : descriptor[0] == '>'
            ? new UTF32Encoding(bigEndian: true, byteOrderMark: false) : Encoding.UTF32;
        var texts = new string[Math.Min(count, MostTexts)];
        for (var i = 0; i < texts.Length; i++)
            texts[i] = encoding.GetString(data.Slice(i * size, size));
        content.Add(name, texts);
    }

    private static EcgFormatException Error(string file, string found, string expected) => new(file, null, found, expected);
}
