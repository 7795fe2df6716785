using System.Buffers;
using RabbitMQ.Client.Events;

namespace SignalCam.Distributed.Brokers;

/// <summary>A message that was delivered and not acknowledged yet. Its bytes go back to a pool with it.</summary>
internal sealed class Delivery : IDisposable
{
    private const string CountHeader = "x-delivery-count";

    private readonly int _length;
    private byte[]? _bytes;

    /// <summary>Copies what the client library gives for the time of a call only.</summary>
    public Delivery(BasicDeliverEventArgs message)
    {
        _length = message.Body.Length;
        _bytes = ArrayPool<byte>.Shared.Rent(_length);
        message.Body.CopyTo(_bytes);
        Tag = message.DeliveryTag;
        Earlier = message.BasicProperties.Headers?.TryGetValue(CountHeader, out var count) == true && count is not null ? Convert.ToInt32(count, System.Globalization.CultureInfo.InvariantCulture) : 0;
        Sent = message.BasicProperties.IsTimestampPresent() ? DateTimeOffset.FromUnixTimeSeconds(message.BasicProperties.Timestamp.UnixTime) : null;
    }

    public ulong Tag { get; }

    /// <summary>How often it has been delivered before without an answer.</summary>
    public int Earlier { get; }

    /// <summary>When it was published; null where the publisher did not say.</summary>
    public DateTimeOffset? Sent { get; }

    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(0, _length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
