using System.Globalization;
using CsvHelper;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.PtbXl;

/// <summary>
/// Reads a CSV file of which certain columns are needed, in whatever order they stand and whatever else there is.
/// Every error says the line and the column.
/// </summary>
internal sealed class CsvTable : IDisposable
{
    // Far above any row of PTB-XL; without a limit a quote that is never closed would swallow the rest of the file.
    private const int MaximumRowBytes = 1 << 18;

    // PTB-XL's has 7 MB.
    private const long MaximumBytes = 1L << 30;

    private readonly string _file;
    private readonly CsvReader _reader;
    private readonly IReadOnlyList<string> _columns;
    private readonly int[] _positions;

    /// <summary>Opens the file and reads its first line.</summary>
    /// <param name="file">The file.</param>
    /// <param name="columns">The columns that are needed; the other members take positions in this list.</param>
    /// <exception cref="EcgFormatException">The file or a column is missing, or the file is no regular one.</exception>
    public CsvTable(string file, IReadOnlyList<string> columns)
    {
        _file = file;
        _columns = columns;
        _reader = CsvReader.Create(Open(file), new CsvReaderOptions
        {
            Separator = ',',
            MalformedData = CsvMalformedDataHandling.Throw,
            MaxRecordSize = MaximumRowBytes,
            TrackLineNumbers = true,
            PoolStrings = true,
        });
        try
        {
            var header = Guarded(reader =>
            {
                reader.ReadHeader();
                return reader.Headers.ToArray();
            });
            var missing = columns.Where(c => !header.Contains(c)).ToList();
            if (missing.Count > 0)
                throw new EcgFormatException(file, "line 1", $"no column {string.Join(", ", missing.Select(Name))}",
                    $"the columns {string.Join(", ", columns.Select(Name))}");
            if (columns.FirstOrDefault(c => header.Count(h => h == c) > 1) is { } doubled)
                throw new EcgFormatException(file, "line 1", $"more than one column {Name(doubled)}", "each column once");
            _positions = [.. columns.Select(c => Array.IndexOf(header, c))];
        }
        catch
        {
            _reader.Dispose();
            throw;
        }
    }

    /// <summary>The line of the file in which the current row starts.</summary>
    public long Line => _reader.LineNumber;

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read()
    {
        var found = Guarded(static reader => reader.Read());
        if (found && _reader.FieldCount != _reader.Headers.Count)
            throw new EcgFormatException(
                _file, $"line {Line}", $"{_reader.FieldCount} fields", $"{_reader.Headers.Count}, as in the first line");
        return found;
    }

    /// <summary>The text of a field; null when it is blank.</summary>
    public string? Optional(int column)
    {
        var text = _reader.GetString(_positions[column]);
        return string.IsNullOrWhiteSpace(text) ? null : text;
    }

    /// <summary>The text of a field that must not be blank.</summary>
    public string Required(int column) => Optional(column) ?? throw Error(column, "nothing", "a value");

    /// <summary>A field as a number; null when it is blank.</summary>
    public double? OptionalNumber(int column)
    {
        if (Optional(column) is not { } text)
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Error(column, $"'{text}'", "a number");
    }

    /// <summary>A field as a whole number, which may be written "15709.0"; null when it is blank.</summary>
    public int? OptionalInteger(int column)
    {
        if (OptionalNumber(column) is not { } value)
            return null;
        return Math.Floor(value) == value && Math.Abs(value) <= int.MaxValue
            ? (int)value
            : throw Error(column, $"'{Optional(column)}'", "a whole number");
    }

    /// <summary>A field as a whole number that must not be blank.</summary>
    public int RequiredInteger(int column) => OptionalInteger(column) ?? throw Error(column, "nothing", "a whole number");

    /// <summary>A field that says True or False.</summary>
    public bool Flag(int column) => Required(column) switch
    {
        "True" => true,
        "False" => false,
        var text => throw Error(column, $"'{text}'", "True or False"),
    };

    /// <summary>The error for a field of the current row.</summary>
    public EcgFormatException Error(int column, string found, string expected, string? within = null) =>
        new(_file, $"line {Line}, column {Name(_columns[column])}{(within is null ? "" : $", {within}")}", found, expected);

    public void Dispose() => _reader.Dispose();

    private static Stream Open(string file)
    {
        try
        {
            return RegularFile.OpenBounded(file, MaximumBytes);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            throw Failure(file, e);
        }
    }

    private static EcgFormatException Failure(string file, Exception e)
    {
        var (found, expected) = FileErrors.Describe(e, "a CSV table");
        return new EcgFormatException(file, null, found, expected, e);
    }

    private static string Name(string column) => column.Length == 0 ? "(unnamed)" : column;

    private T Guarded<T>(Func<CsvReader, T> read)
    {
        try
        {
            return read(_reader);
        }
        catch (CsvFormatException e)
        {
            throw new EcgFormatException(
                _file, $"line {e.LineNumber}", $"no CSV: {e.Message}",
                "fields separated by commas, quoted where they hold a comma, a quotation mark or a line break", e);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            throw Failure(_file, e);
        }
    }
}
