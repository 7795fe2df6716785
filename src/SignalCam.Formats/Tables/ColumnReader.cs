using SignalCam.Abstractions;

namespace SignalCam.Formats.Tables;

/// <summary>Reads a table with a column for each lead and a line for each moment.</summary>
internal sealed class ColumnReader(string file, TableText text, TableLayout layout, EcgReadOptions options)
{
    private readonly List<string> _warnings = [];
    private TableColumn[] _columns = [];
    private int _line;

    /// <summary>Reads the table.</summary>
    /// <exception cref="EcgFormatException">A line is malformed, or rate, unit or names are missing; the message states which line, or
    /// which option.</exception>
    public EcgRecording Read(CancellationToken cancellationToken)
    {
        var first = FirstFields();
        _columns = Columns(first);
        IgnoreEmptyAndText();
        var timeColumn = Array.FindIndex(_columns, c => c.IsTime);
        var missing = new MissingFacts(file);
        var signals = TableSignals.Of(file, [.. _columns.Where(c => c.Kind == ColumnKind.Signal)], layout.Preamble, options, missing);
        var time = timeColumn < 0 ? null : TimeOf(first, timeColumn);
        if (time is null && layout.Preamble.Rate is null && options.SamplingRate is null)
            missing.Add("no column of times",
                "one, as in 'time (s)', a line 'sampling rate: 500 Hz' above the table, or EcgReadOptions.SamplingRate",
                nameof(EcgReadOptions.SamplingRate));
        missing.ThrowIfAny();

        var samples = ReadRows(signals, time, timeColumn, cancellationToken);
        var (signal, units, others) = TableSignals.Join(signals, samples, Rate(time));
        return new EcgRecording(signal, TableFormat.FormatName)
        {
            Units = units,
            OtherChannels = others,
            Start = time?.Start ?? layout.Preamble.Start,
            Metadata = layout.Preamble.Metadata,
            Patient = options.IncludePatient ? layout.Preamble.Patient : new Dictionary<string, string>(),
            Warnings = _warnings,
        };
    }

    /// <summary>What is stated above the table goes before what is measured in it, and both before the option.</summary>
    private double Rate(TableTime? time)
    {
        var stated = layout.Preamble.Rate;
        if (StatedRate(time) is { } sufficient && (time is null or { IsUnitAssumed: true } or { Count: 1 }))
            return sufficient;
        var measured = time!.Rate(file, row => $"row {row + 1}");
        if (time.IsUnitAssumed)
            _warnings.Add("the column of times states no unit; its numbers are taken for seconds");
        if (stated is { } rate && Math.Abs(rate - measured) > 0.01 * rate)
            throw new EcgFormatException(file, null, FormattableString.Invariant($"times at {measured} Hz"),
                FormattableString.Invariant($"{rate} Hz, as the lines above the table say"));
        if (stated is null && options.SamplingRate is { } option && Math.Abs(option - measured) > 0.01 * option)
            _warnings.Add(FormattableString.Invariant(
                $"the times are at {measured} Hz, which goes before the {option} Hz of EcgReadOptions.SamplingRate"));
        return stated ?? measured;
    }

    /// <summary>The rate that needs no times: the option's only where the times have no unit of their own.</summary>
    private double? StatedRate(TableTime? time) => layout.Preamble.Rate
        ?? (time is null or { IsUnitAssumed: true } or { Count: 1 } ? options.SamplingRate : null);

    /// <summary>The times, with the day that another column may state.</summary>
    private TableTime TimeOf(byte[][] first, int column) => new(
        TableTime.IsClock(first[column]) ? TimeKind.Clock : TimeKind.Number, SecondsPerUnit(_columns[column]),
            layout.Dialect.IsCommaDecimal)
    {
        Day = first.Where(f => TableTime.IsDate(f)).Select(f => TableTime.DateIn(f)?.Date).FirstOrDefault(),
    };

    private static double? SecondsPerUnit(TableColumn column) => column.Unit is { } unit ? TableTime.SecondsIn(unit) : null;

