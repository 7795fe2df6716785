using SignalCam.Abstractions;

namespace SignalCam.Formats.Tables;

/// <summary>Reads a table with a line for each lead: its name, perhaps its unit, and its samples.</summary>
internal sealed class RowReader(string file, TableText text, TableLayout layout, EcgReadOptions options)
{
    private const int MostLines = 4096;

    private readonly List<TableColumn> _rows = [];
    private readonly List<float[]> _samples = [];
    private readonly List<string> _warnings = [];
    private TableTime? _time;
    private int _line;
    private long _values;

    /// <summary>Reads the table.</summary>
    /// <exception cref="EcgFormatException">As for <see cref="ColumnReader.Read"/>.</exception>
    public EcgRecording Read(CancellationToken cancellationToken)
    {
        var rest = text.Bytes[layout.Start..];
        _line = layout.FirstLine - 1;
        while (TableText.TryNextLine(ref rest, out var line))
        {
            _line++;
            cancellationToken.ThrowIfCancellationRequested();
            if (!TableNumber.Trim(line).IsEmpty && line is not [0x1A] && !TableDialect.IsComment(line))
                ReadLine(line);
            if (_rows.Count > MostLines)
                throw Error($"more than {MostLines} lines", "a line for each lead");
        }
        if (_rows.Count == 0)
            throw Error("no line of samples", "a line for each lead");
        // The scale is known only now that all names are.
        var missing = new MissingFacts(file);
        var signals = TableSignals.Of(file, _rows, layout.Preamble, options, missing);
        if (_time is null && layout.Preamble.Rate is null && options.SamplingRate is null)
            missing.Add("no line of times",
                "one, as in 'time (s)', a line 'sampling rate: 500 Hz' above the table, or EcgReadOptions.SamplingRate",
                nameof(EcgReadOptions.SamplingRate));
        missing.ThrowIfAny();
        for (var i = 0; i < signals.Count; i++)
            if (signals[i].UnitsPerMillivolt is not 1 and var scale)
                foreach (ref var value in _samples[i].AsSpan())
                    value = (float)(value / scale);
        var (signal, units, others) = TableSignals.Join(signals, _samples, Rate());
        return new EcgRecording(signal, TableFormat.FormatName)
        {
            Units = units,
            OtherChannels = others,
            Start = _time?.Start ?? layout.Preamble.Start,
            Metadata = layout.Preamble.Metadata,
            Patient = options.IncludePatient ? layout.Preamble.Patient : new Dictionary<string, string>(),
            Warnings = _warnings,
        };
    }

    private double Rate()
    {
        if ((layout.Preamble.Rate ?? (_time is null or { IsUnitAssumed: true } ? options.SamplingRate : null)) is { } stated)
            return stated;
        if (_time!.Count != _samples[0].Length)
            throw new EcgFormatException(file, null, $"{_time.Count} times", $"{_samples[0].Length}, one for each sample");
        var rate = _time.Rate(file, i => $"sample {i}");
        if (_time.IsUnitAssumed)
            _warnings.Add("the line of times states no unit; its numbers are taken for seconds");
        return rate;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        var at = line.Length - line.TrimStart(" \t"u8).Length;
        var title = text.Decode(line[layout.Dialect.NextField(line, ref at, out var isLast)]);
        if (isLast)
            throw Error($"'{Shown(title)}' alone", "the name of a lead and its samples");
        string? unit = null;
        var behind = at;
        var second = text.Decode(line[layout.Dialect.NextField(line, ref behind, out isLast)]);
        if (TableColumn.IsUnit(second) && !isLast)
            (unit, at) = (second, behind);
        var column = TableColumn.Of(title, unit);
        if (column.IsTime && _time is null)
            ReadTimes(line, at, column);
        else if (column.Kind == ColumnKind.Signal)
            ReadSamples(line, at, column);
    }

    private void ReadTimes(ReadOnlySpan<byte> line, int at, TableColumn column)
    {
        for (var isLast = false; !isLast;)
        {
            var field = line[layout.Dialect.NextField(line, ref at, out isLast)];
            if (isLast && TableNumber.Trim(field).IsEmpty)
                break;
            _time ??= new TableTime(
                TableTime.IsClock(field) ? TimeKind.Clock : TimeKind.Number, column.Unit is { } unit ? TableTime.SecondsIn(unit)
                    : null, layout.Dialect.IsCommaDecimal);
            if (!_time.TryAdd(field))
                throw Error($"time '{Shown(text.Decode(field))}'", "a time for each sample");
        }
    }

    private void ReadSamples(ReadOnlySpan<byte> line, int at, TableColumn column)
    {
        var values = new List<float>(_samples.Count > 0 ? _samples[0].Length : 0);
        for (var isLast = false; !isLast;)
        {
            var field = line[layout.Dialect.NextField(line, ref at, out isLast)];
            // A last separator may have nothing behind it.
            if (isLast && TableNumber.Trim(field).IsEmpty && (_samples.Count == 0 || values.Count == _samples[0].Length))
                break;
            if (TableNumber.TryReadSample(field, layout.Dialect.IsCommaDecimal, 1, out var value))
                values.Add(value);
            else if (TableNumber.IsMissing(field))
                values.Add(float.NaN);
            else
                throw Error($"'{Shown(text.Decode(field))}' as sample {values.Count} of {column.Name}", "a number");
        }
        if (_samples.Count > 0 && values.Count != _samples[0].Length)
            throw Error($"{values.Count} samples of {column.Name}", $"{_samples[0].Length}, as of {_rows[0].Name}");
        if ((_values += values.Count) > options.MaxValues)
            throw Error($"more than {options.MaxValues} values", "at most as many; raise EcgReadOptions.MaxValues");
        if (values.Count < 2)
            throw Error($"{values.Count} sample of {column.Name}", "at least 2");
        _rows.Add(column);
        _samples.Add([.. values]);
    }

    private static string Shown(string field) => field.Length <= 40 ? field : field[..40];

    private EcgFormatException Error(string found, string expected) => new(file, $"line {_line}", found, expected);
}
