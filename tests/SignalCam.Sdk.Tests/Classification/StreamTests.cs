using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

public sealed class StreamTests
{
    [Theory]
    [InlineData(ScoringBackend.Compiled, false, 4)]
    [InlineData(ScoringBackend.Compiled, true, 4)]
    [InlineData(ScoringBackend.Torch, false, 8)]
    [InlineData(ScoringBackend.Torch, true, 8)]
    public async Task Answers_come_in_order_as_single_calls_give_them_and_no_more_is_read_than_there_is_room(
        ScoringBackend backend, bool explain, int room)
    {
        using var folder = TestData.Folder();
        await using var services = Host(folder, o => (o.BatchSize, o.Backend) = (4, backend));
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var options = new ClassifyOptions { Explain = explain };
        var (read, given) = (0, 0);
        await foreach (var result in classifier.ClassifyAsync(Source(), options))
        {
            Assert.InRange(read - given, 1, room);
            var (expected, answer) = (classifier.Classify(Tiny.Recording((ulong)given), options), result.GetAnswer());
            Assert.Equal(($"r{given}", $"r{given}"), (result.Id, answer.Recording));
            if (backend == ScoringBackend.Compiled)
                Assert.Equal(EcgAnswerJson.Write(expected with { Recording = result.Id }), EcgAnswerJson.Write(answer));
            else
                // In a batch, libtorch may add in another order.
                Assert.Equal(expected.Scores[0].Probability, answer.Scores[0].Probability, 1e-6);
            Assert.Equal(explain, answer.Scores[0].HeatMap is not null);
            given++;
        }
        Assert.Equal((21, 21), (read, given));

        IEnumerable<EcgStreamItem> Source()
        {
            while (read < 21)
            {
                var id = read++;
                yield return new EcgStreamItem($"r{id}", Tiny.Recording((ulong)id));
            }
        }
    }

