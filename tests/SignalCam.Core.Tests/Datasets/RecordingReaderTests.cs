using System.Collections.Concurrent;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Tests.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Datasets;

public class RecordingReaderTests
{
    private static readonly RecordingReaderOptions Skip4 = new() { OnBadRecording = OnBadRecording.Skip, Parallelism = 4 };

    [Fact]
    public async Task A_block_holds_the_recordings_in_the_order_of_the_entries_after_all_transforms()
    {
        var dataset = new FakeDataset(50);
        var entries = dataset.Entries.Reverse().ToList();
        var block = await new RecordingReader(dataset, [new Change(x => x + 1), new Change(x => x * 10)], Skip4).ReadBlockAsync(entries);
        Assert.Equal(entries, block.Entries);
        Assert.Empty(block.Skipped);
        Assert.Equal(50 * 6, block.Samples.Length);
        for (var i = 0; i < 50; i++)
            Assert.All(block[i].ToArray(), x => Assert.Equal((50 - i) * 10, x));
        Assert.Throws<ArgumentOutOfRangeException>(() => block[50].Length);
    }

    [Fact]
    public async Task A_bad_recording_fails_the_reading_by_default_and_is_named()
    {
        var dataset = new FakeDataset(20, bad: 7);
        var error = await Assert.ThrowsAsync<EcgFormatException>(() => new RecordingReader(dataset).ReadBlockAsync(dataset.Entries));
        Assert.Equal("r7.dat", error.File);
    }

    [Fact]
    public async Task Bad_recordings_are_skipped_counted_and_named_and_leave_no_gap()
    {
        var dataset = new FakeDataset(10, bad: [0, 4, 9]);
        var block = await new RecordingReader(dataset, options: Skip4).ReadBlockAsync(dataset.Entries);
        Assert.Equal(["r1", "r2", "r3", "r5", "r6", "r7", "r8"], block.Entries.Select(e => e.Id));
        Assert.Equal([1f, 2, 3, 5, 6, 7, 8], block.Samples.ToArray().Where((_, i) => i % 6 == 0));
        Assert.Equal([(0, "r0", "r0.dat"), (4, "r4", "r4.dat"), (9, "r9", "r9.dat")],
            block.Skipped.Select(s => (s.Index, s.Entry.Id, s.Error.File)));
    }

