using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Formats.Tables;

/// <summary>Where the samples of a table are: finds the names, the units and the first line of numbers.</summary>
internal sealed class TableLayout
{
    /// <summary>More columns than this are not leads side by side.</summary>
    private const int MostColumns = 4096;
    private const int MostPreambleLines = 1000;
    private const int LongestTitle = 1 << 16;

    private readonly TableText _text;
    private readonly string _file;
    private readonly List<Range> _fields = [];

    private TableLayout(TableText text, string file) => (_text, _file) = (text, file);

    public TableDialect Dialect { get; private set; }

    public TablePreamble Preamble { get; } = new();

    /// <summary>Names above the columns, or in front of the rows if <see cref="IsTransposed"/>; null if there are none.</summary>
    public IReadOnlyList<string>? Titles { get; private set; }

    /// <summary>The line of units under the names, field by field; null if there is none.</summary>
    public IReadOnlyList<string>? Units { get; private set; }

    /// <summary>Whether each line is a lead.</summary>
    public bool IsTransposed { get; private set; }

    /// <summary>Fields of a line of numbers.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Where the lines of numbers begin, in bytes of the text.</summary>
    public int Start { get; private set; }

    /// <summary>Number of the first line of numbers, from 1.</summary>
    public int FirstLine { get; private set; } = 1;

    /// <summary>Finds the layout.</summary>
    /// <exception cref="EcgFormatException">There is no line of numbers.</exception>
    public static TableLayout Find(TableText text, string file)
    {
        var layout = new TableLayout(text, file);
        layout.Find();
        return layout;
    }

    private void Find()
    {
        var rest = _text.Bytes;
        byte? stated = null;
        if (rest.StartsWith("sep="u8) && rest.Length > 4 && TableText.TryNextLine(ref rest, out var line))
        {
            stated = line.Length > 4 ? line[4] : (byte)'\t';
            FirstLine++;
        }
        Dialect = TableDialect.Of(rest, stated);
        var above = new List<TextLine>();
        while (true)
        {
            var begin = _text.Bytes.Length - rest.Length;
            if (!TableText.TryNextLine(ref rest, out line))
                throw new EcgFormatException(_file, null, "no line of numbers", "a table of samples");
            if (IsData(line))
            {
                Start = begin;
                FieldCount = _fields.Count;
                break;
            }
            if (above.Count > MostPreambleLines)
                throw new EcgFormatException(_file, $"line {FirstLine}", $"{MostPreambleLines} lines without numbers",
                    "a table of samples");
            FirstLine++;
            above.Add(new TextLine(_text.Decode(line[..Math.Min(line.Length, LongestTitle)]), FieldsOf(line)));
        }
        if (IsTransposed)
            above.ForEach(l => Preamble.Add(l.Fields));
        else
            TakeAbove(above);
    }

