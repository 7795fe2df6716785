namespace SignalCam.Reporting;

/// <summary>
/// How wide a text will be: SVG is laid out before any font is known, so Helvetica's proportions are taken, a little generously.
/// </summary>
internal static class TextWidth
{
    /// <summary>How much wider bold text is.</summary>
    public const double Bold = 1.12;

    private const double Generous = 1.12;

    /// <summary>Width of the text in the unit of the font size.</summary>
    public static double Of(string text, double fontSize)
    {
        var sum = 0.0;
        foreach (var c in text)
            sum += Of(c);
        return sum * fontSize * Generous;
    }

    /// <summary>The text, cut with an ellipsis if it would be wider than this.</summary>
    public static string Fit(string text, double fontSize, double width)
    {
        if (Of(text, fontSize) <= width)
            return text;
        var kept = text.Length;
        while (kept > 1 && Of(text[..kept], fontSize) + Of("\u2026", fontSize) > width)
            kept--;
        return text[..kept].TrimEnd() + "\u2026";
    }

    /// <summary>
    /// The text in lines that are at most this wide: broken at blanks, and within a word only where the word alone is wider.
    /// </summary>
    public static IReadOnlyList<string> Wrap(string text, double fontSize, double width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (Of(longer, fontSize) <= width)
            {
                line = longer;
                continue;
            }
            if (line.Length > 0)
                lines.Add(line);
            line = Break(word, fontSize, width, lines);
        }
        if (line.Length > 0 || lines.Count == 0)
            lines.Add(line);
        return lines;
    }

    /// <summary>Adds the lines that a word fills and returns the rest of it.</summary>
    private static string Break(string word, double fontSize, double width, List<string> lines)
    {
        while (word.Length > 1 && Of(word, fontSize) > width)
        {
            var kept = 1;
            while (kept < word.Length && Of(word[..(kept + 1)], fontSize) <= width)
                kept++;
            // Both halves of a surrogate pair stay together.
            if (kept < word.Length && char.IsHighSurrogate(word[kept - 1]) && kept + 1 <= word.Length)
                kept = kept > 1 ? kept - 1 : kept + 1;
            lines.Add(word[..kept]);
            word = word[kept..];
        }
        return word;
    }

    private static double Of(char c) => c switch
    {
        'i' or 'j' or 'l' or 'I' or '.' or ',' or ':' or ';' or '\'' or '|' or '!' or ' ' or 'f' or 't' or '(' or ')' or '/' or 'r' => 0.31,
        'm' or 'M' or 'W' or 'w' or '@' or '%' or '\u2026' => 0.9,
        >= 'A' and <= 'Z' => 0.7,
        >= '\u2e80' => 1,
        _ => 0.56,
    };
}
