using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SignalCam.Abstractions;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Classification;

public sealed class ReloadTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly EcgSignal s_recording = Tiny.Recording(1);

    [Fact]
    public async Task A_new_file_takes_over_without_dropping_or_mixing_a_call()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        // The second model has other classes, so that a mixed call would show.
        var second = Tiny.Write(folder["next.safetensors"], 2, Tiny.Manifest(TaskKind.Multilabel, "a", "b"));
        await using var services = Reloading(path, allowContractChange: true);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        string Result() =>
            string.Join(' ', classifier.Classify(s_recording, new ClassifyOptions { Explain = true }).Scores
                .Select(s => FormattableString.Invariant($"{s.Class} {s.Probability:R} {s.HeatMap!.Samples.Sum():R}")));
        var old = Result();
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
        await foreach (var result in classifier.ClassifyAsync(Enumerable.Range(0, 3).Select(i => new EcgStreamItem($"{i}", s_recording))))
        {
            var found = result.GetAnswer().Scores[0].Probability;
            if (probabilities.Add(found))
            {
                Tiny.Write(path, 2);
                await Until(() => classifier.Classify(s_recording).Scores[0].Probability != found);
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
        Assert.Contains("m.safetensors",
            Assert.Single(services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Problems), StringComparison.Ordinal);

        Tiny.Write(path, 2);
        await Until(() => classifier.Classify(s_recording).Scores[0].Probability != old);
        Assert.Empty(services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Problems);
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused_logged_and_told_by_the_health_check_until_a_fitting_one_comes()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
        var logs = new LogList();
        await using var services = Reloading(path, logs: logs);
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var (old, sha256) = (classifier.Classify(s_recording).Scores[0].Probability, classifier.Sha256);
        foreach (var (other, change) in new[]
        {
            (Tiny.Manifest() with { Classes = ["sick"] }, "classes sick instead of abnormal"),
            (Tiny.Manifest() with { Task = "other" }, "task other (Binary) instead of test (Binary)"),
            (Tiny.Manifest() with { Length = 300 }, "input 12 leads x 300 samples at 100 Hz instead of 12 leads x 200 samples at 100 Hz"),
        })
        {
            Tiny.Write(path, 2, other);
            await Until(() => services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Problems
                .Any(p => p.Contains(change, StringComparison.Ordinal)));
            Assert.Contains(logs.Errors,
                e => e.Contains(change, StringComparison.Ordinal) && e.Contains("AllowContractChange", StringComparison.Ordinal));
            Assert.Equal((old, sha256), (classifier.Classify(s_recording).Scores[0].Probability, classifier.Sha256));
        }
        Tiny.Write(path, 2);
        await Until(() => classifier.Sha256 != sha256);
        Assert.Empty(services.GetRequiredService<SignalCamDiagnostics>().GetStatus().Problems);
    }

    [Fact]
    public async Task Without_being_asked_to_nothing_is_reloaded_and_a_disposed_host_answers_no_more()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"]);
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
    }

    [Fact]
    public async Task A_model_goes_with_its_last_user_also_where_a_stream_is_left_half_read()
    {
        using var folder = TestData.Folder();
        await using var services = ClassifierTests.Host(Tiny.Write(folder["m.safetensors"]));
        var telemetry = services.GetRequiredService<Telemetry>();
        var options = new ModelOptions { Path = folder["m.safetensors"] };
        using var slot = new ModelSlot("own", options, services.GetRequiredService<ModelLoader>(), telemetry, NullLogger.Instance);
        using var classifier = new EcgClassifier("own", slot, telemetry);
        var model = slot.Enter();
        await foreach (var _ in classifier.ClassifyAsync(Enumerable.Range(0, 50).Select(i => new EcgStreamItem($"{i}", s_recording))))
            break;
        slot.Dispose();
        Assert.True(model.TryEnter());
        model.Leave();
        model.Leave();
        Assert.False(model.TryEnter());
    }

    private static ServiceProvider Reloading(string path, int batchSize = 32, LogList? logs = null, bool allowContractChange = false)
    {
        var services = new ServiceCollection();
        if (logs is not null)
            services.AddSingleton<ILoggerProvider>(logs);
        return services.AddSignalCam(o => o.Device = "cpu")
            .AddModel(
                "test", path,
                o => (o.ReloadOnChange, o.ReloadInterval, o.BatchSize, o.AllowContractChange) = (
                    true, TimeSpan.FromMilliseconds(20), batchSize, allowContractChange))
            .Services.BuildServiceProvider();
    }

    private static async Task Until(Func<bool> happened)
    {
        for (var start = DateTime.UtcNow; !happened(); await Task.Delay(10))
            Assert.True(DateTime.UtcNow - start < s_patience, "it did not happen in time");
    }
}
