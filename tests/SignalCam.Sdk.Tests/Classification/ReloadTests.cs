using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SignalCam.Abstractions;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Testing;
using TorchSharp;

namespace SignalCam.Sdk.Tests.Classification;

public sealed class ReloadTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly EcgSignal s_recording = Tiny.Recording(1);

    [Fact]
    public async Task A_new_file_takes_over_without_dropping_or_mixing_a_call_and_the_old_model_is_freed()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        // The second model has other classes, so that a mixed call would show.
        var second = Tiny.Write(folder["next.safetensors"], 2, Tiny.Manifest(TaskKind.Multilabel, "a", "b"));
        await using var services = Reloading(path);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        string Result() => string.Join(' ', classifier.Classify(s_recording, explain: true).Scores.Select(s => FormattableString.Invariant($"{s.Class} {s.Probability:R} {s.HeatMap!.Samples.Sum():R}")));
        var old = Result();
        var tensors = torch.Tensor.TotalCount;

        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var seen = new HashSet<string>();
            while (!stop.IsCancellationRequested)
                seen.Add(Result());
            return seen;
        })).ToArray();
        File.Move(second, path, overwrite: true);
        await Until(() => classifier.Classes.Count == 2);
        stop.Cancel();
        var seen = (await Task.WhenAll(callers)).SelectMany(s => s).ToHashSet();
        var fresh = Result();
        Assert.NotEqual(old, fresh);
        Assert.Empty(seen.Except([old, fresh]));

        // Both have the same layers, so the same number of tensors once the first is gone.
        Assert.Equal(tensors, torch.Tensor.TotalCount);
        Assert.Equal(1, Assert.Single(services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Models).Reloads);
    }

    [Fact]
    public async Task A_stream_ends_with_the_model_it_began_with()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        await using var services = Reloading(path, batchSize: 1);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var probabilities = new HashSet<double>();
        await foreach (var result in classifier.ClassifyAsync(Enumerable.Repeat(s_recording, 3)))
        {
            if (probabilities.Add(result.Scores[0].Probability))
            {
                Tiny.Write(path, 2);
                await Until(() => classifier.Classify(s_recording).Scores[0].Probability != result.Scores[0].Probability);
            }
        }
        Assert.Single(probabilities);
    }

    [Fact]
    public async Task A_broken_file_is_logged_once_and_the_old_model_stays_until_a_good_one_comes()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        var logs = new LogList();
        await using var services = Reloading(path, logs: logs);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var old = classifier.Classify(s_recording).Scores[0].Probability;
        File.WriteAllText(folder["broken"], "this is no model");
        File.Move(folder["broken"], path, overwrite: true);
        await Until(() => !logs.Errors.IsEmpty);
        await Task.Delay(100);
        Assert.Equal(old, classifier.Classify(s_recording).Scores[0].Probability);
        Assert.Contains("test", Assert.Single(logs.Errors), StringComparison.Ordinal);
        Assert.Contains("m.safetensors", Assert.Single(services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Problems), StringComparison.Ordinal);

        Tiny.Write(path, 2);
        await Until(() => classifier.Classify(s_recording).Scores[0].Probability != old);
        Assert.Empty(services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Problems);
    }

    [Fact]
    public async Task Without_being_asked_to_nothing_is_reloaded_and_a_disposed_host_frees_its_models()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        var tensors = torch.Tensor.TotalCount;
        IEcgClassifier classifier;
        await using (var services = ClassifierTests.Host(path))
        {
            classifier = services.GetRequiredService<IEcgClassifier>();
            var old = classifier.Classify(s_recording).Scores[0].Probability;
            Tiny.Write(path, 2);
            await Task.Delay(100);
            Assert.Equal(old, classifier.Classify(s_recording).Scores[0].Probability);
        }
        Assert.Throws<ObjectDisposedException>(() => classifier.Classify(s_recording));
        Assert.Equal(tensors, torch.Tensor.TotalCount);
    }

    private static ServiceProvider Reloading(string path, int batchSize = 32, LogList? logs = null)
    {
        var services = new ServiceCollection();
        if (logs is not null)
            services.AddSingleton<ILoggerProvider>(logs);
        return services.AddSignalCam(o => o.Device = "cpu")
            .AddModel("test", path, o => (o.ReloadOnChange, o.ReloadInterval, o.BatchSize) = (true, TimeSpan.FromMilliseconds(20), batchSize))
            .Services.BuildServiceProvider();
    }

    private static async Task Until(Func<bool> happened)
    {
        for (var start = DateTime.UtcNow; !happened(); await Task.Delay(10))
            Assert.True(DateTime.UtcNow - start < s_patience, "it did not happen in time");
    }
}