    [Theory]
    [InlineData(ScoringBackend.Compiled)]
    [InlineData(ScoringBackend.Torch)]
    public async Task Bad_recordings_give_their_errors_in_their_places_and_end_nothing(ScoringBackend backend)
    {
        using var folder = TestData.Folder();
        await using var services = Host(folder, o => (o.BatchSize, o.Backend) = (4, backend));
        var nan = Tiny.Recording(1).MapLeads(samples => samples[3] = float.NaN);
        var items = Enumerable.Range(0, 12).Select(i => i switch
        {
            2 => new EcgStreamItem("2", Tiny.Recording(1, seconds: 1)),
            5 => new EcgStreamItem("5", _ => throw new EcgFormatException("file", null, "nothing", "a recording")),
            6 => new EcgStreamItem("6", nan),
            7 => new EcgStreamItem("7", Tiny.Leads(Tiny.Recording(1), "I", "II")),
            8 => new EcgStreamItem("8", _ => throw new InvalidOperationException("the reader's own")),
            _ => new EcgStreamItem($"{i}", Tiny.Recording((ulong)i)),
        });
        var results = await services.GetRequiredService<IEcgClassifier>().ClassifyAsync(items).ToListAsync();
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), results.Select(r => r.Id));
        Assert.Equal(["2", "5", "6", "7", "8"], results.Where(r => r.Error is not null).Select(r => r.Id));
        Assert.All(results, r => Assert.NotEqual(r.Error is null, r.Answer is null));
        Assert.IsType<SignalMismatchException>(results[2].Error);
        Assert.IsType<EcgFormatException>(results[5].Error);
        Assert.Contains("II", Assert.IsType<SignalMismatchException>(results[7].Error).Message, StringComparison.Ordinal);
        Assert.Equal("the reader's own", Assert.Throws<InvalidOperationException>(results[8].GetAnswer).Message);
    }

    [Fact]
    public async Task What_came_before_the_source_broke_is_still_given()
    {
        using var folder = TestData.Folder();
        await using var services = Host(folder, o => o.BatchSize = 4);
        var given = 0;
        await Assert.ThrowsAsync<EcgFormatException>(async () =>
        {
            await foreach (var _ in services.GetRequiredService<IEcgClassifier>()
                .ClassifyAsync(Items(9).Select((item, i) => i < 6 ? item : throw new EcgFormatException("f", null, "a", "b"))))
                given++;
        });
        Assert.Equal(6, given);
    }

    [Fact]
    public async Task A_stream_can_be_stopped_and_starts_nothing_more()
    {
        using var folder = TestData.Folder();
        await using var services = Host(folder, o => o.BatchSize = 2);
        using var stop = new CancellationTokenSource();
        var (given, read) = (0, 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in services.GetRequiredService<IEcgClassifier>()
                .ClassifyAsync(Enumerable.Range(0, 100).Select(i => new EcgStreamItem($"{i}", token =>
                {
                    Interlocked.Increment(ref read);
                    return ValueTask.FromResult<EcgRecording>(Tiny.Recording(1));
                })), cancellationToken: stop.Token))
                if (++given == 3)
                    stop.Cancel();
        });
        Assert.Equal(3, given);
        Assert.InRange(read, 3, 5);
    }

    [Fact]
    public async Task An_answer_does_not_wait_for_the_recording_after_it()
    {
        using var folder = TestData.Folder();
        await using var services = Host(folder, o => o.Backend = ScoringBackend.Torch);
        var second = new TaskCompletionSource();
        await using var answers = services.GetRequiredService<IEcgClassifier>().ClassifyAsync(Source()).GetAsyncEnumerator();
        Assert.True(await answers.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("1", answers.Current.Id);
        second.SetResult();
        Assert.True(await answers.MoveNextAsync());
        Assert.False(await answers.MoveNextAsync());

        async IAsyncEnumerable<EcgStreamItem> Source([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return new EcgStreamItem("1", Tiny.Recording(1));
            await second.Task.WaitAsync(cancellationToken);
            yield return new EcgStreamItem("2", Tiny.Recording(2));
        }
    }

    [Fact]
    public async Task A_folder_is_a_source_whose_bad_files_are_told_by_name()
    {
        using var folder = TestData.Folder();
        Directory.CreateDirectory(folder["ward/a"]);
        for (var i = 0; i < 3; i++)
            WfdbWriter.Write(folder[i == 1 ? "ward/a" : "ward"], $"r{i}", Tiny.Recording((ulong)i));
        File.WriteAllText(folder["ward/a/broken.hea"], "no header");
        if (!OperatingSystem.IsWindows())
            Directory.CreateSymbolicLink(folder["ward/a/round"], folder["ward"]);
        await using var services = Host(folder);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var results = await classifier.ClassifyAsync(RecordingSource.FromFolder(folder["ward"])).ToListAsync();
        Assert.Equal(["a/broken", "a/r1", "r0", "r2"], results.Select(r => r.Id));
        Assert.Contains("broken", Assert.IsType<EcgFormatException>(results[0].Error).Message, StringComparison.Ordinal);
        Assert.Equal(classifier.Classify(WfdbReader.ReadSignal(folder["ward/r2"])).Scores, results[3].GetAnswer().Scores);
        Assert.Equal(2, RecordingSource.FromFolder(folder["ward"], recursive: false).Count());
        Assert.Contains("nowhere",
            Assert.Throws<EcgFormatException>(() => RecordingSource.FromFolder(folder["nowhere"])).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<EcgStreamItem> Items(int count) =>
        Enumerable.Range(0, count).Select(i => new EcgStreamItem($"{i}", Tiny.Recording((ulong)i)));

    private static ServiceProvider Host(TemporaryFolder folder, Action<ModelOptions>? configure = null) =>
        ClassifierTests.Host(Tiny.Write(folder["m.safetensors"]), configure);
}
