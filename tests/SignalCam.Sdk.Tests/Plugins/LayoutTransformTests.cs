using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Core.Signals;
using SignalCam.Core.Synthetic;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch.Training;

namespace SignalCam.Sdk.Tests.Plugins;

/// <summary>Leads and rate that are changed by the preprocessing, from training to an answer.</summary>
public sealed class LayoutTransformTests
{
    private static readonly string[] s_leads = ["I", "III", "V2"];

    [Fact]
    public async Task A_model_trained_from_500_Hz_by_resampling_and_filtering_takes_recordings_of_any_rate()
    {
        using var folder = TestData.Folder();
        var path = folder["model.safetensors"];
        await using (var services = new ServiceCollection().AddSignalCam(o => o.Device = "cpu")
            .AddDataset("fast", _ => new FastDataset()).AddTask("odd", _ => new OddTask()).Services.BuildServiceProvider())
            await services.GetRequiredService<ITrainingService>().TrainAsync(new TrainingRequest
            {
                ModelPath = path,
                Dataset = new ComponentSpec("fast"),
                Task = new ComponentSpec("odd"),
                Options = new TrainingOptions
                {
                    Preprocessing =
                    [
                        new("select-leads", new JsonObject { ["leads"] = new JsonArray("I", "III", "V2") }), new("resample"),
                        new("band-pass"), new("median-baseline"), new("fixed-scale"),
                    ],
                    Augmentation = [],
                    Epochs = 1,
                    BatchSize = 16,
                },
            });

        // The model takes what the recordings became.
        var file = ModelFile.Load(path);
        Assert.Equal(new SignalLayout(s_leads, 500, 100), file.Manifest.Layout);
        Assert.Equal("""{"low":0.5,"high":40,"order":2,"zeroPhase":true}""", file.Manifest.Preprocessing[2].Options!.ToJsonString());
        using var model = ScoringModel.Create(file);
        var recording = FastDataset.Recording(3);
        var answer = model.Classify(recording);
        Assert.Equal("compiled", answer.Backend);
        var adapted = Resampler.Resample(LeadMap.Select(recording, s_leads), 100);
        Assert.Equal(answer.Scores[0].Logit, model.Classify(adapted).Scores[0].Logit);

        // TorchSharp gets the same input.
        await using var host = new ServiceCollection().AddSignalCam(o => o.Device = "cpu")
            .AddModel("torch", path, o => o.Backend = ScoringBackend.Torch).Services.BuildServiceProvider();
        Assert.Equal(answer.Scores[0].Logit, host.GetRequiredService<IEcgClassifier>().Classify(recording).Scores[0].Logit, 1e-4f);
    }

    private sealed class FastDataset : IEcgDataset
    {
        public string Name => "fast";

        public IReadOnlyList<EcgEntry> Entries { get; } =
            [.. Enumerable.Range(0, 40).Select(i => new EcgEntry { Id = i.ToString(CultureInfo.InvariantCulture), Fold = i % 10 + 1 })];

        public static EcgSignal Recording(int i) =>
            SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 500, Seconds = 5 }, new EcgRandom((ulong)i)).Signal;

        public ValueTask<EcgSignal> ReadAsync(EcgEntry entry, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Recording(int.Parse(entry.Id, CultureInfo.InvariantCulture)));
    }

    private sealed class OddTask : IEcgTask
    {
        public string Name => "odd";

        public IReadOnlyList<string> Classes { get; } = ["odd"];

        public TaskKind Kind => TaskKind.Binary;

        public bool TryGetTarget(EcgEntry entry, Span<float> target)
        {
            target[0] = entry.Fold is { } fold ? (int.Parse(entry.Id, CultureInfo.InvariantCulture) + fold / 2) % 2 : 0;
            return true;
        }
    }
}
