using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Runs;

namespace SignalCam.Sdk.Tests.Services;

public sealed class ServiceTests
{
    [Theory]
    [InlineData("normal-abnormal", TaskKind.Binary, 1)]
    [InlineData("super", TaskKind.Multilabel, 5)]
    public async Task A_task_is_trained_evaluated_and_explained_on_a_registered_dataset(string task, TaskKind kind, int classes)
    {
        using var folder = TestData.Folder();
        await using var services = Host();
        var progress = new Reports<TrainingServiceProgress>();
        var trained = await services.GetRequiredService<ITrainingService>().TrainAsync(Request(folder["m.safetensors"], task), progress);
        Assert.Equal((task, kind, 2), (trained.Task.Name, trained.Task.Kind, trained.Result.Epochs.Count));
        Assert.True(File.Exists(trained.ModelPath) && File.Exists(trained.LastPath));
        Assert.Equal(Enum.GetValues<TrainingPhase>(), progress.All.Select(p => p.Phase).Distinct());
        Assert.All(progress.All.GroupBy(p => p.Phase), phase => Assert.Equal(phase.Last().Total, phase.Last().Done));

        var manifest = ModelFile.Load(trained.ModelPath).Manifest;
        Assert.NotNull(manifest.LabelPolicy);
        Assert.Equal(("synthetic", "1-8", "9"),
            ((string?)manifest.Training!["dataset"], (string?)manifest.Training["train_folds"], (string?)manifest.Training["valid_folds"]));
        Assert.Equal("""{"channels":[4,6],"firstKernel":11,"kernel":7,"negativeSlope":0.1}""",
            manifest.Architecture.Options!.ToJsonString());

        var evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(
            new EvaluationRequest { ModelPath = trained.ModelPath, Dataset = Synthetic, Folds = FoldSet.Parse("9-10") });
        Assert.Equal(["accuracy", "average-precision", "brier", "f1", "roc-auc"], evaluated.Metrics.Keys);
        var area = evaluated.Figures.Overall[classes == 1 ? FigureNames.RocAuc : FigureNames.MacroRocAuc];
        Assert.Equal(area.Value!.Value, evaluated.Metrics["ROC-AUC"]!.Value, 1e-12);
        Assert.Equal(evaluated.Recordings.Used, evaluated.Evaluation.Predictions.Entries.Count);

        var explained = await services.GetRequiredService<IClassificationService>().ClassifyAsync(
            new ClassificationRequest
            {
                ModelPath = trained.ModelPath,
                Dataset = Synthetic,
                Ids = ["3", "1"],
                Options = new() { Explain = true },
            }).ToListAsync();
        Assert.Equal(["3", "1"], explained.Select(e => e.Id));
        Assert.All(explained, e => Assert.Equal(classes, e.GetAnswer().Scores.Count(s => s.HeatMap is not null)));
    }

    [Fact]
    public async Task Options_that_are_given_are_used_and_not_changed()
    {
        using var folder = TestData.Folder();
        await using var services = Host();
        var request = Request(folder["m.safetensors"]);
        await services.GetRequiredService<ITrainingService>().TrainAsync(request);
        Assert.Equal("auto", request.Options.Device);
        var stored = ModelFile.Load(request.ModelPath).Manifest.Training!["options"]!;
        Assert.Equal(("cpu", 2, 16, 7L),
            ((string?)stored["device"], (int)stored["epochs"]!, (int)stored["batchSize"]!, (long)stored["seed"]!));
    }

    [Fact]
    public async Task A_cancelled_training_leaves_a_model()
    {
        using var folder = TestData.Folder();
        await using var services = Host();
        using var stop = new CancellationTokenSource();
        var outcome = await services.GetRequiredService<ITrainingService>().TrainAsync(
            Request(folder["m.safetensors"]), new Reports<TrainingServiceProgress>(p =>
            {
                if (p.Training is { Epoch: 2 })
                    stop.Cancel();
            }), stop.Token);
        Assert.True(outcome.Result.Cancelled);
        Assert.True(File.Exists(outcome.ModelPath));
    }

