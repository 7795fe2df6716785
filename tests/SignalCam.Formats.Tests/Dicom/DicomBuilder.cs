using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace SignalCam.Formats.Tests;

/// <summary>Writes data elements of DICOM, PS3.5 section 7, in any of the syntaxes.</summary>
internal sealed class DicomBuilder(bool isExplicit = true, bool isBigEndian = false, bool undefinedLengths = false)
{
    private static readonly HashSet<string> LongForms = ["OB", "OW", "SQ", "UN", "UT"];
    private readonly List<byte> _bytes = [];

    public static byte[] File(DicomBuilder data, string transferSyntax, string sopClass = "1.2.840.10008.5.1.4.1.1.9.1.1",
        bool deflate = false)
    {
        var meta = new DicomBuilder();
        meta.Text(0x00020002, "UI", sopClass).Text(0x00020010, "UI", transferSyntax);
        var content = data.ToArray();
        if (deflate)
        {
            using var target = new MemoryStream();
            using (var deflater = new DeflateStream(target, CompressionLevel.Optimal, leaveOpen: true))
                deflater.Write(content);
            content = target.ToArray();
        }
        return [.. new byte[128], .. "DICM"u8, .. meta.ToArray(), .. content];
    }

    public byte[] ToArray() => [.. _bytes];

    public DicomBuilder Text(uint tag, string vr, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        return Value(tag, vr, bytes.Length % 2 == 0 ? bytes : [.. bytes, vr == "UI" ? (byte)0 : (byte)' ']);
    }

    public DicomBuilder Short(uint tag, params ushort[] values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
            WriteUInt16(bytes.AsSpan(2 * i), values[i]);
        return Value(tag, "US", bytes);
    }

    public DicomBuilder Long(uint tag, params uint[] values)
    {
        var bytes = new byte[4 * values.Length];
        for (var i = 0; i < values.Length; i++)
            WriteUInt32(bytes.AsSpan(4 * i), values[i]);
        return Value(tag, "UL", bytes);
    }

