using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Tests.Classification;

public sealed class ClassifierTests
{
    [Fact]
    public async Task A_host_classifies_and_explains_a_WFDB_recording_in_six_lines()
    {
        using var folder = TestData.Folder();
        var (modelPath, recordPath, printed) = (Tiny.Write(folder["m.safetensors"]), folder["patient"], new List<string>());
        WfdbWriter.Write(folder.Path, "patient", Tiny.Recording(1));
        await using var services = new ServiceCollection().AddSignalCam().AddModel("ward", modelPath).Services.BuildServiceProvider();

        // begin: six lines
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var recording = await WfdbReader.ReadSignalAsync(recordPath);
        var result = classifier.Classify(recording, new() { Explain = true });
        foreach (var score in result.Scores)
            printed.Add($"{score.Class}: {score.Probability:P0}, {score.Decision}, strongest at "
                + $"{score.HeatMap!.Samples.IndexOf(score.HeatMap.Samples.Max())}");
        // end

        Assert.StartsWith("abnormal: ", Assert.Single(printed), StringComparison.Ordinal);
        var source = File.ReadAllText(Path.Combine(TestData.Root, "tests/SignalCam.Sdk.Tests/Classification/ClassifierTests.cs"));
        var lines = source.Split("// begin: six lines\n")[1].Split("// end")[0].Split('\n').Count(l => l.Trim().Length > 0);
        Assert.InRange(lines, 1, 6);
    }

    [Theory]
    [InlineData(TaskKind.Binary, new[] { "abnormal" }, ScoringBackend.Auto, 1e-4)]
    [InlineData(TaskKind.Multilabel, new[] { "MI", "CD", "HYP" }, ScoringBackend.Compiled, 1e-4)]
    [InlineData(TaskKind.Multiclass, new[] { "slow", "normal", "fast" }, ScoringBackend.Compiled, 1e-4)]
    [InlineData(TaskKind.Multiclass, new[] { "slow", "normal", "fast" }, ScoringBackend.Torch, 1e-7)]
    public void Scores_and_maps_are_those_of_the_network(TaskKind kind, string[] classes, ScoringBackend backend, double tolerance)
    {
        using var folder = TestData.Folder();
        var path = Tiny.Write(folder["m.safetensors"], manifest: Tiny.Manifest(kind, classes));
        using var services = Host(path, o => o.Backend = backend);
        using var model = EcgModel.Load(path, new SignalCamComponents(), "cpu");
        var recording = Tiny.Recording(3);
        var expected = model.Run(model.Prepare(recording).Samples.ToArray(), 1, CamKind.Exact);

        var classifier = services.GetRequiredService<IEcgClassifier>();
        var (plain, explained) = (classifier.Classify(recording), classifier.Classify(recording, new ClassifyOptions { Explain = true }));
        Assert.Equal(classes, plain.Scores.Select(s => s.Class));
        Assert.All(expected.Probabilities.Zip(plain.Scores), pair => Assert.Equal(pair.First, pair.Second.Probability, tolerance));
        Assert.All(expected.Logits.Zip(plain.Scores), pair => Assert.Equal(pair.First, pair.Second.Logit, tolerance));
        Assert.All(plain.Scores, s => Assert.Null(s.HeatMap));
        Assert.Equal(plain.Scores, explained.Scores.Select(s => s with { HeatMap = null }));
        for (var c = 0; c < classes.Length; c++)
        {
            var map = explained.Scores[c].HeatMap!;
            Assert.Equal(0, expected.Map(0, c).ToArray().Zip(map.Cells, (a, b) => Math.Abs(a - b)).Max(), tolerance);
            Assert.Equal((200, "cam", CamKind.Exact, HeatMapSign.ForAndAgainst, HeatMapUnits.Logit),
                (map.Samples.Length, map.Method, map.Kind!.Value, map.Sign, map.Unit));
            Assert.InRange(map.CompletenessError!.Value, 0, 1e-5);
        }
        if (kind == TaskKind.Multiclass)
            Assert.Equal(expected.Probabilities.Index().MaxBy(p => p.Item).Index,
                plain.Scores.Index().Single(s => s.Item.Decision == ClassDecision.Present).Index);
        Assert.Same(plain.Scores[^1], plain[classes[^1].ToUpperInvariant()]);
    }