    [Fact]
    public async Task A_run_folder_is_enough_to_go_on_to_the_same_bits()
    {
        using var folder = TestData.Folder();
        await using var services = Host();
        var trainer = services.GetRequiredService<ITrainingService>();
        await trainer.TrainAsync(Request(folder["whole.safetensors"]));
        using var stop = new CancellationTokenSource();
        var stopped = await trainer.TrainAsync(Request(folder["m.safetensors"]), new Reports<TrainingServiceProgress>(p =>
        {
            if (p.Training is { Epoch: 2, Step: 1 })
                stop.Cancel();
        }), stop.Token);
        var request = TrainingRequest.FromRun(stopped.RunFolder);
        Assert.True(request.Resume);
        var outcome = await trainer.TrainAsync(request);
        Assert.Equal(TrainingEnd.Completed, outcome.Result.End);
        Assert.Equal(File.ReadAllBytes(folder["whole.safetensors"]), File.ReadAllBytes(folder["m.safetensors"]));
        // Two charts, of the epochs before the stop and after it.
        var curves = File.ReadAllText(RunFolder.Beside(folder["m.safetensors"]).CurvesPath);
        Assert.Equal(2, XDocument.Parse(curves).Root!.Descendants().Count(e => e.Name.LocalName == "svg"));
        Assert.Equal(File.ReadAllText(RunFolder.Beside(folder["whole.safetensors"]).CurvesPath), curves);
        Assert.Contains("run.json",
            Assert.Throws<ModelFormatException>(() => TrainingRequest.FromRun(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_in_run_json_does_not_name_the_user()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var data = Path.Combine(home, "ptb xl");
        var request = new TrainingRequest
        {
            ModelPath = "run/model.safetensors",
            Dataset = new ComponentSpec("ptb-xl", new JsonObject { ["folder"] = data }),
            Command = ["train", "--data", data],
        };
        var notes = SavedRequest.Write(request, new RunFolder("run"));
        Assert.DoesNotContain(home + Path.DirectorySeparatorChar, notes.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal($"train --data '~{Path.DirectorySeparatorChar}ptb xl'", (string?)notes["command"]);
        Assert.Equal("model.safetensors", (string?)notes["request"]!["model"]);
    }

    [Fact]
    public async Task Bad_recordings_are_skipped_and_counted_when_asked_for()
    {
        using var folder = TestData.Folder();
        var data = await PtbXlFolder(folder);
        File.Delete(Directory.GetFiles(folder["data/records100"], "*.dat", SearchOption.AllDirectories).Order().First());
        await using var services = Host();
        TrainingRequest Ask(OnBadRecording bad) => new()
        {
            ModelPath = folder["m.safetensors"],
            Dataset = data,
            Options = Options(),
            Reading = new() { OnBadRecording = bad },
        };
        var trainer = services.GetRequiredService<ITrainingService>();
        await Assert.ThrowsAsync<EcgFormatException>(() => trainer.TrainAsync(Ask(OnBadRecording.Fail)));
        var outcome = await trainer.TrainAsync(Ask(OnBadRecording.Skip));
        Assert.Single(outcome.Train.Skipped.Concat(outcome.Validation.Skipped));
    }

    [Fact]
    public async Task Files_of_another_rate_are_explained_in_the_time_of_the_model()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "a", Tiny.Recording(1, samplingRate: 500));
        var model = Tiny.Write(folder["m.safetensors"]);
        await using var services = Host();
        var paper = new ClassifyOptions { Explain = true, Explainer = new ComponentSpec("cam", new JsonObject { ["kind"] = "paper" }) };
        var explained = await services.GetRequiredService<IClassificationService>().ClassifyAsync(
            new ClassificationRequest { ModelPath = model, Files = [folder["a"]], Options = paper }).SingleAsync();
        Assert.Equal((folder["a"], 200, 100.0, 1000),
            (explained.Id, explained.Seen!.Length, explained.Seen.SamplingRate, explained.Recording!.Signal.Length));
        var map = Assert.Single(explained.GetAnswer().Scores).HeatMap!.Samples;
        Assert.Equal((200, 0f, 1f), (map.Length, map.Min(), map.Max()));
    }

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        using var folder = TestData.Folder();
        var model = Tiny.Write(folder["m.safetensors"]);
        await using var services = Host();
        var (trainer, evaluator, explainer) = (services.GetRequiredService<ITrainingService>(),
            services.GetRequiredService<IEvaluationService>(), services.GetRequiredService<IClassificationService>());
        Assert.Contains("ptb-xl, synthetic",
            (await Assert.ThrowsAsync<PluginException>(
                () => trainer.TrainAsync(new() { ModelPath = "x", Dataset = new("mimic") }))).Message, StringComparison.Ordinal);
        Assert.Contains("Folder is ",
            (await Assert.ThrowsAsync<PluginException>(
                () => trainer.TrainAsync(new() { ModelPath = "x", Dataset = new("ptb-xl") }))).Message, StringComparison.Ordinal);
        Assert.Contains("normal-abnormal",
            (await Assert.ThrowsAsync<PluginException>(
                () => evaluator.EvaluateAsync(new() { ModelPath = model, Dataset = Synthetic }))).Message, StringComparison.Ordinal);
        Assert.Contains("'no-such'",
            (await Assert.ThrowsAsync<PluginException>(
                async () => await explainer.ClassifyAsync(new() { ModelPath = model, Dataset = Synthetic, Ids = ["no-such"] })
                    .ToListAsync())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => explainer.ClassifyAsync(new() { ModelPath = model }));
    }

    internal static ComponentSpec Synthetic => new("synthetic", new JsonObject { ["records"] = 100 });

    internal static ServiceProvider Host() => new ServiceCollection().AddSignalCam(o => o.Device = "cpu").Services.BuildServiceProvider();

    internal static TrainingOptions Options()
    {
        var options = TrainingPresets.Recommended();
        options.Architecture = new ComponentSpec("signal-cnn", new JsonObject { ["channels"] = new JsonArray(4, 6) });
        (options.Epochs, options.BatchSize, options.Seed) = (2, 16, 7);
        return options;
    }

    internal static TrainingRequest Request(string path, string task = "normal-abnormal") => new()
    {
        ModelPath = path,
        Dataset = Synthetic,
        Task = new ComponentSpec(task),
        Options = Options(),
    };

    private static async Task<ComponentSpec> PtbXlFolder(TemporaryFolder folder)
    {
        await SyntheticDataset.WriteAsync(folder["data"], new SyntheticDatasetOptions { Records = 60 });
        return new ComponentSpec("ptb-xl", PluginOptions.Write(new PtbXlFolderOptions { Folder = folder["data"] }));
    }

    internal sealed class Reports<T>(Action<T>? then = null) : IProgress<T>
    {
        private readonly Lock _lock = new();

        public List<T> All { get; } = [];

        public void Report(T value)
        {
            lock (_lock)
                All.Add(value);
            then?.Invoke(value);
        }
    }
}
