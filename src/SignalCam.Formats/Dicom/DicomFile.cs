using System.Buffers.Binary;
using System.IO.Compression;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Dicom;

/// <summary>The outside of a DICOM file: preamble, file meta information, transfer syntax. PS3.10 section 7.</summary>
internal static class DicomFile
{
    private const int PreambleLength = 128;
    private const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    private const string DeflatedLittleEndian = "1.2.840.10008.1.2.1.99";
    private const string ExplicitBigEndian = "1.2.840.10008.1.2.2";

    /// <summary>What a deflated data set may always have, whatever it was deflated to.</summary>
    private const long UsualInflated = 64L << 20;

    /// <summary>Far above what a waveform deflates to (2 to 8 times).</summary>
    private const long MaxInflation = 64;

    /// <summary>"DICM" behind the preamble, or the first element of a data set that was stored without either.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> head) => HasPreamble(head) || StartsWithElement(head);

    /// <summary>Parses the data set; <paramref name="meta"/> is the file meta information, null if the file has none.</summary>
    public static DicomData Parse(string file, ReadOnlyMemory<byte> bytes, long maxBytes, out DicomData? meta)
    {
        var start = HasPreamble(bytes.Span) ? PreambleLength + 4 : 0;
        meta = null;
        if (bytes.Length - start >= 8 && BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span[start..]) == 2)
            meta = DicomParser.ParseMeta(file, bytes, start, out start);
        var transferSyntax = meta?.Text(DicomTag.TransferSyntax);
        if (transferSyntax == DeflatedLittleEndian)
        {
            bytes = Inflate(file, bytes[start..], maxBytes);
            start = 0;
        }
        var syntax = transferSyntax switch
        {
            null => Guess(bytes.Span[start..]),
            ImplicitLittleEndian => DicomSyntax.ImplicitLittleEndian,
            ExplicitBigEndian => DicomSyntax.ExplicitBigEndian,
            // All others are explicit little endian; they differ in how pixels are compressed.
            _ => DicomSyntax.ExplicitLittleEndian,
        };
        var context = new DicomContext(file, bytes, syntax.IsBigEndian);
        var data = new DicomParser(context, start).Parse(syntax);
        context.Text = DicomCharacterSet.Of(data.Text(DicomTag.CharacterSet));
        return data;
    }

    private static bool HasPreamble(ReadOnlySpan<byte> head) => 
        head.Length >= PreambleLength + 4 && head[PreambleLength..].StartsWith("DICM"u8);

    /// <summary>Group 0002 or 0008 with one of the low elements that come first, and a length or VR that can be.</summary>
    private static bool StartsWithElement(ReadOnlySpan<byte> head)
    {
        if (head.Length < 12)
            return false;
        var group = BinaryPrimitives.ReadUInt16LittleEndian(head);
        var element = BinaryPrimitives.ReadUInt16LittleEndian(head[2..]);
        if (group is not (0x0002 or 0x0008) || element is not (0x0000 or 0x0001 or 0x0005 or 0x0008 or 0x0012 or 0x0016))
            return false;
        return IsVr(head[4..]) || (group == 0x0008 && BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) is > 0 and < 256);
    }

    private static bool IsVr(ReadOnlySpan<byte> bytes) => bytes is [(byte)'U', (byte)'L' or (byte)'I', ..] or [(byte)'C', (byte)'S', ..]
        or [(byte)'D', (byte)'A', ..] or [(byte)'O', (byte)'B', ..];

    private static DicomSyntax Guess(ReadOnlySpan<byte> data) =>
        data.Length >= 6 && char.IsAsciiLetterUpper((char)data[4]) && char.IsAsciiLetterUpper((char)data[5])
            ? DicomSyntax.ExplicitLittleEndian
            : DicomSyntax.ImplicitLittleEndian;

    /// <summary>Inflates the data set (RFC 1951), no further than a waveform can.</summary>
    private static ReadOnlyMemory<byte> Inflate(string file, ReadOnlyMemory<byte> deflated, long maxBytes)
    {
        var most = Math.Min(maxBytes, Math.Max(UsualInflated, MaxInflation * deflated.Length));
        using var stream = new DeflateStream(new MemoryStream(deflated.ToArray(), writable: false), CompressionMode.Decompress);
        return Sources.BoundedReading.ReadToEnd(stream, $"{file} (inflated)", most);
    }
}
