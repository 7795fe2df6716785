using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Plugins;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Tests.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Datasets;

public class CachedDatasetTests
{
    [Fact]
    public async Task What_is_read_is_the_same_to_the_last_bit_and_comes_from_the_cache_the_second_time()
    {
        using var folder = TestData.Folder();
        var original = new Recordings(0.001f, -32.767f, 1.234f, float.NaN, 0);
        for (var round = 0; round < 2; round++)
        {
            using var cached = (IDisposable)CachedDataset.Create(original, folder["cache"]);
            var dataset = (IEcgDataset)cached;
            foreach (var entry in original.Entries)
            {
                var (signal, expected) = (await dataset.ReadAsync(entry), original.Signal(entry));
                Assert.Equal(expected.Layout, signal.Layout);
                Assert.Equal(expected.Samples.ToArray().Select(BitConverter.SingleToInt32Bits), signal.Samples.ToArray().Select(BitConverter.SingleToInt32Bits));
            }
            // Once for the layout, and once for each of them.
            Assert.Equal(6, original.Reads);
        }
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Recordings_that_16_bits_do_not_hold_are_read_from_the_dataset()
    {
        using var folder = TestData.Folder();
        var original = new Recordings(0.5f, 0.0001f, 33f, MathF.PI, float.PositiveInfinity);
        using var cached = (IDisposable)CachedDataset.Create(original, folder["cache"]);
        foreach (var entry in original.Entries)
            Assert.Equal(original.Signal(entry).Samples.ToArray(), (await ((IEcgDataset)cached).ReadAsync(entry)).Samples.ToArray());
        Assert.Equal(6 + 4, original.Reads);
    }

    [Fact]
    public async Task Another_version_and_a_file_that_is_no_cache_are_replaced()
    {
        using var folder = TestData.Folder();
        var original = new Recordings(1);
        File.WriteAllText(folder["cache"], "something else");
        for (var version = 1; version <= 2; version++)
        {
            (original.Version, original.Offset) = ($"{version}", version);
            using var cached = (IDisposable)CachedDataset.Create(original, folder["cache"]);
            Assert.Equal(1 + version, (await ((IEcgDataset)cached).ReadAsync(original.Entries[0])).Samples.Span[0]);
        }
        File.WriteAllBytes(folder["cache"], File.ReadAllBytes(folder["cache"])[..^1]);
        using var cut = (IDisposable)CachedDataset.Create(original, folder["cache"]);
        Assert.Equal(3, (await ((IEcgDataset)cut).ReadAsync(original.Entries[0])).Samples.Span[0]);
    }

    [Fact]
    public async Task A_PTB_XL_folder_is_cached_by_an_option_and_noticed_when_a_recording_changes()
    {
        using var folder = PtbXlFolder.WithRecordings(4);
        using var elsewhere = TestData.Folder();
        File.Delete(Path.Combine(folder.Path, PtbXlFolder.Lr(3) + ".dat"));

        var first = Open();
        Assert.IsAssignableFrom<IStatementDataset>(first);
        Assert.Equal("ptb-xl", first.Name);
        await AssertIsDirectAsync(first);
        await Assert.ThrowsAsync<EcgFormatException>(() => first.ReadAsync(first.Entries[2]).AsTask());

        folder.WriteRecording(2, leads: "II,V1");
        folder.WriteRecording(3);
        await AssertIsDirectAsync(Open());
        Assert.Equal(0.3f, (await Open().ReadAsync(first.Entries[2])).Samples.Span[0]);

        IEcgDataset Open() => new ManagedComponents().Datasets.Create(
            new ComponentSpec("ptb-xl", PluginOptions.Write(new PtbXlFolderOptions { Folder = folder.Path, Cache = elsewhere["cache"] })));

        async Task AssertIsDirectAsync(IEcgDataset cached)
        {
            var direct = PtbXlDataset.Open(folder.Path);
            foreach (var entry in new[] { 0, 1, 3 }.Select(i => direct.Entries[i]))
            {
                var (expected, found) = (await direct.ReadAsync(entry), await cached.ReadAsync(entry));
                Assert.Equal(expected.Layout, found.Layout);
                Assert.Equal(expected.Samples.ToArray(), found.Samples.ToArray());
            }
        }
    }

    /// <summary>A recording of two leads and eleven samples, all of one value, for each value.</summary>
    private sealed class Recordings(params float[] values) : IVersionedDataset
    {
        private readonly SignalLayout _layout = new(["I", "II"], 11, 100);
        private int _reads;

        public string Name => "values";

        public IReadOnlyList<EcgEntry> Entries { get; } = [.. values.Select((_, i) => new EcgEntry { Id = $"{i}" })];

        public string Version { get; set; } = "";

        public float Offset { get; set; }

        public int Reads => _reads;

        public string FindVersion() => Version;

        public EcgSignal Signal(EcgEntry entry) => new([.. Enumerable.Repeat(values[int.Parse(entry.Id)] + Offset, 22)], _layout);

        public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _reads);
            return ValueTask.FromResult(Signal(entry));
        }
    }
}