    [Fact]
    public async Task A_block_of_which_nothing_can_be_read_is_an_error_even_when_skipping()
    {
        var dataset = new FakeDataset(2, bad: [0, 1]);
        var error = await Assert.ThrowsAsync<EcgFormatException>(
            () => new RecordingReader(dataset, options: Skip4).ReadBlockAsync(dataset.Entries));
        Assert.StartsWith("2 bad recordings of 2, the first: r0.dat", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_of_another_layout_is_bad_too()
    {
        var dataset = new FakeDataset(5) { Odd = (3, new SignalLayout(["I", "III"], 3, 100)) };
        var reader = new RecordingReader(dataset, options: Skip4);
        var block = await reader.ReadBlockAsync(dataset.Entries, new SignalLayout(["I", "II"], 3, 100));
        var skipped = Assert.Single(block.Skipped);
        Assert.Equal("fake recording r3: found 2 leads x 3 samples at 100 Hz (I, III), expected 2 leads x 3 samples at 100 Hz (I, II)",
            skipped.Error.Message);
    }

    [Fact]
    public async Task The_layout_is_that_of_the_first_entry_that_can_be_read()
    {
        var odd = new SignalLayout(["V1"], 6, 100);
        var dataset = new FakeDataset(5, bad: 0) { Odd = (1, odd) };
        var block = await new RecordingReader(dataset, options: Skip4).ReadBlockAsync(dataset.Entries);
        Assert.Equal(odd, block.Layout);
        Assert.Equal("r1", Assert.Single(block.Entries).Id);
    }

    [Fact]
    public async Task No_more_recordings_are_read_at_a_time_than_the_options_allow()
    {
        var dataset = new FakeDataset(60);
        var indices = new ConcurrentBag<int>();
        await new RecordingReader(dataset, options: new RecordingReaderOptions { Parallelism = 3 }).ForEachAsync(
            dataset.Entries, (i, _) => indices.Add(i));
        Assert.InRange(dataset.MostAtATime, 1, 3);
        Assert.Equal(Enumerable.Range(0, 60), indices.Order());
    }

    [Fact]
    public async Task Cancelling_stops_soon()
    {
        using var stop = new CancellationTokenSource();
        var dataset = new FakeDataset(10_000) { Reading = i => { if (i == 20) stop.Cancel(); } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new RecordingReader(dataset).ForEachAsync(dataset.Entries, (_, _) => { }, cancellationToken: stop.Token));
        Assert.InRange(dataset.Reads, 1, 9_000);
    }

    [Fact]
    public async Task Progress_ends_with_everything_done()
    {
        var dataset = new FakeDataset(1000, bad: 5);
        var reports = new Reports();
        await new RecordingReader(dataset, options: Skip4).ForEachAsync(dataset.Entries, (_, _) => { }, reports);
        Assert.Contains(new RecordingProgress(1000, 1000, 1), reports.All);
        Assert.Equal(200, reports.All.Count);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused() =>
        Assert.Throws<PluginException>(
            () => new RecordingReader(new FakeDataset(1), options: new RecordingReaderOptions { Parallelism = 0 }));

    [Fact]
    public async Task Nothing_to_read_is_said_so() =>
        Assert.Contains("no entry",
            (await Assert.ThrowsAsync<ArgumentException>(() => new RecordingReader(new FakeDataset(1)).ReadBlockAsync([]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_ptb_xl_folder_with_a_missing_and_a_truncated_recording_is_read_without_them()
    {
        using var folder = PtbXlFolder.WithRecordings(4);
        File.Delete(Path.Combine(folder.Path, PtbXlFolder.Lr(2) + ".hea"));
        File.WriteAllBytes(Path.Combine(folder.Path, PtbXlFolder.Lr(3) + ".dat"), new byte[5]);
        var dataset = PtbXlDataset.Open(folder.Path);
        var block = await new RecordingReader(dataset, options: Skip4).ReadBlockAsync(dataset.Entries);
        Assert.Equal(["1", "4"], block.Entries.Select(e => e.Id));
        Assert.Equal(["2", "3"], block.Skipped.Select(s => s.Entry.Id));
        Assert.Equal([0.1f, 0.4f], [block[0][0], block[1][0]]);
    }

    [SkippableFact]
    public async Task The_validation_fold_of_ptb_xl_is_read_as_a_block()
    {
        var fold = RealPtbXl.Fold(9);
        var block = await new RecordingReader(RealPtbXl.Open()).ReadBlockAsync(fold);
        Assert.Equal(new SignalLayout(SignalLayout.StandardLeads, 1000, 100), block.Layout);
        Assert.Equal(2183, block.Count);
        Assert.Equal("8", block.Entries[0].Id);
        Assert.Equal(2183 * 12_000, block.Samples.Length);
        // Each recording differs from the one before it: none was put in another's place.
        for (var i = 1; i < block.Count; i++)
            Assert.False(block[i].SequenceEqual(block[i - 1]));
    }

    private sealed class Change(Func<float, float> change) : ISignalTransform
    {
        public string Name => "change";

        public EcgSignal Apply(EcgSignal signal) => signal.MapLeads(samples =>
        {
            foreach (ref var x in samples)
                x = change(x);
        });
    }

    private sealed class Reports : IProgress<RecordingProgress>
    {
        public ConcurrentBag<RecordingProgress> All { get; } = [];

        public void Report(RecordingProgress value) => All.Add(value);
    }
}
