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
                Assert.Equal(expected.Samples.ToArray().Select(BitConverter.SingleToInt32Bits),
                    signal.Samples.ToArray().Select(BitConverter.SingleToInt32Bits));
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

    [Fact]
    public async Task A_cache_with_any_byte_of_its_head_changed_is_made_anew_or_read_right()
    {
        using var folder = TestData.Folder();
        var original = new Recordings(0.5f, -1.25f);
        await ReadAllAsync();
        var whole = File.ReadAllBytes(folder["cache"]);
        var random = new Random(1);
        // Texts and their lengths, leads, length, rate, and which are kept: all before the first page's end.
        var head = Array.FindLastIndex(whole, 4095, b => b != 0) + 1;
        for (var at = 0; at < head; at++)
            foreach (var value in new[] { 0, 1, 127, 128, 255, random.Next(256) })
            {
                var changed = (byte[])whole.Clone();
                changed[at] = (byte)value;
                File.WriteAllBytes(folder["cache"], changed);
                await ReadAllAsync();
            }
        Assert.Single(Directory.GetFiles(folder.Path));

        async Task ReadAllAsync()
        {
            using var cached = (IDisposable)CachedDataset.Create(original, folder["cache"]);
            foreach (var entry in original.Entries)
                Assert.Equal(original.Signal(entry).Samples.ToArray(), (await ((IEcgDataset)cached).ReadAsync(entry)).Samples.ToArray());
        }
    }

    [SkippableFact]
    public async Task A_cache_that_failed_before_is_made_anew()
    {
        using var folder = TestData.Folder();
        File.Copy(TestData.Shared("cases/fuzz/cache-string-length/cache.bin"), folder["cache"]);
        File.SetAttributes(folder["cache"], FileAttributes.Normal);
        var original = new Recordings(2);
        using var cached = (IDisposable)CachedDataset.Create(original, folder["cache"]);
        Assert.Equal(2, (await ((IEcgDataset)cached).ReadAsync(original.Entries[0])).Samples.Span[0]);
    }

    [SkippableFact]
    public async Task A_cache_that_is_cut_while_it_is_open_and_one_that_is_no_file_are_named()
    {
        using var folder = TestData.Folder();
        var original = new Recordings(1, 2);
        using (var cached = (IDisposable)CachedDataset.Create(original, folder["cache"]))
        {
            var dataset = (IEcgDataset)cached;
            await dataset.ReadAsync(original.Entries[0]);
            using (var file = new FileStream(folder["cache"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
                file.SetLength(file.Length - 1);
            var error = await Assert.ThrowsAsync<EcgFormatException>(() => dataset.ReadAsync(original.Entries[1]).AsTask());
            Assert.Equal((folder["cache"], "the end of the file"), (error.File, error.Found));
        }
        using var instead = (IDisposable)CachedDataset.Create(original, SpecialFiles.Fifo(folder["fifo"]));
        var refused = await SpecialFiles.WithoutWaiting(
            () => Assert.ThrowsAsync<EcgFormatException>(() => ((IEcgDataset)instead).ReadAsync(original.Entries[0]).AsTask()));
        Assert.Equal((folder["fifo"], "a FIFO (named pipe)"), (refused.File, refused.Found));
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