    /// <summary>Whether a line has the samples: numbers, or a lead's name and then numbers.</summary>
    private bool IsData(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || TableDialect.IsComment(line))
            return false;
        Dialect.Split(line, _fields);
        var (numbers, missing) = (0, 0);
        for (var i = 1; i < _fields.Count; i++)
        {
            var field = line[_fields[i]];
            if (TableNumber.IsMissing(field))
                missing++;
            else if (TableNumber.TryRead(field, Dialect.IsCommaDecimal, out _))
                numbers++;
        }
        var first = line[_fields[0]];
        var isNumber = TableNumber.TryRead(first, Dialect.IsCommaDecimal, out _);
        if (isNumber || TableTime.IsClock(first) || TableTime.IsDate(first) || (TableNumber.IsMissing(first) && numbers > 0))
        {
            // Columns that hold text beside numbers, such as a label, are let through; a header of numbers is not.
            return (isNumber ? numbers + 1 : numbers) > 0 && numbers + missing >= _fields.Count / 2 && !IsCountedHeader(line);
        }
        IsTransposed = numbers > 1 && IsRowName(_text.Decode(first), numbers) && numbers + missing >= _fields.Count - 2;
        return IsTransposed;
    }

    /// <summary>A line in front of which the name of a lead or of the time stands.</summary>
    private static bool IsRowName(string name, int numbers)
    {
        var column = TableColumn.Of(name, null);
        return LeadNames.Recognize(column.Name) is not null || (column.IsTime && numbers > 2)
            || (column.Unit is not null && column.MayBeLead);
    }

    /// <summary>"0,1,2,...,11", the names of numbered columns, which samples would not form by accident.</summary>
    private bool IsCountedHeader(ReadOnlySpan<byte> line)
    {
        var from = TableNumber.Trim(line[_fields[0]]).IsEmpty ? 1 : 0;
        if (_fields.Count - from < 3 - from)
            return false;
        TableNumber.TryRead(line[_fields[from]], false, out var first);
        if (first is not (0 or 1))
            return false;
        for (var i = from; i < _fields.Count; i++)
            if (line[_fields[i]].Contains((byte)'.') || !TableNumber.TryRead(line[_fields[i]], false, out var value)
                || value != first + i - from)
                return false;
        return true;
    }

    private string[] FieldsOf(ReadOnlySpan<byte> line)
    {
        if (line.Trim(" \t"u8).IsEmpty)
            return [];
        Dialect.Split(line, _fields);
        // Such a line may number the samples of a table with a line for each lead.
        if (_fields.Count > MostColumns)
            return [];
        var fields = new string[_fields.Count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = _text.Decode(line[_fields[i]]);
        return fields;
    }

    /// <summary>The last line above the numbers has the names if it is about as long, and one of units may stand between.</summary>
    private void TakeAbove(List<TextLine> above)
    {
        if (FieldCount > MostColumns)
            throw new EcgFormatException(_file, $"line {FirstLine}", $"{FieldCount} fields",
                $"at most {MostColumns} columns; or a line for each lead, with its name in front");
        var last = above.Count - 1;
        if (last > 0 && IsUnitLine(above[last].Fields) && TitlesIn(above[last - 1]) is not null)
            Units = above[last--].Fields;
        if (last >= 0 && TitlesIn(above[last]) is { } titles)
        {
            Titles = titles;
            last--;
        }
        for (var i = 0; i <= last; i++)
            Preamble.Add(above[i].Fields);
    }

    private static bool IsUnitLine(string[] fields) => fields.Any(TableColumn.IsUnit)
        && fields.All(f => f.Length == 0 || f == "-" || TableColumn.IsUnit(f) || f[0] is '(' or '[' || f.Length <= 6);

    /// <summary>
    /// The names in a line above the numbers, one for each field; null if it does not consist of names. It may have a last separator with
    /// nothing behind it, or lack the one above a column of row names. Between blanks, names with blanks in them are told apart by two.
    /// </summary>
    private string[]? TitlesIn(TextLine line)
    {
        var fields = line.Fields;
        if (fields.Length == 0 || (FieldCount <= 2 && TablePreamble.IsKey(fields[0])))
            return null;
        // numpy.savetxt writes the names behind a mark of comments.
        var isComment = fields[0] is ['#' or '%', ..];
        if (isComment)
            fields = [fields[0].TrimStart('#', '%', ' '), .. fields[1..]];
        if (Dialect.Separator == ' ' && fields.Length > FieldCount)
            fields = line.Text.TrimStart('#', '%', ' ').Split(["  ", "\t"],
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (isComment && (fields.Length != FieldCount || fields.Skip(1).Any(f => f.Length == 0)))
            return null;
        var isOneMore = fields.Length == FieldCount + 1 && fields[^1].Length == 0;
        var isOneLess = fields.Length == FieldCount - 1 && fields.All(f => f.Length > 0) && FieldCount > 2;
        return fields.Length == FieldCount || isOneMore || isOneLess ? fields : null;
    }

    /// <summary>A line that is not a line of numbers.</summary>
    private readonly record struct TextLine(string Text, string[] Fields);
}
