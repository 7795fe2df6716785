using System.Buffers.Text;
using SignalCam.Core.Wfdb;

namespace SignalCam.Formats.Wfdb;

/// <summary>Recognizes a WFDB header by its first lines: a record line, and a signal or segment line that fits it.</summary>
internal static class HeaderText
{
    /// <summary>Whether a file begins as a header does.</summary>
    /// <param name="head">Its first bytes.</param>
    public static bool IsHeader(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("\uFEFF"u8))
            head = head[3..];
        if (!TryNextLine(ref head, out var record))
            return false;
        // name[/segments] signals [frequency ...]
        var name = NextField(ref record);
        var mayHaveSegments = name.Contains((byte)'/');
        if (name.IsEmpty || name.ContainsAny(",;\"'"u8) || !TryNumber(NextField(ref record), out var signals))
            return false;
        var frequency = NextField(ref record);
        if (!frequency.IsEmpty && !(char.IsAsciiDigit((char)frequency[0]) || frequency[0] == '.'))
            return false;
        if (!TryNextLine(ref head, out var line))
            return signals == 0;
        var first = NextField(ref line);
        var second = NextField(ref line);
        if (first.IsEmpty || second.IsEmpty || signals == 0)
            return false;
        // "x.dat 16x2:1+24 ..." or "segment 1000"; the numbers of a table with blanks between them have no letters and other formats.
        if (mayHaveSegments && TryNumber(second, out _))
            return true;
        var isFile = first[0] == '~' || first.ContainsAnyInRange((byte)'a', (byte)'z') || first.ContainsAnyInRange((byte)'A', (byte)'Z');
        var digits = second.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? second[..end] : second;
        return isFile && TryNumber(digits, out var format) && Enum.IsDefined((WfdbFormat)format)
            && (digits.Length == second.Length || second[digits.Length] is (byte)'x' or (byte)':' or (byte)'+');
    }

    /// <summary>The next line that is not a comment and not blank.</summary>
    private static bool TryNextLine(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> line)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf((byte)'\n');
            line = (end < 0 ? text : text[..end]).Trim(" \t\r"u8);
            text = end < 0 ? [] : text[(end + 1)..];
            if (line.ContainsAnyInRange((byte)0, (byte)8))
                return false;
            if (!line.IsEmpty && line[0] != '#')
                return true;
        }
        line = [];
        return false;
    }

    private static ReadOnlySpan<byte> NextField(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var field = end < 0 ? line : line[..end];
        line = line[field.Length..];
        return field;
    }

    private static bool TryNumber(ReadOnlySpan<byte> field, out int value) =>
        Utf8Parser.TryParse(field, out value, out var length) && length == field.Length && value >= 0;
}
