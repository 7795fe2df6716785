using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Core.Models;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Submitting;

/// <summary>
/// How far a submission has come, in a file: everything up to there is confirmed. What was confirmed after the last entry is sent again,
/// which changes nothing.
/// </summary>
internal sealed class SubmissionJournal
{
    // Written at most so often; at the end always.
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(0.5);

    private static readonly JsonSerializerOptions s_json = JsonForms.SnakeCase();

    private const long MostBytes = 1 << 20;

    private readonly string? _path;
    private long _written;

    private SubmissionJournal(string? path, State state)
    {
        _path = path;
        Position = state;
    }

    public State Position { get; private set; }

    /// <summary>Reads a journal, or begins one; without a path nothing is kept.</summary>
    /// <exception cref="EcgFormatException">The file is not a journal, or that of another submission.</exception>
    public static SubmissionJournal Open(string? path, ScoringTask task)
    {
        var fresh = new State(task.ModelSha256, task.Explainer, 0, null);
        if (path is null || !Path.Exists(path))
            return new SubmissionJournal(path, fresh);
        try
        {
            var found = JsonSerializer.Deserialize<State>(RegularFile.ReadAllBytes(path, MostBytes), s_json);
            if (found is not { Done: >= 0 })
                throw new EcgFormatException(path, null, found is null ? "null" : $"{found.Done} recordings", "a journal of a submission");
            return (found.ModelSha256, found.Explainer) == (task.ModelSha256, task.Explainer)
                ? new SubmissionJournal(path, found)
                : throw new EcgFormatException(
                    path, null, $"the journal of another submission (model {found.ModelSha256}, explainer '{found.Explainer}')",
                    $"one of model {task.ModelSha256}, explainer '{task.Explainer}'");
        }
        catch (JsonException e)
        {
            throw new EcgFormatException(path, null, e.Message, "a journal of a submission", e);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "a journal of a submission");
            throw new EcgFormatException(path, null, found, expected, e);
        }
    }

    /// <summary>Says that everything up to a recording is confirmed.</summary>
    public void Advance(long done, string lastId)
    {
        Position = Position with { Done = done, LastId = lastId };
        if (Environment.TickCount64 - _written >= s_interval.TotalMilliseconds)
            Write();
    }

    public void Write()
    {
        if (_path is null)
            return;
        WholeFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(Position, s_json));
        _written = Environment.TickCount64;
    }

    /// <summary>What is written.</summary>
    /// <param name="ModelSha256">The model file.</param>
    /// <param name="Explainer">The explanation that is wanted.</param>
    /// <param name="Done">Recordings that are confirmed.</param>
    /// <param name="LastId">The last of them, to notice that the recordings are not the same any more.</param>
    internal sealed record State(string ModelSha256, string Explainer, long Done, string? LastId);
}
