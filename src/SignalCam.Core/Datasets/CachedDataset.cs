using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Datasets;

/// <summary>
/// Keeps the recordings of a dataset in one file of 16-bit samples: reading one is then a single read at its place. The file is
/// made when the first recording is read, and made anew when the dataset's version, its name or its entries are others than then.
/// </summary>
/// <remarks>
/// What is read is the same to the last bit: a recording is kept if it has the layout of the first one and its samples are whole
/// thousandths of a millivolt within +-32 mV (or NaN), as PTB-XL's are. Any other, and one that cannot be read, is read from the dataset
/// each time. Safe for concurrent callers; several processes may share the file.
/// </remarks>
public sealed class CachedDataset : IEcgDataset, IDisposable
{
    private readonly IVersionedDataset _dataset;
    private readonly string _path;
    private readonly Dictionary<string, int> _places;
    private readonly SemaphoreSlim _opening = new(1);
    private CacheFile? _file;

    private CachedDataset(IVersionedDataset dataset, string path)
    {
        _dataset = dataset;
        _path = Path.GetFullPath(path);
        _places = new Dictionary<string, int>(dataset.Entries.Count, StringComparer.Ordinal);
        for (var i = 0; i < dataset.Entries.Count; i++)
            _places.TryAdd(dataset.Entries[i].Id, i);
    }

    /// <inheritdoc/>
    public string Name => _dataset.Name;

    /// <inheritdoc/>
    public IReadOnlyList<EcgEntry> Entries => _dataset.Entries;

    /// <summary>Puts a cache before a dataset.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="path">
    /// The cache's file; made when it is not there. As large as the recordings in format 16: 470 MB for PTB-XL at 100 Hz.
    /// </param>
    /// <returns>A dataset to dispose: what <see cref="IVersionedDataset.FromCache"/> makes of the cache.</returns>
    public static IEcgDataset Create(IVersionedDataset dataset, string path)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return dataset.FromCache(new CachedDataset(dataset, path));
    }

    /// <inheritdoc/>
    /// <exception cref="EcgFormatException">
    /// The recording is missing or corrupt, or something that is no regular file is where the cache should be.
    /// </exception>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    public async ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        cancellationToken.ThrowIfCancellationRequested();
        var file = Volatile.Read(ref _file) ?? await OpenAsync(cancellationToken).ConfigureAwait(false);
        return _places.TryGetValue(entry.Id, out var place) && file.Read(place) is { } signal
            ? signal
            : await _dataset.ReadAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    private async Task<CacheFile> OpenAsync(CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_file is null)
            {
                var fingerprint = CacheFile.FingerprintOf(_dataset);
                var file = CacheFile.Open(_path, fingerprint, Entries.Count);
                if (file is null)
                {
                    await CacheFile.WriteAsync(_path, fingerprint, _dataset, cancellationToken).ConfigureAwait(false);
                    file = CacheFile.Open(_path, fingerprint, Entries.Count)
                        ?? throw new IOException($"{_path} was changed by somebody else while it was being made");
                }
                Volatile.Write(ref _file, file);
            }
            return _file;
        }
        catch (FileRefusedException e)
        {
            throw new EcgFormatException(_path, null, e.Found, e.Expected, e);
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _opening.Dispose();
    }
}
