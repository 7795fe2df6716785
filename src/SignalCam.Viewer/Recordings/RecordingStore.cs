using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;

namespace SignalCam.Viewer.Recordings;

/// <summary>
/// Recordings in memory, and nowhere else: bounded in number and bytes, each gone some time after it was last looked at. There is no list
/// of them, so that only whoever opened a recording knows its id.
/// </summary>
/// <remarks>Safe for concurrent callers.</remarks>
internal sealed class RecordingStore : IDisposable
{
    private const int IdBytes = 16;
    private const long WorthCollecting = 16 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    // The one that was looked at last comes last.
    private readonly LinkedList<Entry> _byUse = new();
    private readonly ViewerOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private long _bytes;

    /// <summary>Creates an empty store.</summary>
    public RecordingStore(IOptions<ViewerOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        var interval = _options.StoredFor < TimeSpan.FromMinutes(1) ? _options.StoredFor : TimeSpan.FromMinutes(1);
        _sweep = time.CreateTimer(_ => Sweep(), null, interval, interval);
    }

    /// <summary>Recordings in memory.</summary>
    public int Count
    {
        get { lock (_lock) return _entries.Count; }
    }

    /// <summary>Bytes of their samples.</summary>
    public long Bytes
    {
        get { lock (_lock) return _bytes; }
    }

    /// <summary>Keeps a recording under a new id. Where there is no room, those that were not looked at for longest go.</summary>
    public StoredRecording Add(string name, RecordingSource source, EcgRecording content, string? description = null)
    {
        var recording = new StoredRecording(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), name, source,
            new EcgRecording(content.Signal, content.Format) { Warnings = content.Warnings }, description);
        lock (_lock)
        {
            _entries.Add(recording.Id, _byUse.AddLast(new Entry(recording, _time.GetUtcNow())));
            _bytes += recording.Bytes;
            while (_entries.Count > _options.MaxStored || (_bytes > _options.MaxStoredBytes && _entries.Count > 1))
                Drop(_byUse.First!);
        }
        return recording;
    }

    /// <summary>The recording with this id, which stays for as long again; null where there is none, or none any more.</summary>
    public StoredRecording? Find(string id)
    {
        lock (_lock)
        {
            DropExpired();
            if (!_entries.TryGetValue(id, out var node))
                return null;
            _byUse.Remove(node);
            node.Value = node.Value with { LastUse = _time.GetUtcNow() };
            _byUse.AddLast(node);
            return node.Value.Recording;
        }
    }

    /// <summary>Forgets a recording; false where there is none.</summary>
    public bool Remove(string id)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(id, out var node))
                return false;
            Drop(node);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sweep.Dispose();

    private void Sweep()
    {
        long before, after;
        lock (_lock)
        {
            before = _bytes;
            DropExpired();
            after = _bytes;
        }
        // A program that nobody asks for anything collects nothing: what many recordings held would stay its own for hours.
        if (before - after >= WorthCollecting)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void DropExpired()
    {
        var oldest = _time.GetUtcNow() - _options.StoredFor;
        while (_byUse.First is { } first && first.Value.LastUse < oldest)
            Drop(first);
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _entries.Remove(node.Value.Recording.Id);
        _bytes -= node.Value.Recording.Bytes;
    }

    private sealed record Entry(StoredRecording Recording, DateTimeOffset LastUse);
}
