using System.Globalization;
using System.Text;
using SignalCam.Abstractions;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>
/// Reads a table of samples: a first line with a name for each column, then a line for each moment. Columns are leads ("II", "V1 (uV)") and
/// optionally the time ("time", "time (ms)"), which then gives the rate. Fields are separated by comma, semicolon or tab; with semicolons a
/// comma is a decimal point. See docs/viewer.md.
/// </summary>
internal sealed class CsvRecording(string name, TableQuestions answers, ViewerOptions options, CancellationToken cancellationToken)
{
    private static readonly char[] s_separators = ['\t', ';', ','];
    private static readonly string[] s_timeNames = ["time", "t", "seconds", "sec"];

    private const int LongestLine = 1 << 14;
    private const int LongestNumber = 64;

    /// <summary>A step of the time column may be off by this share of a sample, as rounded times are.</summary>
    private const double Jitter = 0.5;

    private readonly List<float> _values = [];
    private readonly List<double> _times = [];
    private Column[] _columns = [];
    private char _separator;
    private int _line;

    /// <summary>Reads the table.</summary>
    /// <exception cref="ViewerProblemException">
    /// Rate or unit are neither in the table nor among the answers; or there are too many samples.
    /// </exception>
    /// <exception cref="EcgFormatException">A line is malformed; the message says which and how.</exception>
    public EcgSignal Read(byte[] content)
    {
        CheckLines(content);
        using var text = new StreamReader(new MemoryStream(content, writable: false), Encoding.UTF8);
        while (text.ReadLine() is { } line)
        {
            _line++;
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
                continue;
            if (_columns.Length == 0)
                ReadHeader(line);
            else
                ReadRow(line);
        }
        if (_columns.Length == 0)
            throw Error("no line", "a line with the names of the columns");
        var leads = _columns.Count(c => !c.IsTime);
        var length = _values.Count / leads;
        if (length < 2)
            throw Error($"{length} rows of samples", "at least 2");
        return new EcgSignal(Transposed(leads, length), new SignalLayout([.. _columns.Where(c => !c.IsTime).Select(c => c.Name)], length, Rate()));
    }

    /// <summary>A line becomes a string: one without an end would take as much memory as the whole file once more.</summary>
    private void CheckLines(ReadOnlySpan<byte> content)
    {
        for (var line = 1; !content.IsEmpty; line++)
        {
            var end = content.IndexOf((byte)'\n');
            if ((end < 0 ? content.Length : end) > LongestLine)
                throw new EcgFormatException(name, $"line {line}", $"more than {LongestLine} characters", "a line for each moment");
            content = end < 0 ? [] : content[(end + 1)..];
        }
    }

