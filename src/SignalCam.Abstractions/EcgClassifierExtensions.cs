namespace SignalCam.Abstractions;

/// <summary>What every classifier can do besides.</summary>
public static class EcgClassifierExtensions
{
    /// <inheritdoc cref="IEcgClassifier.ClassifyAsync"/>
    /// <param name="classifier">The classifier.</param>
    /// <param name="recordings">Samples in millivolt; taken only as fast as results are taken, one batch at a time.</param>
    /// <param name="explain">Whether to make a heat map for each class as well.</param>
    /// <param name="cancellationToken">Stops before the next batch.</param>
    public static IAsyncEnumerable<EcgClassification> ClassifyAsync(
        this IEcgClassifier classifier, IEnumerable<EcgSignal> recordings, bool explain = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(recordings);
        return classifier.ClassifyAsync(recordings.ToAsyncEnumerable(), explain, cancellationToken);
    }
}

/// <summary>A recording of a stream cannot be classified.</summary>
public sealed class EcgStreamException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    /// <param name="index">Which recording of the stream, from 0.</param>
    /// <param name="innerException">What is wrong with it.</param>
    public EcgStreamException(long index, Exception innerException)
        : base($"recording {index} of the stream (from 0): {innerException?.Message}", innerException) =>
        Index = index;

    /// <summary>Which recording of the stream, from 0.</summary>
    public long Index { get; }
}
