using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Sinks;

/// <summary>Where results are kept.</summary>
/// <remarks>A collector calls one method at a time. Results come at least once, so a sink keeps the first of a key and leaves the others.</remarks>
public interface IResultSink : IAsyncDisposable
{
    /// <summary>Prepares to write: opens files, makes tables. Called once, and again after it has failed.</summary>
    Task OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Writes results whose key is not there yet. When it returns they are safe: the collector acknowledges them, and nobody else has them.</summary>
    /// <returns>How many were new.</returns>
    Task<int> WriteAsync(IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken = default);
}

/// <summary>One sink that a collector writes to.</summary>
internal sealed record SinkRegistration(string Name, Func<IServiceProvider, IResultSink> Create);