    private void ReadHeader(string line)
    {
        _separator = s_separators.MaxBy(s => line.Count(c => c == s));
        var columns = line.Split(_separator).Select(Parse).ToArray();
        if (columns.All(c => double.TryParse(c.Name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            throw Error($"'{Shown(line)}'", "the names of the leads in the first line");
        if (columns.Length > RecordingLimits.MostLeads + 1)
            throw ViewerProblem.RecordingTooLarge.With($"{name}: found {columns.Length} columns; allowed are {RecordingLimits.MostLeads} leads and a time");
        if (columns.Count(c => c.IsTime) > 1 || columns.All(c => c.IsTime))
            throw Error($"{columns.Count(c => c.IsTime)} columns of time among {columns.Length}", "one or none, and at least one lead");
        AskFor(columns);
        _columns = columns;
    }

    /// <summary>Asks for all that is open at once.</summary>
    private void AskFor(Column[] columns)
    {
        var needs = new List<string>();
        if (!columns.Any(c => c.IsTime) && answers.Rate is null)
            needs.Add("rate");
        if (columns.Any(c => !c.IsTime && c.Scale is null) && answers.MillivoltPerUnit is null)
            needs.Add("unit");
        if (needs.Count == 0)
            return;
        var problem = ViewerProblem.IncompleteTable.With(
            $"{name}: the table does not give the {string.Join(" and the ", needs)}; send the field{(needs.Count > 1 ? "s" : "")} {string.Join(" and ", needs)} with it, or name columns as in 'II (mV)' and 'time (s)'");
        problem.Members["needs"] = needs.ToArray();
        throw problem;
    }

    private Column Parse(string text)
    {
        var title = text.Trim().Trim('"').Trim();
        var open = title.IndexOfAny(['(', '[']);
        var (column, unit) = open > 0 && title[^1] is ')' or ']' && open > 0 ? (title[..open].Trim(), title[(open + 1)..^1].Trim()) : (title, null);
        if (s_timeNames.Contains(column, StringComparer.OrdinalIgnoreCase))
            return new Column(column, true, unit?.ToUpperInvariant() switch
            {
                null or "S" => 1,
                "MS" => 1e-3,
                _ => throw Error($"time in '{unit}'", "s or ms"),
            });
        if (column.Length is 0 or > 40)
            throw Error($"a column called '{Shown(column)}'", "the name of a lead");
        double? scale = unit is null ? null : TableQuestions.MillivoltIn(unit) ?? throw Error($"unit '{Shown(unit)}' of {column}", "mV, uV or V");
        return new Column(column, false, scale);
    }

    private void ReadRow(string line)
    {
        var rest = line.AsSpan();
        for (var c = 0; c < _columns.Length; c++)
        {
            var end = rest.IndexOf(_separator);
            if (end < 0 != (c == _columns.Length - 1))
                throw Error($"{line.Count(s => s == _separator) + 1} fields", $"{_columns.Length}, as in the first line");
            var value = Number(end < 0 ? rest : rest[..end], c);
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (_columns[c].IsTime)
                _times.Add(value * _columns[c].Scale!.Value);
            else
                _values.Add((float)(value * (_columns[c].Scale ?? answers.MillivoltPerUnit!.Value)));
        }
        if (_values.Count > options.MaxSamples)
            throw ViewerProblem.RecordingTooLarge.With($"{name}: found more than {options.MaxSamples} samples, allowed are {options.MaxSamples}");
        if (_line % 1024 == 0)
            cancellationToken.ThrowIfCancellationRequested();
    }

    private double Number(ReadOnlySpan<char> field, int column)
    {
        field = field.Trim().Trim('"').Trim();
        // A sample that is not there is a gap; a moment has to be there.
        if (field.IsEmpty || field.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return _columns[column].IsTime ? throw Error("no time", "one in every row") : double.NaN;
        return field.Length <= LongestNumber && TryParse(field, out var value)
            ? value
            : throw Error($"'{Shown(field.ToString())}' in column {_columns[column].Name}", "a number");
    }

    private bool TryParse(ReadOnlySpan<char> field, out double value)
    {
        Span<char> digits = stackalloc char[LongestNumber];
        digits = digits[..field.Length];
        field.CopyTo(digits);
        if (_separator == ';')
            digits.Replace(',', '.');
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private float[] Transposed(int leads, int length)
    {
        var samples = new float[leads * length];
        for (var t = 0; t < length; t++)
            for (var lead = 0; lead < leads; lead++)
                samples[lead * length + t] = _values[t * leads + lead];
        return samples;
    }

    private double Rate()
    {
        if (_times.Count == 0)
            return answers.Rate!.Value;
        var step = (_times[^1] - _times[0]) / (_times.Count - 1);
        for (var i = 0; i < _times.Count; i++)
            if (!(step > 0) || Math.Abs(_times[i] - _times[0] - i * step) > Jitter * step)
                throw new EcgFormatException(name, $"row {i + 1}", FormattableString.Invariant($"time {_times[i]} s"), FormattableString.Invariant($"{_times[0] + i * step:0.####} s: samples at equal distances"));
        // Times that are rounded give 499.97 for 500.
        var rate = 1 / step;
        return Math.Abs(rate - Math.Round(rate)) < 1e-3 * rate ? Math.Round(rate) : rate;
    }

    private EcgFormatException Error(string found, string expected) => new(name, $"line {_line}", found, expected);

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private sealed record Column(string Name, bool IsTime, double? Scale);
}