    /// <summary>The first line of numbers, field by field.</summary>
    private byte[][] FirstFields()
    {
        var rest = text.Bytes[layout.Start..];
        TableText.TryNextLine(ref rest, out var line);
        var fields = new List<Range>();
        layout.Dialect.Split(line, fields);
        var first = new byte[fields.Count][];
        for (var i = 0; i < first.Length; i++)
            first[i] = line[fields[i]].ToArray();
        return first;
    }

    private TableColumn[] Columns(byte[][] first)
    {
        var columns = new TableColumn[first.Length];
        var titles = layout.Titles;
        // R's write.table has no name above the names of rows, and a last separator may have nothing behind it.
        var shift = titles is not null && titles.Count == first.Length - 1 && !TableNumber.IsMissing(first[^1]) ? 1 : 0;
        for (var i = 0; i < columns.Length; i++)
        {
            var title = titles is not null && i - shift >= 0 && i - shift < titles.Count ? titles[i - shift] : "";
            var unit = layout.Units is { } units && i - shift >= 0 && i - shift < units.Count ? units[i - shift] : null;
            columns[i] = TableColumn.Of(title, unit);
            if (TableTime.IsClock(first[i]))
                columns[i] = columns[i] with { Kind = ColumnKind.Time, Unit = null };
            else if (TableTime.IsDate(first[i]))
                columns[i] = columns[i] with { Kind = ColumnKind.Ignored };
            else if (columns[i] is { Kind: ColumnKind.Signal, Name: "" } && i == 0 && columns.Length > 1 && CountsRows(first[0]))
                columns[i] = columns[i] with { Kind = ColumnKind.Index };
            else if (i == 0 && titles is null && options.Leads?.Count == columns.Length - 1)
                columns[i] = columns[i] with { Kind = ColumnKind.Time };
            else if (columns[i].IsTime && columns[..i].Any(c => c.IsTime))
                columns[i] = columns[i] with { Kind = ColumnKind.Ignored };
        }
        return columns;
    }

    /// <summary>Whether an unnamed first column numbers the lines: names above the others, and 0, 1, 2 or 1, 2, 3 in it.</summary>
    private bool CountsRows(ReadOnlySpan<byte> first)
    {
        var rest = text.Bytes[layout.Start..];
        if (!TableNumber.TryRead(first, layout.Dialect.IsCommaDecimal, out var start) || start != Math.Floor(start))
            return false;
        var expected = start;
        for (var checkedLines = 0; checkedLines < 16 && TableText.TryNextLine(ref rest, out var line);)
        {
            if (line.IsEmpty)
                continue;
            var at = 0;
            if (!TableNumber.TryRead(line[layout.Dialect.NextField(line, ref at, out _)], layout.Dialect.IsCommaDecimal, out var value)
                || value != expected++)
                return false;
            checkedLines++;
        }
        // Without names a lead that counts cannot be told from a number of the line, except by how many columns the caller expects.
        return layout.Titles is not null || options.Leads is { } leads && leads.Count == _columns.Length - 1 || expected > start + 2;
    }

    /// <summary>Leaves out columns without a name in which nothing stands, and those that are not leads and hold text.</summary>
    private void IgnoreEmptyAndText()
    {
        var isEmpty = Enumerable.Repeat(true, _columns.Length).ToArray();
        var isText = new bool[_columns.Length];
        var rest = text.Bytes[layout.Start..];
        for (var lines = 0; lines < 64 && TableText.TryNextLine(ref rest, out var line); lines++)
        {
            var at = 0;
            var isLast = line.IsEmpty;
            for (var c = 0; c < _columns.Length && !isLast; c++)
            {
                var field = line[layout.Dialect.NextField(line, ref at, out isLast)];
                isEmpty[c] &= TableNumber.Trim(field).IsEmpty;
                isText[c] |= !TableNumber.IsMissing(field) && !TableNumber.TryRead(field, layout.Dialect.IsCommaDecimal, out _);
            }
        }
        for (var c = 0; c < _columns.Length; c++)
        {
            if (_columns[c].Kind != ColumnKind.Signal)
                continue;
            var isUnnamed = _columns[c].Name.Length == 0 && isEmpty[c];
            var isLabel = isText[c] && Core.Signals.LeadNames.Recognize(_columns[c].Name) is null && layout.Titles is not null;
            if (!isUnnamed && !isLabel)
                continue;
            if (isLabel)
                _warnings.Add($"column '{_columns[c].Name}' holds text and is left out");
            _columns[c] = _columns[c] with { Kind = ColumnKind.Ignored };
        }
        if (_columns.All(c => c.Kind != ColumnKind.Signal))
            throw new EcgFormatException(file, null, $"no column of samples among {_columns.Length}", "a column for each lead");
    }

