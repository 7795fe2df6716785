using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Sinks;

/// <summary>
/// Writes results as JSON Lines: a folder of files "results-000001.jsonl" and so on, each with a result in every line
/// (<see cref="ResultJson"/>).
/// </summary>
/// <remarks>
/// The keys that are there are kept in memory, about 70 bytes for each, and read from the files at the start. One collector at a time may
/// write into a folder, which a lock file holds to. A line that a crash cut off is removed: its result was not acknowledged and comes
/// again.
/// </remarks>
internal sealed class JsonLinesSink : IResultSink
{
    private const byte LineFeed = (byte)'\n';

    // The largest maps that are stored take less.
    private const int LongestLine = 1 << 28;

    private readonly JsonLinesSinkOptions _options;
    private readonly HashSet<UInt128> _keys = [];
    private FileStream? _lock;
    private FileStream? _file;
    private int _part;

    /// <summary>Creates the sink; nothing is opened yet.</summary>
    public JsonLinesSink(JsonLinesSinkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The folder cannot be written, or another process writes into it.</exception>
    /// <exception cref="SinkException">A file is where the folder should be, or something else is where a file should be.</exception>
    /// <exception cref="EcgFormatException">A file of the folder holds something else than results.</exception>
    public async Task OpenAsync(CancellationToken cancellationToken = default)
    {
        await CloseAsync().ConfigureAwait(false);
        if (File.Exists(_options.Folder))
            throw new SinkException($"{_options.Folder}: found a file, expected a folder for results");
        Directory.CreateDirectory(_options.Folder);
        var lockPath = Path.Combine(_options.Folder, ".lock");
        RequireRegular(lockPath);
        _lock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        _keys.Clear();
        _part = 0;
        foreach (var path in Directory.EnumerateFiles(_options.Folder, "results-*.jsonl").Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadKeys(path);
            _part++;
        }
        _file = OpenPart(Math.Max(_part, 1));
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written; open the sink again.</exception>
    public async Task<int> WriteAsync(IReadOnlyList<ScoringResult> results, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        var file = _file ?? throw new InvalidOperationException("the sink is not open");
        using var lines = new MemoryStream();
        var added = new HashSet<UInt128>();
        foreach (var result in results)
        {
            var key = Digest(result.Key);
            if (_keys.Contains(key) || !added.Add(key))
                continue;
            lines.Write(ResultJson.WriteStorable(result));
            lines.WriteByte(LineFeed);
        }
        var start = file.Position;
        try
        {
            lines.Position = 0;
            // Not cancelled half way: it takes milliseconds.
            await lines.CopyToAsync(file, CancellationToken.None).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
            _keys.UnionWith(added);
        }
        catch
        {
            // What is half there comes again.
            file.SetLength(start);
            file.Position = start;
            throw;
        }
        if (file.Length >= _options.FileBytes)
        {
            await file.DisposeAsync().ConfigureAwait(false);
            _file = OpenPart(_part + 1);
        }
        return added.Count;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync().ConfigureAwait(false);

    private async Task CloseAsync()
    {
        if (_file is not null)
            await _file.DisposeAsync().ConfigureAwait(false);
        if (_lock is not null)
            await _lock.DisposeAsync().ConfigureAwait(false);
        (_file, _lock) = (null, null);
    }

    private FileStream OpenPart(int part)
    {
        _part = part;
        var path = Path.Combine(_options.Folder, $"results-{part:D6}.jsonl");
        RequireRegular(path);
        var file = new FileStream(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        file.Seek(0, SeekOrigin.End);
        return file;
    }

    /// <summary>Reads the keys of a file, and takes off a last line that has no end.</summary>
    private void ReadKeys(string path)
    {
        RequireRegular(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        var line = new MemoryStream();
        var (number, end) = (0, 0L);
        for (int b; (b = file.ReadByte()) >= 0;)
        {
            if (b != LineFeed)
            {
                line.WriteByte((byte)b);
                if (line.Length > LongestLine)
                    throw new EcgFormatException(path, $"line {number + 1}", $"more than {LongestLine} bytes", "a result");
                continue;
            }
            number++;
            try
            {
                _keys.Add(Digest(ResultJson.Read(line.GetBuffer().AsSpan(0, (int)line.Length)).Key));
            }
            catch (JsonException e)
            {
                throw new EcgFormatException(path, $"line {number}", e.Message, "a result", e);
            }
            line.SetLength(0);
            end = file.Position;
        }
        if (file.Length > end)
            file.SetLength(end);
    }

    /// <summary>Waiting does not make a file of a FIFO.</summary>
    private static void RequireRegular(string path)
    {
        try
        {
            RegularFile.RequireWritable(path);
        }
        catch (FileRefusedException e)
        {
            throw new SinkException(e.Message, e);
        }
    }

    private static UInt128 Digest(ResultKey key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{key.ModelSha256}\n{key.Explainer}\n{key.RecordingId}"), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
