using System.Buffers;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Xml;

/// <summary>Finds the root element of a file, by which XML formats tell their files apart.</summary>
internal static class XmlRoot
{
    private static readonly SearchValues<char> EndsOfName = SearchValues.Create(" \t\r\n/>");

    /// <summary>Whether a file is XML with this root element, whatever its namespace prefix.</summary>
    public static bool Is(EcgFileSource file, string localName) => Of(file).SequenceEqual(localName);

    /// <summary>
    /// The root element's local name; empty if the file is not XML or the root is not within <see cref="EcgFileSource.HeadLength"/>
    /// bytes.
    /// </summary>
    public static ReadOnlySpan<char> Of(EcgFileSource file)
    {
        var head = file.Head.Span;
        if (!MayBeXml(head) || XmlEncoding.Find(head, out _) is not { } encoding)
            return [];
        var text = encoding.GetString(head).AsSpan().TrimStart('\uFEFF');
        while (true)
        {
            text = text.TrimStart();
            if (!text.StartsWith("<"))
                return [];
            if (text.StartsWith("<!--"))
                text = Behind(text, "-->");
            else if (text.StartsWith("<?"))
                text = Behind(text, "?>");
            else if (text.StartsWith("<!"))
                text = BehindDoctype(text);
            else
                return LocalName(text[1..]);
        }
    }

    private static bool MayBeXml(ReadOnlySpan<byte> head)
    {
        foreach (var value in head[..Math.Min(head.Length, 64)])
            if (value == (byte)'<')
                return true;
            else if (value is not (0 or 0xFE or 0xFF or 0xEF or 0xBB or 0xBF or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                return false;
        return false;
    }

    private static ReadOnlySpan<char> Behind(ReadOnlySpan<char> text, string end)
    {
        var at = text.IndexOf(end);
        return at < 0 ? [] : text[(at + end.Length)..];
    }

    private static ReadOnlySpan<char> BehindDoctype(ReadOnlySpan<char> text)
    {
        var close = text.IndexOf('>');
        var subset = text.IndexOf('[');
        if (subset < 0 || subset > close)
            return close < 0 ? [] : text[(close + 1)..];
        var end = text.IndexOf(']');
        return end < 0 ? [] : Behind(text[end..], ">");
    }

    private static ReadOnlySpan<char> LocalName(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(EndsOfName);
        if (end < 0)
            return [];
        var name = text[..end];
        return name[(name.IndexOf(':') + 1)..];
    }
}
