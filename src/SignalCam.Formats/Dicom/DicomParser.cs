using System.Buffers.Binary;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>How data elements are written, PS3.5 section 7 and annex A.</summary>
internal readonly record struct DicomSyntax(bool IsExplicit, bool IsBigEndian)
{
    public static DicomSyntax ImplicitLittleEndian { get; } = new(false, false);

    public static DicomSyntax ExplicitLittleEndian { get; } = new(true, false);

    public static DicomSyntax ExplicitBigEndian { get; } = new(true, true);
}

/// <summary>Walks data elements and keeps those that are read. Every length is held to what is left of its surroundings.</summary>
internal sealed class DicomParser
{
    private const int MaxDepth = 16;
    private const int MaxElements = 1 << 22;
    private const int MaxItems = 1 << 19;
    private const uint Undefined = 0xFFFFFFFF;

    private readonly DicomContext _context;
    private readonly ReadOnlyMemory<byte> _bytes;
    private int _at;
    private int _elements;
    private int _items;

    public DicomParser(DicomContext context, int start)
    {
        _context = context;
        _bytes = context.Bytes;
        _at = start;
    }

    /// <summary>
    /// The file meta information (group 0002), which is always explicit little endian; <paramref name="end"/> is the byte behind it.
    /// </summary>
    public static DicomData ParseMeta(string file, ReadOnlyMemory<byte> bytes, int start, out int end)
    {
        var parser = new DicomParser(new DicomContext(file, bytes, IsBigEndian: false), start);
        var meta = new DicomData(parser._context, start);
        while (bytes.Length - parser._at >= 8 && BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[parser._at..]) == 2)
            parser.ParseElement(meta, DicomSyntax.ExplicitLittleEndian, bytes.Length, depth: 0);
        end = parser._at;
        return meta;
    }

    /// <summary>The data set from the start to the end of the content.</summary>
    public DicomData Parse(DicomSyntax syntax)
    {
        var data = new DicomData(_context, _at);
        while (_at < _bytes.Length)
            if (ParseElement(data, syntax, _bytes.Length, depth: 0) is DicomTag.ItemEnd or DicomTag.SequenceEnd)
                throw Wrong(_at, "the end of an item", "a data element");
        return data;
    }

    /// <summary>Reads or skips one element; gives its tag.</summary>
    private uint ParseElement(DicomData data, DicomSyntax syntax, int end, int depth)
    {
        var start = _at;
        if (++_elements > MaxElements)
            throw Wrong(start, $"more than {MaxElements} data elements", $"at most {MaxElements}");
        var (tag, vr, length) = ReadHeader(syntax, end);
        if (tag is DicomTag.ItemEnd or DicomTag.SequenceEnd)
            return tag;
        if (length != Undefined && length > end - _at)
            throw Wrong(start, $"a value of {length} bytes in {DicomTag.Text(tag)}", $"at most {end - _at}, which are left");
        if (length == Undefined || (DicomTag.IsReadSequence(tag) && vr is Vr.Implicit or Vr.SQ or Vr.UN))
            ParseSequence(data, tag, vr, length, syntax, end, depth + 1);
        else
        {
            if (DicomTag.IsRead(tag))
                data.Add(new DicomElement(tag, _at, (int)length, null));
            _at += (int)length;
        }
        return tag;
    }

    private (uint Tag, Vr Vr, uint Length) ReadHeader(DicomSyntax syntax, int end)
    {
        RequireLeft(8, end);
        var span = _bytes.Span[_at..];
        var tag = ((uint)ReadUInt16(span, syntax) << 16) | ReadUInt16(span[2..], syntax);
        if (!syntax.IsExplicit || (tag >> 16) == 0xFFFE)
        {
            _at += 8;
            return (tag, Vr.Implicit, ReadUInt32(span[4..], syntax));
        }
        var (first, second) = (span[4], span[5]);
        if (first is < (byte)'A' or > (byte)'Z' || second is < (byte)'A' or > (byte)'Z')
            throw Wrong(_at, $"bytes {first:X2}{second:X2} as the value representation of {DicomTag.Text(tag)}", "two capital letters");
        var vr = (Vr)((first << 8) | second);
        if (vr is not (Vr.OB or Vr.OD or Vr.OF or Vr.OL or Vr.OV or Vr.OW or Vr.SQ or Vr.SV or Vr.UC or Vr.UN or Vr.UR or Vr.UT or Vr.UV))
        {
            _at += 8;
            return (tag, vr, ReadUInt16(span[6..], syntax));
        }
        RequireLeft(12, end);
        _at += 12;
        return (tag, vr, ReadUInt32(span[8..], syntax));
    }

    /// <summary>Reads the items of a sequence, or walks over those of one that is not read (encapsulated data included).</summary>
    private void ParseSequence(DicomData data, uint tag, Vr vr, uint length, DicomSyntax syntax, int outerEnd, int depth)
    {
        if (depth > MaxDepth)
            throw Wrong(_at, $"sequences nested more than {MaxDepth} deep", $"at most {MaxDepth}");
        // PS3.5 6.2.2: a sequence whose VR was unknown to the writer is implicit little endian inside.
        if (vr == Vr.UN)
            syntax = DicomSyntax.ImplicitLittleEndian;
        var end = length == Undefined ? outerEnd : _at + (int)length;
        var items = DicomTag.IsReadSequence(tag) && vr is Vr.Implicit or Vr.SQ or Vr.UN ? new List<DicomData>() : null;
        while (length == Undefined || _at < end)
        {
            var start = _at;
            var (item, _, itemLength) = ReadHeader(syntax, end);
            if (item == DicomTag.SequenceEnd && length == Undefined)
                break;
            if (item != DicomTag.ItemStart)
                throw Wrong(start, $"{DicomTag.Text(item)} in sequence {DicomTag.Text(tag)}", "an item");
            if (itemLength != Undefined && itemLength > end - _at)
                throw Wrong(start, $"an item of {itemLength} bytes", $"at most {end - _at}, which are left");
            if (++_items > MaxItems)
                throw Wrong(start, $"more than {MaxItems} items", $"at most {MaxItems}");
            ParseItem(items, itemLength, syntax, end, depth);
        }
        if (items is not null)
            data.Add(new DicomElement(tag, _at, 0, items));
    }

    private void ParseItem(List<DicomData>? items, uint length, DicomSyntax syntax, int outerEnd, int depth)
    {
        // An item of a known length that is not read is skipped whole: it may hold encapsulated data, not elements.
        if (items is null && length != Undefined)
        {
            _at += (int)length;
            return;
        }
        var end = length == Undefined ? outerEnd : _at + (int)length;
        var item = new DicomData(_context, _at);
        items?.Add(item);
        while (length == Undefined || _at < end)
        {
            var start = _at;
            var tag = ParseElement(item, syntax, end, depth);
            if (tag == DicomTag.ItemEnd && length == Undefined)
                return;
            if (tag is DicomTag.ItemEnd or DicomTag.SequenceEnd)
                throw Wrong(start, DicomTag.Text(tag), "a data element of the item");
        }
    }

    private void RequireLeft(int count, int end)
    {
        if (end - _at < count)
            throw Wrong(_at, $"{end - _at} bytes", "a data element");
    }

    private EcgFormatException Wrong(int at, string found, string expected) => new(_context.File, $"byte {at}", found, expected);

    private static ushort ReadUInt16(ReadOnlySpan<byte> span, DicomSyntax syntax) =>
        syntax.IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(span) : BinaryPrimitives.ReadUInt16LittleEndian(span);

    private static uint ReadUInt32(ReadOnlySpan<byte> span, DicomSyntax syntax) =>
        syntax.IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(span) : BinaryPrimitives.ReadUInt32LittleEndian(span);

    /// <summary>Value representations: the two letters as a number. Those named here have a 32-bit length.</summary>
    private enum Vr
    {
        Implicit = 0,
        OB = ('O' << 8) | 'B',
        OD = ('O' << 8) | 'D',
        OF = ('O' << 8) | 'F',
        OL = ('O' << 8) | 'L',
        OV = ('O' << 8) | 'V',
        OW = ('O' << 8) | 'W',
        SQ = ('S' << 8) | 'Q',
        SV = ('S' << 8) | 'V',
        UC = ('U' << 8) | 'C',
        UN = ('U' << 8) | 'N',
        UR = ('U' << 8) | 'R',
        UT = ('U' << 8) | 'T',
        UV = ('U' << 8) | 'V',
    }
}
