using System.Buffers;
using System.Globalization;
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
        Earlier = message.BasicProperties.Headers?.TryGetValue(CountHeader, out var count) == true ? ToCount(count) : 0;
        Sent = message.BasicProperties.IsTimestampPresent() ? ToTime(message.BasicProperties.Timestamp.UnixTime) : null;
    }

    public ulong Tag { get; }

    /// <summary>How often it has been delivered before without an answer.</summary>
    public int Earlier { get; }

    /// <summary>When it was published; null where the publisher did not say.</summary>
    public DateTimeOffset? Sent { get; }

    public ReadOnlyMemory<byte> Body => _bytes.AsMemory(0, _length);

    // Both come from whoever published the message, unless the broker has put its own there: anything may be in them, and nothing may be
    // thrown.
    private static int ToCount(object? header) => header switch
    {
        byte or sbyte or short or ushort or int or uint or long =>
            (int)Math.Clamp(Convert.ToInt64(header, CultureInfo.InvariantCulture), 0, int.MaxValue),
        _ => 0,
    };

    private static DateTimeOffset? ToTime(long seconds) =>
        seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
