using CsvHelper;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Folders;

/// <summary>A CSV table of any columns, read as a whole; errors name the line and the column.</summary>
internal sealed class TableText
{
    private const int MaximumRowBytes = 1 << 20;
    private const long MaximumBytes = 1L << 28;
    private const int HeadBytes = 1 << 16;

    private TableText(string file, string[] columns, List<(long Line, string[] Fields)> rows) =>
        (File, Columns, Rows) = (file, columns, rows);

    /// <summary>The file, for messages.</summary>
    public string File { get; }

    /// <summary>The names in the first line.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows, each with the line in which it starts and a field for each column.</summary>
    public IReadOnlyList<(long Line, string[] Fields)> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="EcgFormatException">The file is missing, too large, or not a CSV table, or has a column twice.</exception>
    public static TableText Read(string file)
    {
        try
        {
            var bytes = RegularFile.ReadAllBytes(file, MaximumBytes);
            return Parse(file, bytes);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "a CSV table");
            throw new EcgFormatException(file, null, found, expected, e);
        }
    }

    /// <summary>The column of one of these names, ignoring case; null for none.</summary>
    public int? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            for (var c = 0; c < Columns.Count; c++)
                if (Columns[c].Equals(name, StringComparison.OrdinalIgnoreCase))
                    return c;
        return null;
    }

    /// <summary>The required column of a name.</summary>
    /// <exception cref="EcgFormatException">It is not.</exception>
    public int Require(string name) => Find(name)
        ?? throw new EcgFormatException(File, "line 1", $"no column {name}", $"one of the columns {string.Join(", ", Columns)}");

    public EcgFormatException Error(long line, int column, string found, string expected) =>
        new(File, $"line {line}, column {Columns[column]}", found, expected);

    /// <summary>Reads a table that is in memory.</summary>
    public static TableText Parse(string file, byte[] bytes)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var start = bytes.AsSpan().StartsWith(mark) ? mark.Length : 0;
        var separator = SeparatorOf(bytes.AsSpan(start, Math.Min(bytes.Length - start, HeadBytes)));
        using var reader = CsvReader.Create(new MemoryStream(bytes, start, bytes.Length - start, writable: false), new CsvReaderOptions
        {
            Separator = separator,
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaximumRowBytes,
            TrackLineNumbers = true,
            PoolStrings = true,
        });
        try
        {
            reader.ReadHeader();
            string[] columns = [.. reader.Headers.Select(h => h.Trim())];
            if (columns.GroupBy(c => c, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } doubled)
                throw new EcgFormatException(file, "line 1", $"more than one column {doubled.Key}", "each column once");
            var rows = new List<(long, string[])>();
            while (reader.Read())
                rows.Add((reader.LineNumber, Fields(file, reader, columns.Length)));
            return rows.Count > 0 ? new TableText(file, columns, rows)
                : throw new EcgFormatException(file, null, "no row", "a row for each recording");
        }
        catch (CsvFormatException e)
        {
            throw new EcgFormatException(
                file, $"line {e.LineNumber}", $"no CSV: {e.Message}",
                "fields separated by commas, semicolons or tabs, quoted where they hold one or a line break", e);
        }
    }

    private static string[] Fields(string file, CsvReader reader, int count)
    {
        if (reader.FieldCount != count)
            throw new EcgFormatException(file, $"line {reader.LineNumber}", $"{reader.FieldCount} fields",
                $"{count}, as in the first line");
        var fields = new string[count];
        for (var c = 0; c < count; c++)
            fields[c] = reader.GetString(c);
        return fields;
    }

    /// <summary>The most frequent separator in the first line.</summary>
    private static char SeparatorOf(ReadOnlySpan<byte> head)
    {
        var end = head.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end < 0 ? head : head[..end];
        var (best, most) = (',', line.Count((byte)','));
        foreach (var candidate in ";\t")
            if (line.Count((byte)candidate) is var count && count > most)
                (best, most) = (candidate, count);
        return best;
    }
}
