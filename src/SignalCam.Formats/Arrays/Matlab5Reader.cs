using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays;

/// <summary>
/// MAT files of level 5: "MAT-File Format" by The MathWorks. Numeric arrays, texts, and both within structures and cells; elements may be
/// compressed.
/// </summary>
/// <param name="file">For messages.</param>
/// <param name="bytes">The whole file.</param>
/// <param name="content">Takes what is found.</param>
/// <param name="mostInflated">The most bytes that compressed elements may become.</param>
internal sealed class Matlab5Reader(string file, ReadOnlyMemory<byte> bytes, ArrayContent content, long mostInflated)
{
    private const int HeaderLength = 128;
    private const int DeepestNesting = 16;
    private const int MostMatrices = 100_000;
    private const int MostAxes = 8;
    private const int LongestText = 1 << 16;

    private readonly bool _isBigEndian = bytes.Span[126] == 'M';
    /// <summary>The texts of the list that is being read; null outside of lists.</summary>
    private List<string>? _list;
    private long _inflated;
    private int _matrices;

    /// <summary>Types of the elements of a file.</summary>
    private enum DataType
    {
        Matrix = 14,
        Compressed = 15,
    }

    private readonly record struct Element(int Type, ReadOnlyMemory<byte> Data);

    /// <summary>Whether a file has the header of level 5 (version 1; that of MATLAB 7.3 is 2).</summary>
    public static bool IsFile(ReadOnlySpan<byte> head) =>
        head.Length >= HeaderLength && (head[126..128].SequenceEqual("IM"u8) ? head[125] == 1 : head[126..128].SequenceEqual("MI"u8)
            && head[124] == 1);

    /// <summary>Reads all variables.</summary>
    /// <exception cref="EcgFormatException">The file is corrupt, or becomes too large.</exception>
    public void Read(CancellationToken cancellationToken)
    {
        for (var at = HeaderLength; at < bytes.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var element = Next(bytes, ref at);
            if (element.Type == (int)DataType.Compressed)
                element = Inflate(element.Data);
            if (element.Type == (int)DataType.Matrix)
                ReadMatrix(element.Data, "", 0);
        }
    }

    /// <summary>Takes the next element; its data may stand within its tag, and all but compressed ones end at a multiple of 8.</summary>
    private Element Next(ReadOnlyMemory<byte> from, ref int at)
    {
        var span = from.Span[at..];
        if (span.Length < 8)
        {
            // A file may end in padding.
            at = from.Length;
            return span.ContainsAnyExcept((byte)0) ? throw Error("the end of the file within a tag", "an element of a MAT file") : default;
        }
        var first = Int32(span);
        if ((first & 0xFFFF0000) != 0)
        {
            var (smallType, smallSize) = (first & 0xFFFF, (int)((uint)first >> 16));
            if (smallSize > 4)
                throw Error($"a small element of {smallSize} bytes", "at most 4");
            at += 8;
            return new Element(smallType, from.Slice(at - 4, smallSize));
        }
        var size = (uint)Int32(span[4..]);
        if (size > span.Length - 8)
            throw Error($"an element of {size} bytes", $"at most the {span.Length - 8} that are there");
        var element = new Element(first, from.Slice(at + 8, (int)size));
        at += 8 + (int)size;
        if (first != (int)DataType.Compressed)
            at = Math.Min(from.Length, (at + 7) & ~7);
        return element;
    }

    /// <summary>A zlib stream that holds one element.</summary>
    private Element Inflate(ReadOnlyMemory<byte> compressed)
    {
        try
        {
            using var inflater = new ZLibStream(new MemoryStream(compressed.ToArray(), writable: false), CompressionMode.Decompress);
            var tag = new byte[8];
            inflater.ReadExactly(tag);
            var size = (uint)Int32(tag.AsSpan(4));
            if (size > Math.Min(mostInflated - _inflated, Array.MaxLength))
                throw Error($"a compressed element of {size} bytes", $"at most {mostInflated - _inflated} (EcgReadOptions.MaxBytes)");
            _inflated += size;
            return new Element(Int32(tag), ReadAll(inflater, (int)size));
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new EcgFormatException(file, null, $"a compressed element that is broken ({e.Message})", "a zlib stream", e);
        }
    }

    /// <summary>In growing steps: memory follows what is really there.</summary>
    private static byte[] ReadAll(Stream stream, int size)
    {
        var buffer = new byte[Math.Min(size, 1 << 16)];
        for (var length = 0; ;)
        {
            length += stream.ReadAtLeast(buffer.AsSpan(length), buffer.Length - length, throwOnEndOfStream: false);
            if (length < buffer.Length)
                throw new EndOfStreamException($"it ends after {length} of {size} bytes");
            if (length == size)
                return buffer;
            Array.Resize(ref buffer, (int)Math.Min(size, 2L * buffer.Length));
        }
    }

