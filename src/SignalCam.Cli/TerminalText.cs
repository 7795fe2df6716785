using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Spectre.Console;

namespace SignalCam.Cli;

/// <summary>
/// Text that comes from files, options and errors, for a terminal. A name may hold markup, or characters that a terminal obeys: nothing of
/// a model file or a recording may colour, move or clear what is shown, or stand for something else than it is.
/// </summary>
internal static class TerminalText
{
    /// <summary>The text with every character that is not to be seen written as \uXXXX, as in JSON; line feeds stay.</summary>
    public static string Shown(string? text)
    {
        if (text is null || text.All(c => c < 0x7F && (c >= ' ' || c == '\n')))
            return text ?? "";
        var shown = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isRune = Rune.TryGetRuneAt(text, i, out var rune);
            var units = isRune ? text.AsSpan(i, rune.Utf16SequenceLength) : text.AsSpan(i, 1);
            if (isRune && IsVisible(rune))
                shown.Append(units);
            else
                foreach (var unit in units)
                    shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:X4}");
            i += units.Length - 1;
        }
        return shown.ToString();
    }

    /// <summary>Writes a line of parts. What stands in their literals is markup, every value in them is text.</summary>
    public static void Line(this IAnsiConsole terminal, params FormattableString[] parts)
    {
        foreach (var part in parts)
            terminal.MarkupInterpolated(FormattableStringFactory.Create(part.Format, [.. part.GetArguments().Select(Value)]));
        terminal.WriteLine();
    }

    /// <summary>Adds a row of text.</summary>
    public static Table Row(this Table table, params IEnumerable<string> cells) =>
        table.AddRow([.. cells.Select(cell => Markup.Escape(Shown(cell)))]);

    private static object? Value(object? value) => value switch
    {
        string text => Shown(text),
        IFormattable number => number,
        null => null,
        _ => Shown(value.ToString()),
    };

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => rune.Value == '\n',
        // Such as those that turn the direction of writing; the joiners are parts of letters.
        UnicodeCategory.Format => rune.Value is 0x200C or 0x200D,
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        _ => true,
    };
}

/// <summary>Writes text as <see cref="TerminalText.Shown"/> makes it. JSON stays the JSON that it was.</summary>
internal sealed class VisibleWriter(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(TerminalText.Shown(value.ToString()));

    public override void Write(string? value) => inner.Write(TerminalText.Shown(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine() => inner.WriteLine();

    public override void WriteLine(string? value) => inner.WriteLine(TerminalText.Shown(value));

    public override void Flush() => inner.Flush();
}
