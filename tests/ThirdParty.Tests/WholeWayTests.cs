using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;
using SignalCam.Core.Synthetic;
using SignalCam.Sdk;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch.Training;
using ThirdParty.Tests.Architectures;
using ThirdParty.Tests.Augmentations;
using ThirdParty.Tests.Datasets;
using ThirdParty.Tests.Explainers;
using ThirdParty.Tests.Heads;
using ThirdParty.Tests.Metrics;
using ThirdParty.Tests.Tasks;
using ThirdParty.Tests.Transforms;

namespace ThirdParty.Tests;

/// <summary>
/// A plug-in of each kind, all the way: registered, trained for an epoch, saved, loaded by another host, scored, explained.
/// </summary>
public sealed class WholeWayTests
{
    [Fact]
    public async Task An_outsiders_plug_ins_of_every_kind_work_together()
    {
        using var folder = TestData.Folder();
        WriteCsv(folder.Path, 60);
        var model = folder["rate.safetensors"];
        await using (var services = Register(new ServiceCollection()).Services.BuildServiceProvider())
        {
            var trained = await services.GetRequiredService<ITrainingService>().TrainAsync(new TrainingRequest
            {
                ModelPath = model,
                Dataset = new ComponentSpec("csv"),
                Task = new ComponentSpec("rate"),
                Options = new TrainingOptions
                {
                    Architecture = new ComponentSpec("small-cnn", new JsonObject { ["width"] = 6 }),
                    Head = new ComponentSpec("focal"),
                    Preprocessing = [new ComponentSpec("detrend"), new ComponentSpec("clip")],
                    Augmentation = [new ComponentSpec("mains-hum", new JsonObject { ["probability"] = 1 })],
                    Epochs = 1,
                    BatchSize = 16,
                },
            });
            Assert.True(double.IsFinite(Assert.Single(trained.Result.Epochs).TrainLoss));
            var evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(
                new EvaluationRequest { ModelPath = model, Dataset = new ComponentSpec("csv"), Folds = FoldSet.Parse("9-10") });
            Assert.InRange(evaluated.Metrics["worst-recall"]!.Value, 0, 1);
        }

        var manifest = ModelFile.Load(model).Manifest;
        Assert.Equal("""{"width":6}""", manifest.Architecture.Options!.ToJsonString());
        Assert.Equal("""{"gamma":2}""", manifest.Head.Options!.ToJsonString());
        Assert.Equal("""{"millivolt":2.5}""", manifest.Preprocessing[1].Options!.ToJsonString());

        await using var host = Register(new ServiceCollection())
            .AddModel("cam", model).AddModel("hidden-parts", model, o => o.Explainer = new ComponentSpec("hidden-parts"))
            .Services.BuildServiceProvider();
        var recording = Recording(2);
        var cam = host.GetRequiredKeyedService<IEcgClassifier>("cam").Classify(recording, new() { Explain = true });
        var hidden = host.GetRequiredKeyedService<IEcgClassifier>("hidden-parts").Classify(recording, new() { Explain = true });
        Assert.Equal(["slow", "normal", "fast"], cam.Scores.Select(s => s.Class));
        Assert.Equal(1, cam.Scores.Sum(s => s.Probability), 1e-6);
        Assert.Single(cam.Scores, s => s.Decision == ClassDecision.Present);
        Assert.Equal(cam.Scores.Select(s => s.Logit), hidden.Scores.Select(s => s.Logit));
        Assert.All(cam.Scores.Concat(hidden.Scores), s => Assert.Equal(recording.Length, s.HeatMap!.Samples.Length));
        Assert.All(hidden.Scores, s => Assert.Equal(20, s.HeatMap!.Cells.Length));
        // Exact maps of one recording differ from their logits by the same biases as those of another.
        var other = host.GetRequiredKeyedService<IEcgClassifier>("cam").Classify(Recording(3), new() { Explain = true });
        Assert.All(cam.Scores.Zip(other.Scores), pair => Assert.Equal(
            pair.First.Logit - pair.First.HeatMap!.Cells.Average(), pair.Second.Logit - pair.Second.HeatMap!.Cells.Average(), 1e-4));

        ISignalCamBuilder Register(IServiceCollection services) => services.AddSignalCam(o => o.Device = "cpu")
            .AddDataset<CsvDataset, CsvDatasetOptions>("csv", o => o.Folder = folder.Path)
            .AddTask<RateTask>("rate")
            .AddTransform<Clip, ClipOptions>("clip", o => o.Millivolt = 2.5f)
            .AddAugmentation<MainsHum, MainsHumOptions>("mains-hum")
            .AddArchitecture<SmallCnnOptions>("small-cnn", (input, options) => new SmallCnn(input.LeadCount, options))
            .AddHead<FocalOptions>("focal", TaskKind.Multiclass, (channels, classes, options) => new FocalHead(channels, classes, options))
            .AddExplainer<HiddenParts, HiddenPartsOptions>("hidden-parts")
            .AddMetric<WorstRecall>("worst-recall");
    }

    private static EcgSignal Recording(int i) => SyntheticEcg.Generate(
        new SyntheticOptions { Seconds = 2, HeartRate = (i % 3) switch { 0 => 40, 1 => 75, _ => 150 } }, new EcgRandom((ulong)i)).Signal;

    private static void WriteCsv(string folder, int count)
    {
        var labels = new[] { "slow", "normal", "fast" };
        File.WriteAllLines(Path.Combine(folder, "index.csv"), ["id,patient,fold,label",
            .. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"{i},p{i},{i / 3 % 10 + 1},{labels[i % 3]}"))]);
        for (var i = 0; i < count; i++)
        {
            var signal = Recording(i);
            File.WriteAllLines(Path.Combine(folder, $"{i}.csv"), [string.Join(',', signal.Leads),
                .. Enumerable.Range(0, signal.Length)
                    .Select(t => string.Join(',', Enumerable.Range(0, signal.Layout.LeadCount)
                        .Select(lead => signal.Lead(lead)[t].ToString(CultureInfo.InvariantCulture))))]);
        }
    }
}
