using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;

namespace SignalCam.Core.Folders;

/// <summary>Reads a label table: the roles of the columns, and the rows.</summary>
internal sealed class LabelTable
{
    private readonly TableText _table;
    private readonly int _recording;
    private readonly int? _file, _patient, _fold, _age, _sex, _codes;
    private readonly int[] _classes;

    private LabelTable(TableText table, LabelColumns columns)
    {
        _table = table;
        _recording = columns.Recording is { } name ? table.Require(name) : table.Find("recording", "record", "id") ?? 0;
        _file = Column(columns.File, "file", "filename");
        _patient = Column(columns.Patient, "patient", "patient_id");
        _fold = Column(columns.Fold, "fold", "strat_fold");
        _age = Column(columns.Age, "age");
        _sex = Column(columns.Sex, "sex", "gender");
        _codes = Column(columns.Codes, "codes", "labels", "dx");
        if (_file == _recording)
            _file = null;
        int?[] taken = [_recording, _file, _patient, _fold, _age, _sex, _codes];
        int[] others = [.. Enumerable.Range(0, table.Columns.Count).Where(c => !taken.Contains(c))];
        _classes = columns.Classes is { Count: > 0 } named ? [.. named.Select(table.Require)]
            : _codes is not null ? []
            : [.. others.Where(HoldsFlags)];
        Unused = [.. others.Except(_classes).Select(c => table.Columns[c])];
        if (_codes is null && _classes.Length == 0)
            throw new EcgFormatException(
                table.File, "line 1", $"no labels among the columns {string.Join(", ", table.Columns)}",
                "a column of codes (codes, labels, dx), or columns with 0 and 1, one for each class");
    }

    /// <summary>Unused columns.</summary>
    public IReadOnlyList<string> Unused { get; }

    /// <summary>The classes that have a column each, in the table's order; empty for a column of codes.</summary>
    public IReadOnlyList<string> Classes => [.. _classes.Select(c => _table.Columns[c])];

    /// <summary>Reads the file.</summary>
    /// <exception cref="EcgFormatException">The table is malformed, lacks a named column, or a value is not what its column
    /// takes.</exception>
    public static LabelTable Open(string file, LabelColumns columns) => new(TableText.Read(file), columns);

    /// <summary>The rows, in the table's order; no recording is in two of them.</summary>
    /// <exception cref="EcgFormatException">A value is not what its column takes, or a recording occurs twice.</exception>
    public IReadOnlyList<LabelRow> Read()
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        var rows = new List<LabelRow>(_table.Rows.Count);
        foreach (var (line, fields) in _table.Rows)
        {
            var row = Row(line, fields);
            if (!seen.TryAdd(row.Recording, line))
                throw _table.Error(line, _recording, $"'{row.Recording}' a second time (first in line {seen[row.Recording]})",
                    "each recording once");
            rows.Add(row);
        }
        return rows;
    }

    private LabelRow Row(long line, string[] fields)
    {
        var codes = new List<string>();
        var unknown = new List<string>();
        var known = false;
        if (_codes is { } column && !FieldText.IsMissing(fields[column]))
        {
            codes.AddRange(FieldText.Codes(fields[column]));
            known = true;
        }
        foreach (var c in _classes)
        {
            if (FieldText.IsMissing(fields[c]))
            {
                unknown.Add(_table.Columns[c]);
                continue;
            }
            known = true;
            if (FieldText.Flag(fields[c]) ?? throw _table.Error(line, c, $"'{fields[c]}'", "0, 1 or blank"))
                codes.Add(_table.Columns[c]);
        }
        var recording = fields[_recording].Trim();
        return new LabelRow
        {
            Recording = recording.Length > 0 ? recording : throw _table.Error(line, _recording, "nothing", "what the recording is called"),
            File = Text(fields, _file),
            Patient = Text(fields, _patient),
            Fold = Fold(line, fields),
            Age = Text(fields, _age) is { } age ? FieldText.Number(age)
                ?? throw _table.Error(line, _age!.Value, $"'{age}'", "a number of years") : null,
            Sex = Text(fields, _sex) is { } sex ? FieldText.Sex(sex)
                ?? throw _table.Error(line, _sex!.Value, $"'{sex}'", "male, female, m, f or blank") : null,
            Codes = codes,
            Unknown = unknown,
            IsLabelled = known,
            Position = $"line {line}",
        };
    }

    private int? Fold(long line, string[] fields)
    {
        if (Text(fields, _fold) is not { } text)
            return null;
        return FieldText.Number(text) is >= 1 and <= FoldSet.MaximumFold and var value && Math.Floor(value) == value
            ? (int)value
            : throw _table.Error(line, _fold!.Value, $"'{text}'",
                string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {FoldSet.MaximumFold}"));
    }

    private int? Column(string? named, params ReadOnlySpan<string> usual) => named is null ? _table.Find(usual) : _table.Require(named);

    private bool HoldsFlags(int column) =>
        _table.Rows.All(row => FieldText.IsMissing(row.Fields[column]) || FieldText.Flag(row.Fields[column]) is not null)
        && _table.Rows.Any(row => !FieldText.IsMissing(row.Fields[column]));

    private static string? Text(string[] fields, int? column) =>
        column is { } c && !FieldText.IsMissing(fields[c]) ? fields[c].Trim() : null;
}
