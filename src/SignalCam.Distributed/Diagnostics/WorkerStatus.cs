using System.Collections.Concurrent;
using SignalCam.Distributed.Brokers;

namespace SignalCam.Distributed.Diagnostics;

/// <summary>How the worker of this host stands.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
public sealed class WorkerStatus
{
    private readonly ConcurrentDictionary<long, DateTimeOffset?> _inFlight = new();
    private long _lastId;
    private long _scored;
    private long _failed;
    private long _lastDelivery = Environment.TickCount64;
    private long _queued;
    private double _recordingsPerSecond;
    private volatile bool _hasJobs;
    private volatile string? _mismatch;

    internal WorkerStatus()
    {
    }

    /// <summary>The model's name; null before the worker has loaded it.</summary>
    public string? Model { get; internal set; }

    /// <summary>SHA-256 of the model file; null before the worker has read it.</summary>
    public string? ModelSha256 { get; internal set; }

    /// <summary>Whether there is a connection to the broker.</summary>
    public bool IsConnected => Connection.IsConnected;

    /// <summary>Why there is none; null while there is one.</summary>
    public string? Problem => Connection.Problem;

    /// <summary>
    /// Says that nobody has submitted jobs for this worker's model file, so that it waits in vain while jobs for another file wait
    /// elsewhere; null once somebody has, and before the worker has looked.
    /// </summary>
    public string? Mismatch => _mismatch;

    /// <summary>Recordings whose result the broker has.</summary>
    public long Scored => Volatile.Read(ref _scored);

    /// <summary>Jobs that went to the dead-letter queue.</summary>
    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Messages of jobs that are here.</summary>
    public int InFlight => _inFlight.Count;

    /// <summary>Messages of jobs that wait in the broker, as last looked at.</summary>
    public long QueuedMessages => Volatile.Read(ref _queued);

    /// <summary>Recordings per second between the last two looks.</summary>
    public double RecordingsPerSecond => Volatile.Read(ref _recordingsPerSecond);

    /// <summary>
    /// How long ago the oldest message that is here was submitted: queues are first in, first out, so nothing that waits is older by much.
    /// Zero when none is here.
    /// </summary>
    public TimeSpan OldestJobAge
    {
        get
        {
            var oldest = _inFlight.Values.Min();
            return oldest is { } sent && DateTimeOffset.UtcNow - sent is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;
        }
    }

    internal ConnectionState Connection { get; } = new();

    internal TimeSpan IdleFor =>
        _inFlight.IsEmpty ? TimeSpan.FromMilliseconds(Environment.TickCount64 - Volatile.Read(ref _lastDelivery)) : TimeSpan.Zero;

    /// <summary>Whether jobs have been submitted for the worker's model, as far as is known.</summary>
    internal bool HasJobs => _hasJobs;

    internal void NoJobs(string mismatch) => _mismatch = mismatch;

    internal void JobsAreThere() => (_hasJobs, _mismatch) = (true, null);

    internal long Begin(DateTimeOffset? sent)
    {
        JobsAreThere();
        var id = Interlocked.Increment(ref _lastId);
        _inFlight[id] = sent;
        return id;
    }

    internal void End(long id)
    {
        Volatile.Write(ref _lastDelivery, Environment.TickCount64);
        _inFlight.TryRemove(id, out _);
    }

    internal void Add(int scored, int failed)
    {
        Interlocked.Add(ref _scored, scored);
        Interlocked.Add(ref _failed, failed);
    }

    internal void Measured(long queued, double recordingsPerSecond)
    {
        Volatile.Write(ref _queued, queued);
        Volatile.Write(ref _recordingsPerSecond, recordingsPerSecond);
    }
}
