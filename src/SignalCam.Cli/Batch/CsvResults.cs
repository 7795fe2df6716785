using System.Globalization;
using System.Text;
using SignalCam.Abstractions;

namespace SignalCam.Cli.Batch;

/// <summary>One row for each recording and class, or one row for a recording without an answer. docs/batches.md lists the
/// columns.</summary>
/// <remarks>
/// Written without CsvHelper, because a continued run must know at which byte a recording ends. Names come from files: one that a
/// spreadsheet would run as a formula gets an apostrophe in front of it.
/// </remarks>
internal sealed class CsvResults : IResultsFormat
{
    private const string FormulaStarts = "=+-@\t\r";
    private const int LongestField = 1 << 20;

    private static readonly string[] s_columns =
    [
        "recording", "class", "probability", "logit", "threshold", "decision", "start_s", "duration_s", "findings", "worst_finding",
        "model", "model_sha256", "error",
    ];

    public string Head => string.Join(',', s_columns) + "\n";

    public string Foot => "";

    public string Write(EcgStreamAnswer result, bool isFirst)
    {
        var text = new StringBuilder();
        if (result.Answer is not { } answer)
            return Row(text, [result.Id, .. Enumerable.Repeat("", s_columns.Length - 2), OptionNames.Message(result.Error!)]).ToString();
        var findings = string.Join(';', answer.Findings.Select(f => $"{f.Code}:{Name(f.Severity)}"));
        var worst = answer.Findings.Count == 0 ? "" : Name(answer.Findings.Max(f => f.Severity));
        foreach (var score in answer.Scores)
            Row(text, [
                result.Id, score.Class, Number(score.Probability), Number(score.Logit), Threshold(answer, score), Name(score.Decision),
                Number(answer.Stretch.Start), Number(answer.Stretch.Duration), findings, worst, answer.Model, answer.ModelSha256, "",
            ]);
        return text.ToString();
    }

    public IEnumerable<(BatchRow Row, long End)> Read(Stream stream, string path)
    {
        (BatchRow Row, long End)? open = null;
        var number = 0;
        foreach (var (fields, end) in Records(stream, path))
        {
            number++;
            if (number == 1)
            {
                if (!fields.SequenceEqual(s_columns))
                    throw new EcgFormatException(
                        path, "line 1", $"'{string.Join(',', fields)}'", $"the columns '{string.Join(',', s_columns)}'");
                continue;
            }
            var row = Parse(fields, path, number);
            if (open is { } before && before.Row.Recording == row.Recording && row.Error is null)
            {
                open = (before.Row with { Scores = [.. before.Row.Scores, .. row.Scores] }, end);
                continue;
            }
            if (open is { } complete)
                yield return complete;
            open = (row, end);
        }
        if (open is { } last)
            yield return last;
        if (number == 0)
            RequireTornHead(stream, path);
    }

    private static BatchRow Parse(List<string> fields, string path, int number)
    {
        if (fields.Count != s_columns.Length)
            throw new EcgFormatException(path, $"record {number}", $"{fields.Count} fields", $"{s_columns.Length}");
        var recording = Unescape(fields[0]);
        if (fields[^1].Length > 0)
            return new BatchRow(recording, [], [], null, Unescape(fields[^1]));
        return double.TryParse(fields[2], CultureInfo.InvariantCulture, out var probability)
            && ParseThreshold(fields[4], out var threshold)
            && Enum.TryParse<ClassDecision>(fields[5], ignoreCase: true, out var decision)
            ? new BatchRow(
                recording, [new BatchScore(Unescape(fields[1]), probability, threshold, decision)], Findings(fields[8]), fields[11], null)
            : throw new EcgFormatException(path, $"record {number}", $"'{fields[2]}', '{fields[4]}' and '{fields[5]}'",
                "a probability, a threshold and a decision");
    }

    private static bool ParseThreshold(string field, out double? threshold)
    {
        threshold = double.TryParse(field, CultureInfo.InvariantCulture, out var number) ? number : null;
        return threshold is not null || field.Length == 0;
    }

    private static string Threshold(EcgClassification answer, ClassScore score) =>
        answer.TaskKind == TaskKind.Multiclass ? "" : Number(score.Threshold);

    private static BatchFinding[] Findings(string text) => [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(finding =>
    {
        var colon = finding.LastIndexOf(':');
        return colon > 0 && Enum.TryParse<FindingSeverity>(finding[(colon + 1)..], ignoreCase: true, out var severity)
            ? new BatchFinding(finding[..colon], severity) : new BatchFinding(finding, FindingSeverity.Info);
    })];

    /// <summary>Whole records (RFC 4180) with the position of the byte behind each; a torn one at the end is left out.</summary>
    private static IEnumerable<(List<string> Fields, long End)> Records(Stream stream, string path)
    {
        var (fields, field, isQuoted, hasClosed, position) = (new List<string>(), new List<byte>(), false, false, 0L);
        for (int value; (value = stream.ReadByte()) >= 0;)
        {
            position++;
            if (value == '"')
            {
                // A quote within a quoted field is duplicated: it closes the field and opens it again.
                if (hasClosed)
                    field.Add((byte)'"');
                (isQuoted, hasClosed) = (!isQuoted, isQuoted);
            }
            else if (isQuoted || value is not (',' or '\n'))
                field.Add((byte)value);
            else
            {
                fields.Add(Encoding.UTF8.GetString([.. field]));
                field.Clear();
                hasClosed = false;
                if (value == ',')
                    continue;
                yield return (fields, position);
                fields = [];
            }
            if (field.Count > LongestField || fields.Count > s_columns.Length)
                throw new EcgFormatException(path, $"byte {position}", "a record without an end", "results of a batch");
        }
    }

    /// <summary>Something without a line is the torn beginning of results, or it is not a results file and must stay
    /// unchanged.</summary>
    private void RequireTornHead(Stream stream, string path)
    {
        stream.Position = 0;
        foreach (var expected in Encoding.UTF8.GetBytes(Head))
        {
            var found = stream.ReadByte();
            if (found < 0)
                return;
            if (found != expected)
                throw new EcgFormatException(path, "line 1", "other text", $"the columns '{string.Join(',', s_columns)}'");
        }
    }

    private static StringBuilder Row(StringBuilder text, string[] fields)
    {
        for (var i = 0; i < fields.Length; i++)
            text.Append(i == 0 ? "" : ",").Append(Quoted(fields[i]));
        return text.Append('\n');
    }

    private static string Quoted(string field)
    {
        // Numbers begin with a sign too, and are not formulas.
        if (field.Length > 0 && FormulaStarts.Contains(field[0]) && !double.TryParse(field, CultureInfo.InvariantCulture, out _))
            field = "'" + field;
        return field.AsSpan().IndexOfAny(",\"\n\r") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
    }

    private static string Unescape(string field) =>
        field.Length > 1 && field[0] == '\'' && FormulaStarts.Contains(field[1]) ? field[1..] : field;

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