    [Fact]
    public void Calibration_and_thresholds_of_the_model_file_are_applied()
    {
        using var folder = TestData.Folder();
        var manifest = Tiny.Manifest(TaskKind.Multilabel, "a", "b") with { Calibration = [new(0.5, 1), new(2, -1)], Thresholds = [0, 1] };
        using var services = Host(Tiny.Write(folder["m.safetensors"], manifest: manifest));
        var scores = services.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(3)).Scores;
        for (var c = 0; c < 2; c++)
            Assert.Equal(1 / (1 + Math.Exp(-manifest.Calibration[c].Apply(scores[c].Logit))), scores[c].Probability, 1e-6);
        Assert.Equal([ClassDecision.Present, ClassDecision.Absent], scores.Select(s => s.Decision));
        Assert.Equal([0, 1], scores.Select(s => s.Threshold));
    }

    [Fact]
    public void Multiclass_calibration_goes_through_the_softmax()
    {
        using var folder = TestData.Folder();
        var manifest = Tiny.Manifest(TaskKind.Multiclass, "a", "b") with { Calibration = [new(0, 100), new(0, 101)] };
        using var services = Host(Tiny.Write(folder["m.safetensors"], manifest: manifest));
        var scores = services.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(3)).Scores;
        Assert.Equal(1 / (1 + Math.E), scores[0].Probability, 1e-6);
        Assert.Equal([ClassDecision.Absent, ClassDecision.Present], scores.Select(s => s.Decision));
    }

    [Fact]
    public void Eight_leads_at_500_Hz_give_nearly_what_twelve_at_100_Hz_give()
    {
        using var folder = TestData.Folder();
        using var services = Host(Tiny.Write(folder["m.safetensors"]));
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var fine = Tiny.Recording(5, samplingRate: 500);
        var eight = Tiny.Leads(fine, "V6", "V5", "V4", "V3", "V2", "V1", "II", "I");
        Assert.Equal(classifier.Classify(Resampler.Resample(fine, 100)).Scores[0].Probability,
            classifier.Classify(eight).Scores[0].Probability, 1e-3);
    }

    [Fact]
    public void A_recording_that_cannot_be_mapped_is_refused_by_what_it_lacks()
    {
        using var folder = TestData.Folder();
        using var services = Host(Tiny.Write(folder["m.safetensors"]));
        var classifier = services.GetRequiredService<IEcgClassifier>();
        var lead = Assert.Throws<SignalMismatchException>(
            () => classifier.Classify(Tiny.Leads(Tiny.Recording(1), "I", "II", "V1", "V2", "V3", "V4", "V5")));
        Assert.Equal(["V6"], lead.MissingLeads);
        var length = Assert.Throws<SignalMismatchException>(() => classifier.Classify(Tiny.Recording(1, seconds: 3)));
        Assert.Contains("300", length.Message, StringComparison.Ordinal);
        using var cropping = Host(folder["m.safetensors"], o => o.Length = LengthPolicy.Crop);
        Assert.Single(cropping.GetRequiredService<IEcgClassifier>().Classify(Tiny.Recording(1, seconds: 3)).Scores);
    }

    [Fact]
    public void Models_are_found_by_name_and_the_default_one_without()
    {
        using var folder = TestData.Folder();
        var (one, two) = (Tiny.Write(folder["1.safetensors"]),
            Tiny.Write(folder["2.safetensors"], 2, Tiny.Manifest(TaskKind.Multilabel, "a", "b")));
        using var services = new ServiceCollection().AddSignalCam(o => o.DefaultModel = "icu").AddModel("ward", one)
            .AddModel("icu", two).Services.BuildServiceProvider();
        Assert.Equal("ward", services.GetRequiredKeyedService<IEcgClassifier>("Ward").Name);
        Assert.Equal(["a", "b"], services.GetRequiredService<IEcgClassifier>().Classes);
        Assert.Equal(["icu", "ward"], services.GetRequiredService<IEcgClassifiers>().Names);
        Assert.Contains("icu, ward",
            Assert.Throws<PluginException>(() => services.GetRequiredKeyedService<IEcgClassifier>("er")).Message, StringComparison.Ordinal);

        using var undecided = new ServiceCollection().AddSignalCam().AddModel("ward", one)
            .AddModel("icu", two).Services.BuildServiceProvider();
        Assert.Contains("icu, ward",
            Assert.Throws<PluginException>(() => undecided.GetRequiredService<IEcgClassifier>()).Message, StringComparison.Ordinal);
    }

    internal static ServiceProvider Host(string path, Action<ModelOptions>? configure = null) =>
        new ServiceCollection().AddSignalCam(o => o.Device = "cpu").AddModel("test", path, configure).Services.BuildServiceProvider();
}
