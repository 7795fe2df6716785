using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

public sealed class StressTests
{
    private const int Threads = 16;
    private const int Calls = 2000;

    [Fact]
    public async Task Sixteen_threads_and_two_models_give_what_one_thread_gives()
    {
        using var folder = TestData.Folder();
        await using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu")
            .AddModel("one", Tiny.Write(folder["1.safetensors"]))
            .AddModel("two", Tiny.Write(folder["2.safetensors"], 2, Tiny.Manifest(TaskKind.Multilabel, "a", "b", "c")))
            .Services.BuildServiceProvider();
        var classifiers = new[]
        {
            services.GetRequiredKeyedService<IEcgClassifier>("one"), services.GetRequiredKeyedService<IEcgClassifier>("two"),
        };
        var recordings = Enumerable.Range(0, 25).Select(i => Tiny.Recording((ulong)i)).ToArray();
        string[] Expected(IEcgClassifier classifier) =>
            [.. recordings.Select((r, i) => Text(classifier.Classify(r, new ClassifyOptions { Explain = i % 2 == 0 })))];
        var expected = classifiers.Select(Expected).ToArray();

        var next = -1;
        var different = 0;
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            for (var call = Interlocked.Increment(ref next); call < Calls; call = Interlocked.Increment(ref next))
            {
                var (model, recording) = (call % 2, call / 2 % recordings.Length);
                if (Text(classifiers[model].Classify(recordings[recording], new ClassifyOptions { Explain = recording % 2 == 0 }))
                    != expected[model][recording])
                    Interlocked.Increment(ref different);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        Assert.Equal(0, different);
        Assert.Equal(Calls + Threads - 1, next);
    }

    /// <summary>Every bit of a result: round-trip numbers of scores and of the maps.</summary>
    private static string Text(EcgClassification result) => string.Join(';', result.Scores.Select(s =>
        string.Create(CultureInfo.InvariantCulture,
            $"{s.Class} {s.Probability:R} {s.Logit:R} {s.Decision} "
            + $"{string.Join(',', s.HeatMap is { } map ? map.Samples.Select(BitConverter.SingleToInt32Bits) : [])}")));
}
