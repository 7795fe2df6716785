using System.Buffers.Binary;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Arrays;

/// <summary>
/// MATLAB's MAT files of level 5 (save -v6 and -v7) and level 4. Those of version 7.3 are HDF5. A file of a
/// PhysioNet challenge beside its header is a WFDB recording, and read as that.
/// </summary>
internal sealed class MatlabFormat : IEcgFormat
{
    public string Name => "matlab";

    public bool Recognizes(EcgFileSource file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return Matlab5Reader.IsFile(file.Head.Span) || Matlab4Reader.IsFile(file.Head.Span);
    }

    public EcgRecording Read(EcgFileSource file, EcgReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        var bytes = file.ReadAll(options.MaxBytes);
        var content = new ArrayContent { MayRecordsBeLast = true };
        if (Matlab5Reader.IsFile(bytes.Span))
            new Matlab5Reader(file.Name, bytes, content, options.MaxBytes).Read(cancellationToken);
        else
            Matlab4Reader.Read(file.Name, bytes, content);
        return ArrayRecording.From(file.Name, Name, content, options);
    }
}

/// <summary>MAT files of level 4: variables one behind the other, each with a header of five numbers.</summary>
internal static class Matlab4Reader
{
    private const int HeaderLength = 20;
    private const int LongestName = 64;
    private const int MostVariables = 1000;

    private readonly record struct Header(bool IsBigEndian, int Precision, int Kind, int Rows, int Columns, bool IsComplex, int NameLength)
    {
        public bool IsValid => Precision <= 5 && Kind <= 2 && Rows >= 0 && Columns >= 0 && NameLength is > 1 and <= LongestName;
    }

    /// <summary>Whether a file begins with such a header and the name it announces.</summary>
    public static bool IsFile(ReadOnlySpan<byte> head)
    {
        if (!TryHeader(head, out var header) || header.Rows == 0 || header.Columns == 0 || header.NameLength > head.Length - HeaderLength)
            return false;
        var name = head.Slice(HeaderLength, header.NameLength);
        return name[^1] == 0 && char.IsAsciiLetter((char)name[0]) && name[..^1].IndexOfAnyExcept(NameCharacters) < 0;
    }

    private static readonly System.Buffers.SearchValues<byte> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <summary>Adds all variables to the content of a file.</summary>
    public static void Read(string file, ReadOnlyMemory<byte> bytes, ArrayContent content)
    {
        var at = 0;
        for (var variables = 0; at < bytes.Length; variables++)
        {
            if (!TryHeader(bytes.Span[at..], out var header) || header.NameLength > bytes.Length - at - HeaderLength
                || variables == MostVariables)
                throw new EcgFormatException(file, $"byte {at}", "no header of a variable", "a MAT file of level 4");
            var name = System.Text.Encoding.Latin1.GetString(bytes.Span.Slice(at + HeaderLength, header.NameLength - 1));
            at += HeaderLength + header.NameLength;
            var kind = header.Precision switch
            {
                0 => ElementKind.Float64,
                1 => ElementKind.Float32,
                2 => ElementKind.Int32,
                3 => ElementKind.Int16,
                4 => ElementKind.UInt16,
                _ => ElementKind.UInt8,
            };
            var count = NpyArray.Count(file, [header.Rows, header.Columns, header.IsComplex ? 2 : 1], NumericArray.SizeOf(kind),
                bytes.Length - at);
            var size = count * NumericArray.SizeOf(kind);
            var array = new NumericArray(name, [header.Rows, header.Columns], IsColumnMajor: true, kind, header.IsBigEndian,
                bytes.Slice(at, size));
            at += size;
            if (header.Kind == 1)
                AddText(array, content);
            else if (header.Kind == 0 && !header.IsComplex)
                content.Add(array);
        }
    }

    /// <summary>A text is a matrix of character codes, a line a row.</summary>
    private static void AddText(NumericArray array, ArrayContent content)
    {
        if (array.Count > 1 << 16)
            return;
        var lines = new string[array.Shape[0]];
        Span<float> codes = new float[array.Shape[1]];
        for (var row = 0; row < lines.Length; row++)
        {
            array.Copy(row, array.Stride(1), 1, codes);
            var line = new char[codes.Length];
            for (var i = 0; i < line.Length; i++)
                line[i] = (char)(ushort)Math.Clamp(codes[i], 0, char.MaxValue);
            lines[row] = new string(line);
        }
        content.Add(array.Name, lines);
    }

    private static bool TryHeader(ReadOnlySpan<byte> bytes, out Header header)
    {
        header = default;
        if (bytes.Length < HeaderLength)
            return false;
        // The number of the machine is 0 or 1: read the wrong way round, or of another machine, the type is larger than any.
        var type = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var isBigEndian = type is < 0 or > 9999;
        var numbers = new int[5];
        for (var i = 0; i < numbers.Length; i++)
            numbers[i] = isBigEndian ? BinaryPrimitives.ReadInt32BigEndian(bytes[(4 * i)..])
                : BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]);
        type = numbers[0];
        if (type < 0 || type / 1000 != (isBigEndian ? 1 : 0) || type / 100 % 10 != 0)
            return false;
        header = new Header(isBigEndian, type / 10 % 10, type % 10, numbers[1], numbers[2], numbers[3] == 1, numbers[4]);
        return header.IsValid && numbers[3] is 0 or 1;
    }
}
