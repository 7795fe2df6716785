using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Xml;

/// <summary>
/// Finds the character encoding of an XML file: byte order mark, then the shape of the first bytes, then the declaration (XML 1.0,
/// appendix F).
/// </summary>
internal static class XmlEncoding
{
    private const int LongestDeclaration = 200;

    /// <param name="head">The file's first bytes.</param>
    /// <param name="file">Its name, for the error.</param>
    /// <exception cref="EcgFormatException">The declaration names an encoding that is not known.</exception>
    public static Encoding Of(ReadOnlySpan<byte> head, string file) => Find(head, out var unknown)
        ?? throw new EcgFormatException(file, "the XML declaration", $"encoding '{unknown}'",
            "a known encoding such as UTF-8, UTF-16 or ISO-8859-1");

    /// <summary>The same; null if the declaration names an encoding that is not known.</summary>
    public static Encoding? Find(ReadOnlySpan<byte> head, out string? unknown)
    {
        unknown = null;
        if (head.StartsWith<byte>([0xFF, 0xFE]) || head.StartsWith<byte>([(byte)'<', 0]))
            return Encoding.Unicode;
        if (head.StartsWith<byte>([0xFE, 0xFF]) || head.StartsWith<byte>([0, (byte)'<']))
            return Encoding.BigEndianUnicode;
        if (head.StartsWith(Encoding.UTF8.Preamble) || Declared(head) is not { } name)
            return Encoding.UTF8;
        // Bytes that read as ASCII are not UTF-16, whatever a writer's string builder put into the declaration.
        if (name.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ucs-2", StringComparison.OrdinalIgnoreCase))
            return Encoding.UTF8;
        unknown = name;
        return Named(name);
    }

    private static Encoding? Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Declared(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("<?xml"u8))
            return null;
        var text = Encoding.ASCII.GetString(head[..Math.Min(head.Length, LongestDeclaration)]);
        var end = text.IndexOf("?>", StringComparison.Ordinal);
        var at = text.IndexOf("encoding", StringComparison.Ordinal);
        if (at < 0 || end < at)
            return null;
        var open = text.AsSpan(0, end).IndexOfAny('"', '\'');
        while (open >= 0 && open < at)
        {
            var next = text.AsSpan(open + 1, end - open - 1).IndexOfAny('"', '\'');
            open = next < 0 ? -1 : open + 1 + next;
        }
        if (open < 0)
            return null;
        var close = text.IndexOf(text[open], open + 1);
        return close > open ? text[(open + 1)..close].Trim() : null;
    }
}
