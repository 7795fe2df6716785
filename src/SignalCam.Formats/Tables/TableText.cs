using System.Text;
using System.Text.Unicode;

namespace SignalCam.Formats.Tables;

/// <summary>
/// The text of a table as bytes in which digits and separators are ASCII: UTF-8, or one byte per character if the file is not valid UTF-8.
/// </summary>
internal sealed class TableText
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly bool _isUtf8;

    private TableText(ReadOnlyMemory<byte> bytes, bool isUtf8) => (_bytes, _isUtf8) = (bytes, isUtf8);

    /// <summary>All of it, without a byte order mark.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Takes the content of a file. Excel's "Unicode text" is UTF-16 with a byte order mark.</summary>
    public static TableText Of(ReadOnlyMemory<byte> content)
    {
        var bytes = content.Span;
        if (bytes is [0xFF, 0xFE, ..])
            return Converted(Encoding.Unicode, content[2..]);
        if (bytes is [0xFE, 0xFF, ..])
            return Converted(Encoding.BigEndianUnicode, content[2..]);
        if (bytes.StartsWith("\uFEFF"u8))
            content = content[3..];
        return new TableText(content, Utf8.IsValid(content.Span));
    }

    /// <summary>Whether a file may be text: no control characters but those of a text.</summary>
    /// <param name="head">Its first bytes.</param>
    public static bool IsText(ReadOnlySpan<byte> head)
    {
        if (head is [0xFF, 0xFE, _, 0, ..] or [0xFE, 0xFF, 0, _, ..])
            return true;
        foreach (var value in head)
            if (value < 0x20 && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or 0x0C or 0x1A))
                return false;
        return !head.IsEmpty;
    }

    /// <summary>A piece of it as characters, without blanks around it.</summary>
    public string Decode(ReadOnlySpan<byte> piece) => (_isUtf8 ? Encoding.UTF8 : Encoding.Latin1).GetString(piece).Trim();

    /// <summary>Cuts the next line off what is left; false at the end.</summary>
    public static bool TryNextLine(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> line)
    {
        line = [];
        if (rest.IsEmpty)
            return false;
        var end = rest.IndexOfAny((byte)'\n', (byte)'\r');
        line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + (rest[end..] is [(byte)'\r', (byte)'\n', ..] ? 2 : 1))..];
        return true;
    }

    private static TableText Converted(Encoding encoding, ReadOnlyMemory<byte> content) =>
        new(Encoding.UTF8.GetBytes(encoding.GetString(content.Span)), isUtf8: true);
}
