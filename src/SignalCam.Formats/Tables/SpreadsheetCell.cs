namespace SignalCam.Formats.Tables;

/// <summary>
/// Names in cells that a spreadsheet would take for formulas: a leading apostrophe makes them text. Reading removes it again.
/// </summary>
internal static class SpreadsheetCell
{
    private const char Mark = '\'';

    public static string Escape(string text) => IsFormula(text) ? Mark + text : text;

    public static string Unescape(string text) => text.StartsWith(Mark) && IsFormula(text) ? text[1..] : text;

    /// <summary>Whether it is one, with or without marks.</summary>
    private static bool IsFormula(string text) => text.AsSpan().TrimStart(Mark) is ['=' or '+' or '-' or '@', ..];
}