    private float[][] ReadRows(IReadOnlyList<TableSignal> signals, TableTime? time, int timeColumn, CancellationToken cancellationToken)
    {
        var values = new List<float>();
        var rest = text.Bytes[layout.Start..];
        _line = layout.FirstLine - 1;
        while (TableText.TryNextLine(ref rest, out var line))
        {
            _line++;
            if (TableNumber.Trim(line).IsEmpty || line is [0x1A] || TableDialect.IsComment(line))
                continue;
            ReadRow(line, signals, values, time, timeColumn);
            if (values.Count > options.MaxValues)
                throw new EcgFormatException(file, $"line {_line}", $"more than {options.MaxValues} values",
                    "at most as many; raise EcgReadOptions.MaxValues");
            if (_line % 4096 == 0)
                cancellationToken.ThrowIfCancellationRequested();
        }
        var length = values.Count / signals.Count;
        if (length < 1 || (length < 2 && StatedRate(time) is null))
            throw new EcgFormatException(file, null, $"{length} line of samples", "at least 2");
        return Transposed(values, signals.Count, length);
    }

    private void ReadRow(ReadOnlySpan<byte> line, IReadOnlyList<TableSignal> signals, List<float> values, TableTime? time, int timeColumn)
    {
        var (at, signal, isLast) = (0, 0, false);
        if (layout.Dialect.Separator == ' ')
            at = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
        for (var c = 0; c < _columns.Length; c++)
        {
            if (isLast && _columns[c].Kind == ColumnKind.Ignored)
                continue;
            if (isLast)
                throw Error($"{c} fields", $"{_columns.Length}, as in line {layout.FirstLine}");
            var field = line[layout.Dialect.NextField(line, ref at, out isLast)];
            if (c == timeColumn)
            {
                if (!time!.TryAdd(field))
                    throw Error($"time '{Shown(field)}'", "a time in every line");
            }
            else if (_columns[c].Kind == ColumnKind.Signal)
            {
                values.Add(Sample(field, signals[signal++], c));
            }
        }
        if (!isLast && !TableNumber.Trim(line[Math.Min(at, line.Length)..]).IsEmpty)
            throw Error($"more than {_columns.Length} fields", $"{_columns.Length}, as in line {layout.FirstLine}");
    }

    private float Sample(ReadOnlySpan<byte> field, TableSignal signal, int column)
    {
        if (TableNumber.TryReadSample(field, layout.Dialect.IsCommaDecimal, signal.UnitsPerMillivolt, out var value))
            return value;
        return TableNumber.IsMissing(field) ? float.NaN : throw Error($"'{Shown(field)}' in column {column + 1} ({signal.Name})",
            "a number");
    }

    private static float[][] Transposed(List<float> values, int signals, int length)
    {
        var samples = new float[signals][];
        var all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(values);
        for (var s = 0; s < signals; s++)
        {
            var own = samples[s] = new float[length];
            for (int t = 0, i = s; t < own.Length; t++, i += signals)
                own[t] = all[i];
        }
        return samples;
    }

    private string Shown(ReadOnlySpan<byte> field) => text.Decode(field.Length <= 40 ? field : field[..40]);

    private EcgFormatException Error(string found, string expected) => new(file, $"line {_line}", found, expected);
}
