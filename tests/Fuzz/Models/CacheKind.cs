using SignalCam.Abstractions;
using SignalCam.Core.Datasets;

namespace SignalCam.Fuzz.Models;

/// <summary>Changed cache files of a dataset: taken, or made anew.</summary>
public sealed class CacheKind : FuzzKind
{
    private static readonly Recordings s_dataset = new();

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"signalcam-fuzz-{Guid.NewGuid():N}.cache");
    private byte[]? _bytes;

    /// <inheritdoc/>
    public override string Name => "cache";

    /// <inheritdoc/>
    public override string Description => "changed caches of a dataset: all recordings read through them";

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        try
        {
            if (_bytes is null)
            {
                Read();
                _bytes = File.ReadAllBytes(_path);
            }
            File.WriteAllBytes(_path, ByteMutator.Mutate(_bytes, new EcgRandom(seed)));
            Read();
        }
        finally
        {
            File.Delete(_path);
        }
    }

    private void Read()
    {
        var cached = CachedDataset.Create(s_dataset, _path);
        using (cached as IDisposable)
            foreach (var entry in cached.Entries)
            {
                var signal = cached.ReadAsync(entry).AsTask().GetAwaiter().GetResult();
                if (signal.Samples.Length != signal.Layout.LeadCount * signal.Layout.Length)
                    throw new WrongAnswerException($"{entry.Id}: {signal.Samples.Length} samples of {signal.Layout}");
            }
    }

    private sealed class Recordings : IVersionedDataset
    {
        private static readonly SignalLayout s_layout = new(["I", "II"], 50, 100);

        public string Name => "fuzz";

        public IReadOnlyList<EcgEntry> Entries { get; } = [.. Enumerable.Range(1, 4)
            .Select(i => new EcgEntry { Id = FormattableString.Invariant($"{i}") })];

        public string FindVersion() => "1";

        public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new EcgSignal([.. Enumerable.Range(0, 100).Select(i => i / 1000f)], s_layout));
    }
}
