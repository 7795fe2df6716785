using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace SignalCam.Distributed.Brokers;

/// <summary>
/// The queues. Jobs have one for each model file, so that a worker with another model never takes them; results and dead letters have one
/// for all.
/// </summary>
internal sealed class QueueNames(BrokerOptions options)
{
    // Enough to tell model files apart.
    private const int HashDigits = 16;

    public string Results { get; } = options.QueuePrefix + ".results";

    public string Dead { get; } = options.QueuePrefix + ".dead";

    public string Jobs(string modelSha256) => $"{options.QueuePrefix}.jobs.{modelSha256[..HashDigits]}";

    /// <summary>
    /// Says that jobs are submitted for a model, so that a worker with another model file can tell that it waits in vain.
    /// </summary>
    /// <remarks>
    /// An exchange to which nothing is sent: a name that the broker keeps. Workers make the queues, too, so that a queue says nothing of
    /// submitters.
    /// </remarks>
    public Task DeclareSubmittedAsync(IChannel channel, string modelSha256, CancellationToken cancellationToken) =>
        channel.ExchangeDeclareAsync(
            Submitted(modelSha256), ExchangeType.Fanout, durable: true, autoDelete: false, cancellationToken: cancellationToken);

    /// <summary>Whether jobs have ever been submitted for a model.</summary>
    public async Task<bool> IsSubmittedToAsync(IConnection connection, string modelSha256, CancellationToken cancellationToken)
    {
        // A channel of its own: asking for what is not there closes it.
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        await using var _ = channel.ConfigureAwait(false);
        try
        {
            await channel.ExchangeDeclarePassiveAsync(Submitted(modelSha256), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return false;
        }
    }

    private string Submitted(string modelSha256) => $"{options.QueuePrefix}.submitted.{modelSha256[..HashDigits]}";

    /// <summary>Makes the queues of a model where they are not there.</summary>
    /// <remarks>Quorum queues: replicated over a cluster's nodes, and on disk before a publisher is told that a message is safe.</remarks>
    public async Task DeclareJobsAsync(IChannel channel, string modelSha256, CancellationToken cancellationToken)
    {
        await DeclareResultsAsync(channel, cancellationToken).ConfigureAwait(false);
        await channel.QueueDeclareAsync(Jobs(modelSha256), durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?>
            {
                ["x-queue-type"] = "quorum",
                ["x-delivery-limit"] = options.DeliveryLimit,
                ["x-dead-letter-exchange"] = "",
                ["x-dead-letter-routing-key"] = Dead,
                // Moving a message to the dead letters must not lose it either.
                ["x-dead-letter-strategy"] = "at-least-once",
                ["x-overflow"] = "reject-publish",
            }, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the queues of results and dead letters where they are not there.</summary>
    public async Task DeclareResultsAsync(IChannel channel, CancellationToken cancellationToken)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum" };
        foreach (var queue in new[] { Dead, Results })
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments,
                cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
