using SignalCam.Distributed.Brokers;

namespace SignalCam.Distributed.Diagnostics;

/// <summary>The state of this host's collector.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class CollectorStatus
{
    private long _received;
    private long _stored;
    private long _refused;

    internal CollectorStatus()
    {
    }

    /// <summary>Whether the broker is connected.</summary>
    public bool IsConnected => Connection.IsConnected;

    /// <summary>Why there is none, or why results cannot be stored; null if there are none.</summary>
    public string? Problem => SinkProblem ?? Connection.Problem;

    /// <summary>Results received from the broker and stored, including duplicates.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Results that were new, to the first of the sinks.</summary>
    public long Stored => Volatile.Read(ref _stored);

    /// <summary>Results that cannot be stored and went to the dead-letter queue.</summary>
    public long Refused => Volatile.Read(ref _refused);

    internal ConnectionState Connection { get; } = new();

    internal string? SinkProblem { get; set; }

    internal void Refuse() => Interlocked.Increment(ref _refused);

    internal void Add(int received, int stored)
    {
        Interlocked.Add(ref _received, received);
        Interlocked.Add(ref _stored, stored);
    }
}
