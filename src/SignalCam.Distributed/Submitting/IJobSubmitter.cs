using SignalCam.Abstractions;
using SignalCam.Distributed.Brokers;

namespace SignalCam.Distributed.Submitting;

/// <summary>Puts recordings into the queue of a model's jobs.</summary>
/// <remarks>
/// Safe to run twice: a recording that is submitted twice is scored twice and stored once. Memory does not grow with the number of
/// recordings. Safe for concurrent callers.
/// </remarks>
public interface IJobSubmitter
{
    /// <summary>
    /// Submits. Ends when the broker has confirmed everything; a lost connection is made anew, and what was not confirmed is sent again.
    /// </summary>
    /// <param name="request">What to submit.</param>
    /// <param name="progress">Receives progress after each message.</param>
    /// <param name="cancellationToken">Stops; with a journal the same request goes on from there.</param>
    /// <returns>How far it came.</returns>
    /// <exception cref="EcgFormatException">
    /// A recording cannot be read and the request says to fail, or the journal is of another submission.
    /// </exception>
    /// <exception cref="BrokerRefusedException">The broker will not have this user, or these queues.</exception>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    Task<SubmissionProgress> SubmitAsync(
        SubmissionRequest request, IProgress<SubmissionProgress>? progress = null, CancellationToken cancellationToken = default);
}
