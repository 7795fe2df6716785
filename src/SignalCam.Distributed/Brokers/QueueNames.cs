using RabbitMQ.Client;

namespace SignalCam.Distributed.Brokers;

/// <summary>The queues. Jobs have one for each model file, so that a worker with another model never takes them; results and dead letters have one for all.</summary>
internal sealed class QueueNames(BrokerOptions options)
{
    // Enough to tell model files apart.
    private const int HashDigits = 16;

    public string Results { get; } = options.QueuePrefix + ".results";

    public string Dead { get; } = options.QueuePrefix + ".dead";

    public string Jobs(string modelSha256) => $"{options.QueuePrefix}.jobs.{modelSha256[..HashDigits]}";

    /// <summary>Makes the queues of a model where they are not there.</summary>
    /// <remarks>Quorum queues: replicated over a cluster's nodes, and on disk before a publisher is told that a message is safe.</remarks>
    public async Task DeclareJobsAsync(IChannel channel, string modelSha256, CancellationToken cancellationToken)
    {
        await DeclareResultsAsync(channel, cancellationToken).ConfigureAwait(false);
        await channel.QueueDeclareAsync(Jobs(modelSha256), durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?>
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
            await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: cancellationToken).ConfigureAwait(false);
    }
}
