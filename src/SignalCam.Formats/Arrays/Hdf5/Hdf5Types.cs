using System.Text;

namespace SignalCam.Formats.Arrays.Hdf5;

/// <summary>The element type of a dataset or an attribute.</summary>
/// <param name="Kind">How a number is stored; null for any other type.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
/// <param name="IsText">Whether elements are texts.</param>
/// <param name="IsVariable">Whether texts are in a heap, and the elements say where.</param>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Name">For messages.</param>
internal sealed record Hdf5Type(ElementKind? Kind, bool IsBigEndian, bool IsText, bool IsVariable, int Size, string Name)
{
    /// <summary>Reads a datatype message; a type that is not a number and no text has neither.</summary>
    public static Hdf5Type Read(Hdf5Source source, ReadOnlySpan<byte> message, long address)
    {
        var fields = source.Cursor(message, address);
        var kind = fields.Byte() & 0x0F;
        var bits = fields.UInt16() | fields.Byte() << 16;
        var size = fields.UInt32();
        if (size is 0 or > int.MaxValue)
            throw source.Error(address, $"elements of {size} bytes", "at least 1");
        return kind switch
        {
            0 => Integer(ref fields, bits, (int)size),
            1 => Real(ref fields, bits, (int)size),
            3 => new Hdf5Type(null, false, true, false, (int)size, "text"),
            9 when (bits & 0x0F) == 1 => new Hdf5Type(null, false, true, true, (int)size, "text"),
            _ => new Hdf5Type(null, false, false, false, (int)size,
                kind switch { 2 => "times", 4 => "bits", 5 => "opaque bytes", 6 => "compounds", 7 => "references", 8 => "enumerations",
                9 => "lists", _ => "arrays" }),
        };
    }

    private static Hdf5Type Integer(ref Hdf5Cursor fields, int bits, int size)
    {
        var isSigned = (bits & 8) != 0;
        var isWhole = fields.UInt16() == 0 && fields.UInt16() == 8 * size;
        ElementKind? kind = isWhole ? (size, isSigned) switch
        {
            (1, true) => ElementKind.Int8,
            (1, false) => ElementKind.UInt8,
            (2, true) => ElementKind.Int16,
            (2, false) => ElementKind.UInt16,
            (4, true) => ElementKind.Int32,
            (4, false) => ElementKind.UInt32,
            (8, true) => ElementKind.Int64,
            (8, false) => ElementKind.UInt64,
            _ => null,
        } : null;
        return new Hdf5Type(kind, (bits & 1) != 0, false, false, size, $"whole numbers of {size} bytes");
    }

    private static Hdf5Type Real(ref Hdf5Cursor fields, int bits, int size)
    {
        // Offset and precision, exponent and mantissa of IEEE 754.
        var layout = (fields.UInt16(), fields.UInt16(), fields.Byte(), fields.Byte(), fields.Byte(), fields.Byte());
        ElementKind? kind = (size, layout) switch
        {
            (2, (0, 16, 10, 5, 0, 10)) => ElementKind.Float16,
            (4, (0, 32, 23, 8, 0, 23)) => ElementKind.Float32,
            (8, (0, 64, 52, 11, 0, 52)) => ElementKind.Float64,
            _ => null,
        };
        // Bits 0 and 6 together are VAX order.
        return new Hdf5Type((bits & 0x40) != 0 ? null : kind, (bits & 1) != 0, false, false, size, $"real numbers of {size} bytes");
    }
}

/// <summary>Reads shapes, and texts out of heaps.</summary>
internal static class Hdf5Values
{
    private const int MostAxes = 8;
    private const int MostTexts = 4096;
    private const int LongestText = 1 << 12;

    /// <summary>The length of each axis; empty for a single value, null for none.</summary>
    public static long[]? Shape(Hdf5Source source, ReadOnlySpan<byte> message, long address)
    {
        var fields = source.Cursor(message, address);
        var (version, axes, _) = (fields.Byte(), fields.Byte(), fields.Byte());
        if (version is not (1 or 2) || axes > MostAxes)
            throw source.Error(address, $"a dataspace of version {version} with {axes} axes", $"version 1 or 2 with at most {MostAxes}");
        var kind = fields.Byte();
        if (version == 1)
            fields.Skip(4);
        else if (kind == 2)
            return null;
        var shape = new long[axes];
        for (var i = 0; i < axes; i++)
            shape[i] = fields.Length();
        return shape;
    }

    /// <summary>Elements of a shape; as many as can be if there are more.</summary>
    public static long Count(ReadOnlySpan<long> shape)
    {
        var count = (Int128)1;
        foreach (var axis in shape)
            count = Int128.Min(count * axis, long.MaxValue);
        return (long)count;
    }

    /// <summary>Texts out of their elements, of fixed length or in a heap.</summary>
    public static IReadOnlyList<string> Texts(Hdf5Source source, Hdf5Type type, ReadOnlySpan<byte> data, long address)
    {
        var texts = new List<string>();
        var heaps = new Dictionary<long, Dictionary<int, string>>();
        for (var at = 0; at + type.Size <= data.Length && texts.Count < MostTexts; at += type.Size)
        {
            var element = data.Slice(at, type.Size);
            if (!type.IsVariable)
            {
                var end = element.IndexOf((byte)0);
                texts.Add(Encoding.UTF8.GetString(element[..Math.Min(end < 0 ? element.Length : end, LongestText)]).Trim());
                continue;
            }
            var fields = source.Cursor(element, address + at);
            fields.Skip(4);
            var heap = fields.Address();
            var index = (int)fields.UInt32();
            if (heap is not { } known || known == 0)
            {
                texts.Add("");
                continue;
            }
            if (!heaps.TryGetValue(known, out var objects))
                heaps[known] = objects = Heap(source, known);
            texts.Add(objects.GetValueOrDefault(index, ""));
        }
        return texts;
    }

    private static Dictionary<int, string> Heap(Hdf5Source source, long address)
    {
        var head = source.ReadUpTo(address, 8 + source.LengthSize, "a global heap");
        var fields = source.Cursor(head, address);
        if (!fields.Take(4).SequenceEqual("GCOL"u8))
            throw source.Error(address, "no global heap", "GCOL");
        fields.Skip(4);
        var size = fields.Length();
        var bytes = source.Read(address, size, "a global heap");
        var objects = new Dictionary<int, string>();
        fields = source.Cursor(bytes, address);
        fields.Skip(8 + source.LengthSize);
        while (fields.Left >= 8 + source.LengthSize)
        {
            var index = fields.UInt16();
            fields.Skip(6);
            var length = fields.Length();
            // Index 0 is the free space at the end.
            if (index == 0)
                break;
            var text = fields.Take(length);
            objects[index] = Encoding.UTF8.GetString(text[..Math.Min(text.Length, LongestText)]).TrimEnd('\0').Trim();
            fields.Align();
        }
        return objects;
    }
}
