using System.Data.Common;
using Microsoft.Extensions.Logging;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Diagnostics;
using SignalCam.Distributed.Messages;
using SignalCam.Distributed.Sinks;

namespace SignalCam.Distributed.Collecting;

/// <summary>
/// All sinks of a host. One that fails for now is opened and asked again, with pauses that grow; until then nothing is acknowledged.
/// </summary>
internal sealed partial class ResultSinks : IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    private readonly CollectorStatus _status;
    private readonly ILogger<ResultSinks> _logger;
    private readonly (string Name, IResultSink Sink)[] _sinks;

    public ResultSinks(IEnumerable<SinkRegistration> registrations, IServiceProvider services,
        CollectorStatus status, ILogger<ResultSinks> logger)
    {
        _status = status;
        _logger = logger;
        _sinks = [.. registrations.Select(r => (r.Name, r.Create(services)))];
        if (_sinks.Length == 0)
            _sinks = [(SinkNames.JsonLines, new JsonLinesSink(new JsonLinesSinkOptions()))];
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, sink) in _sinks)
            await RetryAsync(name, sink, async token =>
            {
                await sink.OpenAsync(token).ConfigureAwait(false);
                return 0;
            }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes to every sink. What one of them refuses is not handed to those behind it.</summary>
    /// <returns>How many results were new to the first, and those that were refused.</returns>
    public async Task<(int Added, IReadOnlyList<RefusedResult> Refused)> WriteAsync(
        IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken)
    {
        var (added, refused) = (0, new List<RefusedResult>());
        foreach (var (name, sink) in _sinks)
        {
            var before = refused.Count;
            var here = await WriteAsync(name, sink, results, refused, cancellationToken).ConfigureAwait(false);
            if (refused.Count > before)
                results = [.. results.Where(result => !refused.Exists(r => ReferenceEquals(r.Result, result)))];
            if (sink == _sinks[0].Sink)
                added = here;
        }
        return (added, refused);
    }

    /// <summary>Writes to one sink; where it refuses, each half alone, until it is known which result it is.</summary>
    private async Task<int> WriteAsync(
        string name, IResultSink sink, IReadOnlyList<ScoringResult> results, List<RefusedResult> refused,
        CancellationToken cancellationToken)
    {
        if (results.Count == 0)
            return 0;
        try
        {
            return await RetryAsync(name, sink, token => sink.WriteAsync(results, token), cancellationToken).ConfigureAwait(false);
        }
        catch (ResultRefusedException e)
        {
            if (results.Count == 1)
            {
                refused.Add(new RefusedResult(results[0], $"sink {name}: {e.Message}"));
                return 0;
            }
            var half = results.Count / 2;
            return await WriteAsync(name, sink, [.. results.Take(half)], refused, cancellationToken).ConfigureAwait(false)
                + await WriteAsync(name, sink, [.. results.Skip(half)], refused, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, sink) in _sinks)
            await sink.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<int> RetryAsync(
        string name, IResultSink sink, Func<CancellationToken, Task<int>> act, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(s_firstPause, s_longestPause);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                if (attempt > 0)
                    await sink.OpenAsync(cancellationToken).ConfigureAwait(false);
                var added = await act(cancellationToken).ConfigureAwait(false);
                _status.SinkProblem = null;
                return added;
            }
            catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                var pause = backoff.Next();
                _status.SinkProblem = $"sink {name}: {e.GetType().Name}";
                LogFailed(name, e.GetType().Name, pause.TotalSeconds);
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>
    /// A full disk or a database that restarts may be better soon; what a database refuses for good, such as a wrong password or missing
    /// rights, is not.
    /// </summary>
    private static bool IsTransient(Exception e) => e is IOException or TimeoutException or DbException { IsTransient: true };

    [LoggerMessage(Level = LogLevel.Error, Message = "Sink {Name} does not take results ({Kind}); trying again in {Seconds:F1} s")]
    private partial void LogFailed(string name, string kind, double seconds);
}

/// <summary>A result that cannot be stored, and why.</summary>
/// <param name="Result">The result.</param>
/// <param name="Reason">What was found and what was expected, or what a sink says; may name the recording, so never logged.</param>
internal sealed record RefusedResult(ScoringResult Result, string Reason);
