namespace SignalCam.Formats.Tables;

/// <summary>The separator and decimal point of a table.</summary>
/// <param name="Separator">Tab, semicolon, comma, bar, or a blank, which stands for any number of blanks and tabs.</param>
/// <param name="IsCommaDecimal">Whether a comma is the decimal point.</param>
internal readonly record struct TableDialect(byte Separator, bool IsCommaDecimal)
{
    private const int SampledLines = 64;
    private const int SampledBytes = 1 << 16;

    /// <summary>In the order in which they are preferred.</summary>
    private static ReadOnlySpan<byte> Separators => "\t;,| "u8;

    /// <summary>Finds the separator that gives most lines the same number of fields, and numbers in them.</summary>
    /// <param name="text">All of the table's text.</param>
    /// <param name="stated">The separator that a line "sep=" states.</param>
    public static TableDialect Of(ReadOnlySpan<byte> text, byte? stated)
    {
        if (stated is { } known)
            return new TableDialect(known, known != ',' && HasCommaNumbers(text, known));
        var best = new TableDialect((byte)',', false);
        var bestScore = 0.0;
        foreach (var separator in Separators)
        {
            var score = Score(text, separator);
            if (score <= bestScore * 1.05)
                continue;
            bestScore = score;
            best = new TableDialect(separator, false);
        }
        return best with { IsCommaDecimal = HasCommaNumbers(text, best.Separator) };
    }

    /// <summary>Cuts a line into fields without the quotes around them.</summary>
    public void Split(ReadOnlySpan<byte> line, List<Range> fields)
    {
        fields.Clear();
        var at = 0;
        if (Separator == ' ')
            SkipBlanks(line, ref at);
        while (true)
        {
            fields.Add(NextField(line, ref at, out var isLast));
            if (isLast)
                return;
        }
    }

    /// <summary>The next field from a place in a line, which moves behind the separator.</summary>
    public Range NextField(ReadOnlySpan<byte> line, ref int at, out bool isLast)
    {
        var start = at;
        while (start < line.Length && line[start] == ' ' && Separator != ' ')
            start++;
        if (start < line.Length && line[start] is (byte)'"' or (byte)'\'' && TryQuoted(line, start, ref at, out isLast) is { } quoted)
            return quoted;
        var end = line[start..].IndexOf(Separator);
        if (Separator == ' ')
            end = line[start..].IndexOfAny((byte)' ', (byte)'\t');
        isLast = end < 0;
        var field = end < 0 ? start..line.Length : start..(start + end);
        at = end < 0 ? line.Length : start + end + 1;
        if (Separator == ' ')
            isLast = !SkipBlanks(line, ref at);
        return field;
    }

    /// <summary>A field in quotes, if its closing quote ends it.</summary>
    private Range? TryQuoted(ReadOnlySpan<byte> line, int start, ref int at, out bool isLast)
    {
        isLast = false;
        var quote = line[start];
        for (var end = start + 1; end < line.Length; end++)
        {
            if (line[end] != quote)
                continue;
            if (end + 1 < line.Length && line[end + 1] == quote)
            {
                end++;
                continue;
            }
            var next = end + 1;
            while (next < line.Length && line[next] == ' ' && Separator != ' ')
                next++;
            if (next < line.Length && line[next] != Separator && !(Separator == ' ' && line[next] == '\t'))
                return null;
            isLast = next >= line.Length;
            at = Math.Min(next + 1, line.Length);
            if (Separator == ' ')
                isLast = !SkipBlanks(line, ref at);
            return (start + 1)..end;
        }
        return null;
    }

    /// <summary>Goes over blanks and tabs; false at the end of the line.</summary>
    private static bool SkipBlanks(ReadOnlySpan<byte> line, ref int at)
    {
        while (at < line.Length && line[at] is (byte)' ' or (byte)'\t')
            at++;
        return at < line.Length;
    }

    private static double Score(ReadOnlySpan<byte> text, byte separator)
    {
        var counts = new Dictionary<int, (int Lines, double Numbers)>();
        var fields = new List<Range>();
        var dialects = (Point: new TableDialect(separator, false), Comma: separator != ',');
        var (sampled, lines) = (0, 0);
        while (lines < SampledLines && sampled < SampledBytes && TableText.TryNextLine(ref text, out var line))
        {
            if (line.IsEmpty || IsComment(line))
                continue;
            lines++;
            sampled += line.Length;
            dialects.Point.Split(line[..Math.Min(line.Length, SampledBytes)], fields);
            var numbers = 0;
            foreach (var field in fields)
                if (TableNumber.TryRead(line[field], false, out _) || (dialects.Comma && TableNumber.TryRead(line[field], true, out _))
                    || TableNumber.IsMissing(line[field]))
                    numbers++;
            var (sameLines, sameNumbers) = counts.GetValueOrDefault(fields.Count);
            counts[fields.Count] = (sameLines + 1, sameNumbers + ((double)numbers / fields.Count));
        }
        return counts.Where(c => c.Key > 1).Select(c => c.Value.Numbers / lines).DefaultIfEmpty(0).Max();
    }

    /// <summary>Whether a field is a number with a comma and none is one with a point.</summary>
    private static bool HasCommaNumbers(ReadOnlySpan<byte> text, byte separator)
    {
        var dialect = new TableDialect(separator, false);
        var fields = new List<Range>();
        var (commas, points, sampled) = (0, 0, 0);
        while (sampled < SampledBytes && TableText.TryNextLine(ref text, out var line))
        {
            sampled += line.Length;
            if (IsComment(line))
                continue;
            dialect.Split(line[..Math.Min(line.Length, SampledBytes)], fields);
            foreach (var field in fields)
            {
                commas += line[field].Contains((byte)',') && TableNumber.TryRead(line[field], true, out _) ? 1 : 0;
                points += line[field].Contains((byte)'.') && TableNumber.TryRead(line[field], false, out _) ? 1 : 0;
            }
        }
        return commas > points;
    }

    /// <summary>Whether a line is marked as a comment.</summary>
    public static bool IsComment(ReadOnlySpan<byte> line) =>
        line.TrimStart(" \t\"'"u8) is [(byte)'#' or (byte)'%' or (byte)'!', ..] or [(byte)'/', (byte)'/', ..];
}
