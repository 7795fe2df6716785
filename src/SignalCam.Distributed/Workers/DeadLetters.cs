using RabbitMQ.Client;
using SignalCam.Distributed.Brokers;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Workers;

/// <summary>
/// Puts what cannot be done, or cannot be stored, into the dead-letter queue, each job and each result alone and with its reason, so that
/// it can be looked at and sent again.
/// </summary>
internal static class DeadLetters
{
    /// <summary>
    /// Header: why, one of <see cref="FailureKind"/>. Messages that the broker itself gave up have its header "x-death" instead.
    /// </summary>
    public const string ReasonHeader = "signalcam-reason";

    /// <summary>Header: the same in words. May name the recording.</summary>
    public const string DetailHeader = "signalcam-detail";

    /// <summary>Header: the queue that it comes from, to which it can be sent again.</summary>
    public const string QueueHeader = "signalcam-queue";

    // Headers are for reading; the broker limits a message's head to one frame.
    private const int LongestDetail = 1000;

    internal static async Task PublishAsync(
        IChannel channel, QueueNames queues, string origin, ScoringTask task, IReadOnlyList<RejectedJob> rejected,
        CancellationToken cancellationToken)
    {
        foreach (var job in rejected)
            await PublishAsync(channel, queues, origin, JobBatch.Write(task, [job.Job]), job.Kind, job.Detail, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>A result that cannot be stored, as a message of its own.</summary>
    internal static ValueTask PublishAsync(
        IChannel channel, QueueNames queues, ScoringResult result, string reason, CancellationToken cancellationToken) =>
            PublishAsync(channel, queues, queues.Results, ResultBatch.Write([result]),
                FailureKind.UnstorableResult, reason, cancellationToken);

    internal static ValueTask PublishAsync(
        IChannel channel, QueueNames queues, string origin, ReadOnlyMemory<byte> body, string reason, string detail,
        CancellationToken cancellationToken) =>
            BrokerClient.PublishAsync(channel, queues.Dead, body, new Dictionary<string, object?>
            {
                [ReasonHeader] = reason,
                [DetailHeader] = detail.Length > LongestDetail ? detail[..LongestDetail] : detail,
                [QueueHeader] = origin,
            }, cancellationToken);
}
