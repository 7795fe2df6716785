using SignalCam.Abstractions;

namespace SignalCam.Core.Tests.Datasets;

/// <summary>Recordings of two leads and three samples, all of value i for entry i; those that are bad cannot be read.</summary>
internal sealed class FakeDataset : IEcgDataset
{
    private static readonly SignalLayout Layout = new(["I", "II"], 3, 100);

    private readonly HashSet<int> _bad;
    private int _inMemory;

    public FakeDataset(int count, params int[] bad)
    {
        _bad = [.. bad];
        Entries = [.. Enumerable.Range(0, count).Select(i => new EcgEntry { Id = $"r{i}" })];
    }

    public string Name => "fake";

    public IReadOnlyList<EcgEntry> Entries { get; }

    /// <summary>The largest number of recordings that were being read at a time.</summary>
    public int MostAtATime { get; private set; }

    /// <summary>Number of recordings that were read.</summary>
    public int Reads { get; private set; }

    /// <summary>Takes another layout for one entry.</summary>
    public (int Index, SignalLayout Layout)? Odd { get; init; }

    /// <summary>Called before each recording.</summary>
    public Action<int>? Reading { get; init; }

    public async ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var index = int.Parse(entry.Id[1..]);
        lock (_bad)
        {
            Reads++;
            MostAtATime = Math.Max(MostAtATime, ++_inMemory);
        }
        Reading?.Invoke(index);
        // Later entries are ready earlier, so that order is not kept by chance.
        await Task.Delay(index % 4 == 0 ? 2 : 0, cancellationToken);
        lock (_bad)
            _inMemory--;
        if (_bad.Contains(index))
            throw new EcgFormatException($"{entry.Id}.dat", null, "nothing", "samples");
        var layout = Odd is { } odd && odd.Index == index ? odd.Layout : Layout;
        var samples = new float[layout.LeadCount * layout.Length];
        Array.Fill(samples, index);
        return new EcgSignal(samples, layout);
    }
}