    private void ReadMatrix(ReadOnlyMemory<byte> data, string path, int depth)
    {
        if (depth > DeepestNesting || ++_matrices > MostMatrices)
            throw Error(depth > DeepestNesting ? "structures within each other" : $"{MostMatrices} matrices",
                $"at most {DeepestNesting} levels and {MostMatrices} matrices");
        if (data.IsEmpty)
            return;
        var at = 0;
        var flags = Next(data, ref at).Data.Span;
        var shape = ReadShape(Next(data, ref at).Data.Span);
        var name = Text(Next(data, ref at).Data.Span);
        if (flags.Length < 8)
            throw Error($"flags of {flags.Length} bytes", "8");
        var (kind, isComplex) = (Int32(flags) & 0xFF, (Int32(flags) & 0x800) != 0);
        if (name.Length > 0)
            path = path.Length == 0 ? name : $"{path}.{name}";
        switch (kind)
        {
            case 1:
                ReadCells(data, at, path, shape, depth);
                break;
            case 2:
                ReadStructure(data, at, path, shape, depth);
                break;
            case 4:
                AddText(path, shape, Next(data, ref at));
                break;
            case >= 6 and <= 15 when !isComplex:
                AddNumbers(path, shape, Next(data, ref at));
                break;
        }
    }

    /// <summary>A cell array; if it has texts they are a list.</summary>
    private void ReadCells(ReadOnlyMemory<byte> data, int at, string path, int[] shape, int depth)
    {
        var (outer, list) = (_list, new List<string>());
        _list = list;
        for (var i = Count(shape); i > 0 && at < data.Length; i--)
            ReadMember(data, ref at, path, depth);
        _list = outer;
        if (list.Count > 0)
            content.Add(path, list);
    }

    private void ReadMember(ReadOnlyMemory<byte> data, ref int at, string path, int depth)
    {
        var member = Next(data, ref at);
        if (member.Type == (int)DataType.Matrix)
            ReadMatrix(member.Data, path, depth + 1);
    }

    private void ReadStructure(ReadOnlyMemory<byte> data, int at, string path, int[] shape, int depth)
    {
        var lengths = Next(data, ref at).Data.Span;
        var names = Next(data, ref at).Data.Span;
        var length = lengths.Length >= 4 ? Int32(lengths) : 0;
        if (length is < 1 or > 1024)
            throw Error($"field names of {length} bytes", "1 to 1024");
        var fields = names.Length / length;
        for (var element = Count(shape); element > 0 && at < data.Length; element--)
            for (var field = 0; field < fields && at < data.Length; field++)
            {
                var name = Text(names.Slice(field * length, length));
                ReadMember(data, ref at, path.Length == 0 ? name : $"{path}.{name}", depth);
            }
    }

    private void AddNumbers(string path, int[] shape, Element element)
    {
        // The type of storage may be smaller than the array's class: whole doubles are stored as bytes.
        ElementKind? kind = element.Type switch
        {
            1 => ElementKind.Int8,
            2 => ElementKind.UInt8,
            3 => ElementKind.Int16,
            4 => ElementKind.UInt16,
            5 => ElementKind.Int32,
            6 => ElementKind.UInt32,
            7 => ElementKind.Float32,
            9 => ElementKind.Float64,
            12 => ElementKind.Int64,
            13 => ElementKind.UInt64,
            _ => null,
        };
        if (kind is not { } known)
            throw Error($"numbers of type {element.Type}", "a type of 1 to 8 bytes");
        var count = NpyArray.Count(file, shape, NumericArray.SizeOf(known), element.Data.Length);
        content.Add(new NumericArray(path, shape, IsColumnMajor: true, known, _isBigEndian,
            element.Data[..(count * NumericArray.SizeOf(known))]));
    }

    private void AddText(string path, int[] shape, Element element)
    {
        if (element.Data.Length > LongestText)
            return;
        var text = element.Type switch
        {
            4 or 17 => (_isBigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode).GetString(element.Data.Span),
            18 => (_isBigEndian ? new UTF32Encoding(true, false) : Encoding.UTF32).GetString(element.Data.Span),
            _ => Encoding.UTF8.GetString(element.Data.Span),
        };
        // Several lines are the rows of a matrix.
        var rows = shape[0];
        if (_list is not null || rows <= 1 || text.Length % rows != 0)
        {
            if (_list is null)
                content.Add(path, text);
            else
                _list.Add(text);
            return;
        }
        var lines = new string[rows];
        for (var row = 0; row < rows; row++)
            lines[row] = string.Concat(Enumerable.Range(0, text.Length / rows).Select(column => text[(column * rows) + row]));
        content.Add(path, lines);
    }

    private int[] ReadShape(ReadOnlySpan<byte> data)
    {
        var axes = data.Length / 4;
        if (axes is < 2 or > MostAxes)
            throw Error($"{axes} axes", $"2 to {MostAxes}");
        var shape = new int[axes];
        for (var i = 0; i < axes; i++)
            shape[i] = Int32(data[(4 * i)..]) is >= 0 and var axis ? axis : throw Error("an axis of negative length", "a length");
        return shape;
    }

    private static long Count(int[] shape) => shape.Aggregate(1L, (count, axis) => Math.Min(int.MaxValue, count * axis));

    private static string Text(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(name).TrimEnd('\0', ' ') is var text
        && text.IndexOf('\0') is >= 0 and var end ? text[..end] : text;

    private int Int32(ReadOnlySpan<byte> at) => _isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(at)
        : BinaryPrimitives.ReadInt32LittleEndian(at);

    private EcgFormatException Error(string found, string expected) => new(file, null, found, expected);
}