    public DicomBuilder Words(uint tag, params short[] values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++)
            WriteUInt16(bytes.AsSpan(2 * i), (ushort)values[i]);
        return Value(tag, "OW", bytes);
    }

    public DicomBuilder Value(uint tag, string vr, byte[] value)
    {
        Header(tag, vr, (uint)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public DicomBuilder Sequence(uint tag, params Action<DicomBuilder>[] items)
    {
        var content = new DicomBuilder(isExplicit, isBigEndian, undefinedLengths);
        foreach (var item in items)
        {
            var inner = new DicomBuilder(isExplicit, isBigEndian, undefinedLengths);
            item(inner);
            content.Item(0xFFFEE000, undefinedLengths ? 0xFFFFFFFF : (uint)inner._bytes.Count);
            content._bytes.AddRange(inner._bytes);
            if (undefinedLengths)
                content.Item(0xFFFEE00D, 0);
        }
        Header(tag, "SQ", undefinedLengths ? 0xFFFFFFFF : (uint)content._bytes.Count);
        _bytes.AddRange(content._bytes);
        if (undefinedLengths)
            Item(0xFFFEE0DD, 0);
        return this;
    }

    public DicomBuilder Code(uint tag, string value, string scheme, string meaning) => Sequence(tag, item => item
        .Text(0x00080100, "SH", value).Text(0x00080102, "SH", scheme).Text(0x00080104, "LO", meaning));

    /// <summary>The tag and length of an item or delimiter, which has no VR.</summary>
    public void Item(uint tag, uint length)
    {
        var bytes = new byte[8];
        WriteUInt16(bytes, (ushort)(tag >> 16));
        WriteUInt16(bytes.AsSpan(2), (ushort)tag);
        WriteUInt32(bytes.AsSpan(4), length);
        _bytes.AddRange(bytes);
    }

    private void Header(uint tag, string vr, uint length)
    {
        if (!isExplicit)
        {
            Item(tag, length);
            return;
        }
        var bytes = new byte[LongForms.Contains(vr) ? 12 : 8];
        WriteUInt16(bytes, (ushort)(tag >> 16));
        WriteUInt16(bytes.AsSpan(2), (ushort)tag);
        Encoding.ASCII.GetBytes(vr, bytes.AsSpan(4));
        if (bytes.Length == 12)
            WriteUInt32(bytes.AsSpan(8), length);
        else
            WriteUInt16(bytes.AsSpan(6), (ushort)length);
        _bytes.AddRange(bytes);
    }

    private void WriteUInt16(Span<byte> target, ushort value)
    {
        if (isBigEndian)
            BinaryPrimitives.WriteUInt16BigEndian(target, value);
        else
            BinaryPrimitives.WriteUInt16LittleEndian(target, value);
    }

    private void WriteUInt32(Span<byte> target, uint value)
    {
        if (isBigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(target, value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(target, value);
    }
}

/// <summary>A multiplex group to write; the defaults are two leads of four 16-bit samples at 500 Hz.</summary>
internal sealed record DicomGroupSpec
{
    public string[] LeadCodes { get; init; } = ["5.6.3-9-1", "5.6.3-9-2"];
    public string Scheme { get; init; } = "SCPECG";
    public string Rate { get; init; } = "500";
    public string? Label { get; init; } = "RHYTHM";
    public string Originality { get; init; } = "ORIGINAL";
    public string? OffsetMilliseconds { get; init; }
    public string Unit { get; init; } = "uV";
    public string? Sensitivity { get; init; } = "2.5";
    public string Interpretation { get; init; } = "SS";
    public ushort Bits { get; init; } = 16;
    public uint Length { get; init; } = 4;
    public byte[]? Padding { get; init; }

    /// <summary>All leads of one instant together; with <see cref="Bits"/> 16.</summary>
    public short[] Samples { get; init; } = [1, -1, 2, -2, 3, -3, 4, -4];

    /// <summary>Instead of <see cref="Samples"/>.</summary>
    public byte[]? Bytes { get; init; }

    public void Write(DicomBuilder item)
    {
        if (OffsetMilliseconds is not null)
            item.Text(0x00181068, "DS", OffsetMilliseconds);
        item.Text(0x003A0004, "CS", Originality).Short(0x003A0005, (ushort)LeadCodes.Length).Long(0x003A0010, Length)
            .Text(0x003A001A, "DS", Rate);
        if (Label is not null)
            item.Text(0x003A0020, "SH", Label);
        item.Sequence(0x003A0200, [.. LeadCodes.Select(code => (Action<DicomBuilder>)(channel => WriteChannel(channel, code)))]);
        item.Short(0x54001004, Bits).Text(0x54001006, "CS", Interpretation);
        if (Padding is not null)
            item.Value(0x5400100A, "OW", Padding);
        if (Bytes is not null)
            item.Value(0x54001010, "OB", Bytes);
        else
            item.Words(0x54001010, Samples);
    }

    private void WriteChannel(DicomBuilder channel, string code)
    {
        channel.Code(0x003A0208, code, Scheme, "a lead");
        if (Sensitivity is not null)
            channel.Text(0x003A0210, "DS", Sensitivity).Code(0x003A0211, Unit, "UCUM", "unit");
        channel.Text(0x003A0212, "DS", "1").Text(0x003A0213, "DS", "0").Text(0x003A0214, "DS", "0");
    }
}

/// <summary>Small DICOM files.</summary>
internal static class DicomSamples
{
    public const string Explicit = "1.2.840.10008.1.2.1";
    public const string Implicit = "1.2.840.10008.1.2";
    public const string BigEndian = "1.2.840.10008.1.2.2";
    public const string Deflated = "1.2.840.10008.1.2.1.99";

    public static byte[] File(params DicomGroupSpec[] groups) => DicomBuilder.File(Write(new DicomBuilder(), groups), Explicit);

    public static IEnumerable<byte[]> All()
    {
        var beat = new DicomGroupSpec { Label = "MEDIAN BEAT", Originality = "DERIVED" };
        yield return File(new DicomGroupSpec(), beat);
        yield return DicomBuilder.File(Write(new DicomBuilder(isExplicit: false, undefinedLengths: true), new DicomGroupSpec(), beat),
            Implicit);
        yield return DicomBuilder.File(Write(new DicomBuilder(isBigEndian: true), new DicomGroupSpec()), BigEndian);
        yield return DicomBuilder.File(Write(new DicomBuilder(undefinedLengths: true), new DicomGroupSpec()), Deflated, deflate: true);
        yield return File(new DicomGroupSpec { Bits = 8, Interpretation = "UB", Bytes = [1, 2, 3, 4, 5, 6, 7, 8] });
        yield return File(new DicomGroupSpec { Bits = 32, Interpretation = "SL", Bytes = new byte[32] });
        yield return File(new DicomGroupSpec(), new DicomGroupSpec { LeadCodes = ["5.6.3-9-3", "5.6.3-9-4"], OffsetMilliseconds = "8" });
    }

    public static DicomBuilder Write(DicomBuilder data, params DicomGroupSpec[] groups) => data
        .Text(0x00080005, "CS", "ISO_IR 192").Text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.9.1.1")
        .Text(0x0008002A, "DT", "20200102030405.250+0200").Text(0x00080070, "LO", "Maker").Text(0x00100010, "PN", "Doe^Jo")
        .Sequence(0x0040B020, Annotation)
        .Sequence(0x54000100, [.. groups.Select(g => (Action<DicomBuilder>)g.Write)]);

    private static void Annotation(DicomBuilder item) => item
        .Code(0x0040A043, "5.10.3-3", "SCPECG", "QRS Onset").Short(0x0040A0B0, 1, 2).Text(0x0040A130, "CS", "POINT").Long(0x0040A132, 3);
}
