using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Sinks;

/// <summary>A destination for results.</summary>
/// <remarks>
/// A collector calls one method at a time. Results arrive at least once, so a sink keeps the first result of a key and ignores the others.
/// </remarks>
public interface IResultSink : IAsyncDisposable
{
    /// <summary>Prepares to write: opens files, makes tables. Called once, and again after it has failed.</summary>
    Task OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Writes results whose key is not there yet. When it returns they are safe: the collector acknowledges them, and nobody else has them.
    /// </summary>
    /// <remarks>
    /// What the collector hands on has been checked: numbers are finite, probabilities and thresholds from 0 to 1, names and ids without
    /// control characters and of limited length, maps of one length for all classes.
    /// </remarks>
    /// <returns>How many were new.</returns>
    /// <exception cref="ResultRefusedException">One of the results cannot be stored for what it holds; none of them is.</exception>
    Task<int> WriteAsync(IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken = default);
}

/// <summary>One sink that a collector writes to.</summary>
internal sealed record SinkRegistration(string Name, Func<IServiceProvider, IResultSink> Create);
