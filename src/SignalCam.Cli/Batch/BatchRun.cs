using SignalCam.Abstractions;
using SignalCam.Cli.Recordings;
using SignalCam.Sdk.Classification;
using Spectre.Console;

namespace SignalCam.Cli.Batch;

/// <summary>Where results go.</summary>
/// <param name="Out">The results file; null for none.</param>
/// <param name="ResumeSha256">The model whose results are continued; null to start a new file.</param>
/// <param name="Overwrite">Whether a file that is there may be replaced.</param>
/// <param name="FailFast">Whether the first recording without an answer ends the run.</param>
internal sealed record BatchSettings(string? Out, string? ResumeSha256, bool Overwrite, bool FailFast);

/// <summary>Scores recordings one after the other, on all cores, and keeps no more of them than the results say.</summary>
internal sealed class BatchRun : IDisposable
{
    // A table of more is nothing to read on a terminal.
    private const int MostShown = 1000;
    private const int MostErrors = 50;

    private readonly IClassificationService _service;
    private readonly ClassificationRequest _request;
    private readonly BatchSettings _settings;
    private readonly TextWriter? _json;
    private readonly JsonResults _jsonFormat = new();
    private readonly NameSet _before = new();
    private readonly ResultsFile? _results;
    private readonly List<EcgStreamAnswer> _shown = [];
    private readonly List<EcgStreamAnswer> _failed = [];
    private long _answered;

    /// <param name="service">Scores the recordings.</param>
    /// <param name="request">How to score; the files are passed to <see cref="RunAsync"/>.</param>
    /// <param name="settings">Where results go.</param>
    /// <param name="json">Receives the same results as JSON and is disposed. Null for none.</param>
    /// <exception cref="UsageException">The results file already exists, or was written by another model.</exception>
    /// <exception cref="EcgFormatException">The file to continue is not a results file.</exception>
    public BatchRun(IClassificationService service, ClassificationRequest request, BatchSettings settings, TextWriter? json)
    {
        (_service, _request, _settings, _json) = (service, request, settings, json);
        if (settings.Out is null)
            return;
        _results = settings.ResumeSha256 is { } sha256
            ? ResultsFile.Resume(settings.Out, sha256, row =>
            {
                _before.Add(row.Recording);
                Summary.Add(row);
            })
            : ResultsFile.Create(settings.Out, settings.Overwrite);
    }

    public BatchSummary Summary { get; } = new();

    /// <summary>Scores all files that the results do not have yet.</summary>
    /// <returns>The number of recordings that were scored now.</returns>
    public async Task<long> RunAsync(RecordingFiles files, Terminal.Bar bar, CancellationToken cancellationToken)
    {
        var total = bar.IsShown ? files.Count() : 0;
        _json?.Write(_jsonFormat.Head);
        var isWhole = true;
        await foreach (var result in _service.ClassifyAsync(_request with { Files = files.Enumerate().Where(IsNew) }, cancellationToken))
        {
            _json?.Write(_jsonFormat.Write(result, _answered == 0));
            _results?.Write(result);
            Summary.Add(BatchRow.Of(result));
            Keep(result with { Recording = null, Seen = null });
            _answered++;
            bar.Show(Summary.Recordings, Math.Max(total, Summary.Recordings));
            if (result.Error is null || !_settings.FailFast)
                continue;
            isWhole = false;
            break;
        }
        _json?.Write(_jsonFormat.Foot);
        if (isWhole)
            _results?.Finish();
        return _answered;
    }

    /// <summary>Prints the answers unless a file has them, a summary, and the recordings without an answer.</summary>
    public void Print(IAnsiConsole terminal, TextWriter errors)
    {
        if (_settings.Out is null)
            Answers.Print(terminal, _shown);
        if (_settings.Out is null && Summary.Recordings > MostShown)
            terminal.Line($"the first {Format.Count(MostShown)} recordings; --out keeps all");
        if (_settings.Out is not null || Summary.Recordings > MostShown)
            PrintSummary(terminal);
        Answers.PrintErrors(errors, _failed);
        if (Summary.Failed > _failed.Count)
            errors.WriteLine($"... {Format.Count(Summary.Failed)} recordings could not be scored in total");
    }

    public void Dispose()
    {
        _results?.Dispose();
        if (_json is StreamWriter own)
            own.Dispose();
    }

    private bool IsNew(string file) => _before.Count == 0 || !_before.Contains(file);

    private void Keep(EcgStreamAnswer light)
    {
        if (light.Error is not null && _failed.Count < MostErrors)
            _failed.Add(light);
        if (_settings.Out is null && _shown.Count < MostShown)
            _shown.Add(light);
    }

    private void PrintSummary(IAnsiConsole terminal)
    {
        var table = new Table().AddColumns("class", "called", "not called", "not decided", "mean probability");
        foreach (var (name, one) in Summary.Classes)
            table.Row(
                name, Format.Count(one.Present), Format.Count(one.Absent), Format.Count(one.Undecided), Format.Number(one.MeanProbability));
        if (table.Rows.Count > 0)
            terminal.Write(table);
        var before = _before.Count > 0 ? $", {Format.Count(_before.Count)} of them before" : "";
        var where = _settings.Out is { } path ? $", written to {path}" : "";
        terminal.Line($"{Format.Count(Summary.Recordings)} recordings{before}, {Format.Count(Summary.Failed)} without an answer{where}");
    }
}
