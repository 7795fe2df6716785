using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Scoring;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Pretrained;
using SignalCam.Sdk.Tests.Plugins;
using SignalCam.Testing;

namespace SignalCam.Sdk.Tests.Pretrained;

/// <summary>AddSignalCam() is the whole set-up: what a host classifies with that says nothing of models, and what wins over it.</summary>
public sealed class DefaultModelTests
{
    [Fact]
    public async Task A_host_with_nothing_but_AddSignalCam_classifies_and_explains()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSignalCam();
        using var host = builder.Build();
        await host.StartAsync();
        var classifier = host.Services.GetRequiredService<IEcgClassifier>();
        var recording = Tiny.Recording(1, samplingRate: 500, seconds: 10);

        var result = classifier.Classify(recording, new ClassifyOptions { Explain = true });

        Assert.Equal(("normal-abnormal", "abnormal"), (classifier.Name, Assert.Single(result.Scores).Class));
        Assert.Equal(1000, result.Scores[0].HeatMap!.Samples.Length);
        Assert.Equal(result["abnormal"].Probability,
            host.Services.GetRequiredKeyedService<IEcgClassifier>("Normal-Abnormal").Classify(recording)["abnormal"].Probability);
        await host.StopAsync();
    }

    [Fact]
    public void Its_scores_are_those_of_the_file_in_the_repository()
    {
        var path = Path.Combine(TestData.Root, "src/SignalCam.Sdk/Pretrained/normal-abnormal.safetensors");
        using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu").Services.BuildServiceProvider();
        using var torch = new ServiceCollection().AddSignalCam(o => o.Device = "cpu")
            .AddModel("file", path, o => o.Backend = ScoringBackend.Torch).Services.BuildServiceProvider();
        var (recording, explain) = (Tiny.Recording(2, seconds: 10), new ClassifyOptions { Explain = true });
        var (answer, expected) = (services.GetRequiredService<IEcgClassifier>()
            .Classify(recording, explain), torch.GetRequiredService<IEcgClassifier>().Classify(recording, explain));
        Assert.Equal((expected.ModelSha256, "compiled", "torch cpu"), (answer.ModelSha256, answer.Backend, expected.Backend));
        // The host scores without torch: other sums, so other rounding.
        Assert.Equal(expected.Scores[0].Logit, answer.Scores[0].Logit, 1e-4);
        Assert.Equal(expected.Scores[0].Probability, answer.Scores[0].Probability, 1e-5);
        Assert.All(expected.Scores[0].HeatMap!.Samples.Zip(answer.Scores[0].HeatMap!.Samples),
            pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [SkippableFact]
    public void It_tells_real_recordings_that_are_normal_from_infarctions_without_any_setting()
    {
        const int Each = 40;
        var dataset = PtbXlDataset.Open(TestData.PtbXl());
        using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var classifier = services.GetRequiredService<IEcgClassifier>();
        // Fold 8, of which any training here knows the labels: this says that the weights work in a host, not how well.
        var (normal, infarction) = (Mean("NORM"), Mean("IMI"));
        Assert.True(infarction - normal > 0.2, $"mean probability of abnormal: {normal:F3} normal, {infarction:F3} inferior infarction");

        double Mean(string statement) => dataset.Entries
            .Where(e => e.Fold == 8 && e.Statements.Contains(new Statement(statement, 100))).Take(Each)
            .Average(e => classifier.Classify(WfdbReader.ReadSignal(Path.Combine(dataset.Folder, e.FilenameLr!)))["abnormal"].Probability);
    }

    [Fact]
    public async Task Concurrent_callers_get_what_one_gets()
    {
        await using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu").AddPretrainedModel("normal-abnormal")
            .AddPretrainedModel("super").Services.BuildServiceProvider();
        EcgSignal[] recordings = [.. Enumerable.Range(0, 12).Select(i => Tiny.Recording((ulong)i, seconds: 10))];
        foreach (var name in (string[])["normal-abnormal", "super"])
        {
            // The first call of all is one of many: the weights are read once.
            var classifier = services.GetRequiredKeyedService<IEcgClassifier>(name);
            var together = await Task.WhenAll(Enumerable.Range(0, 8 * recordings.Length).Select(i =>
                Task.Run(() => classifier.Classify(recordings[i % recordings.Length]).Scores.Select(s => s.Probability).ToArray())));
            double[][] alone = [.. recordings.Select(r => classifier.Classify(r).Scores.Select(s => s.Probability).ToArray())];
            Assert.All(together.Index(), result => Assert.Equal(alone[result.Index % recordings.Length], result.Item));
        }
    }

    [Fact]
    public void A_model_of_the_host_takes_its_place()
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["ward.safetensors"]);
        using var added = new ServiceCollection().AddSignalCam().AddModel("ward", path).Services.BuildServiceProvider();
        Assert.Equal(["ward"], added.GetRequiredService<IEcgClassifiers>().Names);
        Assert.Equal("ward", added.GetRequiredService<IEcgClassifier>().Name);

        using var configured = new ServiceCollection()
            .AddSignalCam(Settings(("SignalCam:Models:ward:Path", path))).Services.BuildServiceProvider();
        Assert.Equal(["ward"], configured.GetRequiredService<IEcgClassifiers>().Names);

        var own = new OwnClassifier();
        using var registered = new ServiceCollection().AddSingleton<IEcgClassifier>(own).AddSignalCam().Services.BuildServiceProvider();
        Assert.Same(own, registered.GetRequiredService<IEcgClassifier>());
    }

    [Fact]
    public void Other_weights_that_come_with_the_SDK_are_added_by_name_or_in_the_configuration()
    {
        string[] classes = ["NORM", "MI", "STTC", "CD", "HYP"];
        using var added = new ServiceCollection().AddSignalCam().AddPretrainedModel("super").Services
            .BuildServiceProvider(EntryTests.Strict);
        Assert.Equal(classes, added.GetRequiredService<IEcgClassifier>().Classes);
        using var configured = new ServiceCollection()
            .AddSignalCam(Settings(("SignalCam:Models:five:Pretrained", "Super"), ("SignalCam:Models:two:Pretrained", "normal-abnormal"),
                ("SignalCam:DefaultModel", "five")))
            .Services.BuildServiceProvider(EntryTests.Strict);
        Assert.Equal(classes, configured.GetRequiredService<IEcgClassifier>().Classes);
        Assert.Equal(["abnormal"], configured.GetRequiredKeyedService<IEcgClassifier>("two").Classes);
    }

    [Fact]
    public async Task The_health_check_says_which_weights_they_are()
    {
        var services = new ServiceCollection();
        services.AddSignalCam(o => o.Device = "cpu");
        services.AddHealthChecks().AddCheck<SignalCamHealthCheck>("signalcam");
        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        var hash = PretrainedModels.Get("normal-abnormal").Sha256;
        Assert.Equal($"pretrained normal-abnormal ({hash[..12]}), not loaded yet",
            report.Entries["signalcam"].Data["model normal-abnormal"]);
    }

    [Fact]
    public async Task Explanations_need_no_model_file()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "patient", Tiny.Recording(4, seconds: 10));
        await using var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu").Services.BuildServiceProvider();
        var service = services.GetRequiredService<IClassificationService>();
        var explain = new ClassifyOptions { Explain = true };
        var plain = await service.ClassifyAsync(new ClassificationRequest { Files = [folder["patient"]], Options = explain }).SingleAsync();
        var five =
            await service.ClassifyAsync(new ClassificationRequest { Files = [folder["patient"]], Pretrained = "super", Options = explain })
                .SingleAsync();
        Assert.Equal((1, 5),
            (plain.GetAnswer().Scores.Count(s => s.HeatMap is not null), five.GetAnswer().Scores.Count(s => s.HeatMap is not null)));
        var e =
            await Assert.ThrowsAsync<PluginException>(
                async () => await service.ClassifyAsync(new ClassificationRequest { Files = [folder["patient"]], Pretrained = "joint" })
                    .SingleAsync());
        Assert.StartsWith("no weights called 'joint' come with the SDK; there are: all, diag", e.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();

    private sealed class OwnClassifier : IEcgClassifier
    {
        public string Name => "own";

        public IReadOnlyList<string> Classes => ["any"];

        public SignalLayout Input => new(SignalLayout.StandardLeads, 1000, 100);

        public string Sha256 => "";

        public string Task => "any";

        public EcgClassification Classify(
            EcgRecording recording, ClassifyOptions? options = null, CancellationToken cancellationToken = default) =>
                throw new NotSupportedException();

        public IAsyncEnumerable<EcgStreamAnswer> ClassifyAsync(
            IAsyncEnumerable<EcgStreamItem> recordings, ClassifyOptions? options = null, CancellationToken cancellationToken = default) =>
                throw new NotSupportedException();

        public EcgView View(EcgRecording recording) => throw new NotSupportedException();
    }
}
