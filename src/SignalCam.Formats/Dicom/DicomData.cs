using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>A data element that is kept: where its value is, or its items.</summary>
internal readonly record struct DicomElement(uint Tag, int Offset, int Length, List<DicomData>? Items);

/// <summary>State shared by all data sets of a file.</summary>
/// <param name="File">Name, for messages.</param>
/// <param name="Bytes">The content, inflated where the file is deflated.</param>
/// <param name="IsBigEndian">Byte order of values.</param>
internal sealed record DicomContext(string File, ReadOnlyMemory<byte> Bytes, bool IsBigEndian)
{
    public Encoding Text { get; set; } = Encoding.Latin1;
}

/// <summary>A data set: the elements read from a file or from an item of a sequence.</summary>
internal sealed class DicomData(DicomContext context, int offset)
{
    private readonly List<DicomElement> _elements = [];

    /// <summary>Where it begins, for messages.</summary>
    public int Offset => offset;

    public DicomContext Context => context;

    /// <summary>Keeps an element; of a duplicate one the first.</summary>
    public void Add(DicomElement element)
    {
        if (Find(element.Tag) is null)
            _elements.Add(element);
    }

    public bool Has(uint tag) => Find(tag) is { } element && (element.Length > 0 || element.Items is not null);

    /// <summary>The items of a sequence; none where it is absent.</summary>
    public IReadOnlyList<DicomData> Items(uint tag) => Find(tag)?.Items ?? [];

    /// <summary>The item of a sequence that has one; null if it is absent.</summary>
    public DicomData? Item(uint tag) => Items(tag) is [var first, ..] ? first : null;

    public ReadOnlySpan<byte> Bytes(uint tag) =>
        Find(tag) is { Items: null } element ? context.Bytes.Span.Slice(element.Offset, element.Length) : [];

    /// <summary>The position of a value, for messages.</summary>
    public int OffsetOf(uint tag) => Find(tag)?.Offset ?? offset;

    /// <summary>Text without padding, all values of it with their backslashes; null if it is absent or blank.</summary>
    public string? Text(uint tag)
    {
        var bytes = Bytes(tag).TrimEnd((byte)0);
        if (bytes.IsEmpty)
            return null;
        var text = context.Text.GetString(bytes).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>A decimal string (DS); null if it is absent.</summary>
    public double? Decimal(uint tag) => Text(tag) is { } text ? ParseDecimal(text.Split('\\', 2)[0], tag) : null;

    /// <summary>All values of a decimal string.</summary>
    public IReadOnlyList<double> Decimals(uint tag) =>
        Text(tag) is { } text ? [.. text.Split('\\').Select(part => ParseDecimal(part, tag))] : [];

    /// <summary>A 16 or 32 bit unsigned number; null if it is absent.</summary>
    public uint? Unsigned(uint tag)
    {
        var bytes = Bytes(tag);
        return bytes.Length switch
        {
            0 => null,
            >= 4 when IsLong(tag) => ReadUInt32(bytes),
            >= 2 when !IsLong(tag) => ReadUInt16(bytes),
            _ => throw Wrong(tag, $"{bytes.Length} bytes", $"a number of {(IsLong(tag) ? 4 : 2)}"),
        };
    }

    /// <summary>All values of a list of 16-bit numbers.</summary>
    public IReadOnlyList<int> UnsignedShorts(uint tag)
    {
        var bytes = Bytes(tag);
        var values = new int[bytes.Length / 2];
        for (var i = 0; i < values.Length; i++)
            values[i] = ReadUInt16(bytes[(2 * i)..]);
        return values;
    }

    /// <summary>All values of a list of 32-bit numbers.</summary>
    public IReadOnlyList<long> UnsignedLongs(uint tag)
    {
        var bytes = Bytes(tag);
        var values = new long[bytes.Length / 4];
        for (var i = 0; i < values.Length; i++)
            values[i] = ReadUInt32(bytes[(4 * i)..]);
        return values;
    }

    public EcgFormatException Wrong(uint tag, string found, string expected) =>
        new(context.File, $"byte {OffsetOf(tag)}", $"{found} in {DicomTag.Text(tag)}", expected);

    private DicomElement? Find(uint tag)
    {
        foreach (var element in _elements)
            if (element.Tag == tag)
                return element;
        return null;
    }

    private static bool IsLong(uint tag) => tag is DicomTag.SampleCount or DicomTag.ReferencedSamples;

    private ushort ReadUInt16(ReadOnlySpan<byte> bytes) =>
        context.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint ReadUInt32(ReadOnlySpan<byte> bytes) =>
        context.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private double ParseDecimal(string text, uint tag)
    {
        if (double.TryParse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            return value;
        throw Wrong(tag, $"'{(text.Length > 40 ? text[..40] : text)}'", "a decimal number");
    }
}
