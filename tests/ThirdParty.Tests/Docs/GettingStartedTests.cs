using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Reporting;
using SignalCam.Sdk;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch.Training;

namespace ThirdParty.Tests.Docs;

/// <summary>The code of docs/getting-started.md, run from top to bottom.</summary>
public sealed class GettingStartedTests
{
    [Fact]
    public async Task Its_recording_is_classified_explained_and_drawn()
    {
        using var folder = TestData.Folder();
        var (recordPath, recordFolder, outFolder) = (folder["patient"], folder.Path, folder.Path);
        WfdbWriter.Write(folder.Path, "patient", Small.Recording(samplingRate: 500));
        File.WriteAllText(folder["unreadable.hea"], "no header");
        string[] args = [];

        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddSignalCam();
        using var host = builder.Build();
        await host.StartAsync();

        var classifier = host.Services.GetRequiredService<IEcgClassifier>();
        var recording = EcgFile.Read(recordPath);
        var result = classifier.Classify(recording, new() { Explain = true });
        foreach (var score in result.Scores)
            Console.WriteLine($"{score.Class}: probability {score.Probability:F3}, {score.Decision}");

        var strongest = result.Scores[0].HeatMap!.Samples.Index().MaxBy(sample => sample.Item).Index;
        Console.WriteLine($"most evidence at {strongest / classifier.Input.SamplingRate} s");

        var classes = result.Scores.Select(score => new CamClass(score.HeatMap!, score.Probability, score.Threshold));
        var picture = CamPlot.Render(classifier.View(recording).Signal, [.. classes]);
        await File.WriteAllTextAsync(Path.Combine(outFolder, "patient.svg"), picture);

        var (present, unreadable) = (0, 0);
        await foreach (var one in classifier.ClassifyAsync(RecordingSource.FromFolder(recordFolder)))
            if (one.Answer is { } answer)
                present += answer.Scores.Count(score => score.Decision == ClassDecision.Present);
            else
                unreadable++;

        Assert.Equal(1000, result.Scores[0].HeatMap!.Samples.Length);
        Assert.Equal((result["ABNORMAL"].Decision == ClassDecision.Present ? 1 : 0, 1), (present, unreadable));
        Assert.StartsWith("<svg", await File.ReadAllTextAsync(folder["patient.svg"]), StringComparison.Ordinal);
        await host.StopAsync();
    }

    [Fact]
    public async Task Its_own_model_is_trained_and_evaluated()
    {
        using var folder = TestData.Folder();
        var (dataFolder, modelPath) = (folder["data"], folder["super.safetensors"]);
        await SyntheticDataset.WriteAsync(dataFolder, new SyntheticDatasetOptions { Records = 160 });
        using var host = Started(builder => builder.Services.AddSignalCam());
        var epochs = 1;

        var dataset = new ComponentSpec("ptb-xl", new JsonObject { ["folder"] = dataFolder });
        var options = TrainingPresets.Create("recommended");
        options.Architecture = new ComponentSpec("signal-cnn", new JsonObject { ["channels"] = new JsonArray(8, 16, 32) });
        options.Epochs = epochs;
        var trained = await host.Services.GetRequiredService<ITrainingService>().TrainAsync(new TrainingRequest
        {
            ModelPath = modelPath,
            Dataset = dataset,
            Task = new ComponentSpec("super"),
            Options = options,
        });
        Console.WriteLine($"epoch {trained.Result.Best?.Epoch} is the best, of {trained.Train.Used} recordings to learn from");

        var evaluated = await host.Services.GetRequiredService<IEvaluationService>().EvaluateAsync(new EvaluationRequest
        {
            ModelPath = modelPath,
            Dataset = dataset,
            Folds = FoldSet.Parse("10"),
        });
        foreach (var (name, figure) in evaluated.Metrics)
            Console.WriteLine($"{name}: {figure:F3}");

        Assert.Equal(1, trained.Result.Best?.Epoch);
        Assert.Equal(["accuracy", "average-precision", "brier", "f1", "roc-auc"], evaluated.Metrics.Keys);
        Assert.True(File.Exists(trained.LastPath));
    }

    [Fact]
    public void Its_settings_are_bound_and_name_the_classifiers()
    {
        using var folder = TestData.Folder();
        var settings = Page.Read("docs/getting-started.md").Blocks("json").Single()
            .Replace("models/normal.safetensors", Small.WriteModel(folder["normal.safetensors"]), StringComparison.Ordinal)
            .Replace("models/super.safetensors", folder["normal.safetensors"], StringComparison.Ordinal);
        using var host = Started(builder =>
        {
            builder.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(settings)));

            builder.Services.AddSignalCam(builder.Configuration);
        });

        var super = host.Services.GetRequiredKeyedService<IEcgClassifier>("super");

        Assert.Equal(5, host.Services.GetRequiredKeyedService<IEcgClassifier>("five").Classes.Count);
        Assert.Equal("normal", host.Services.GetRequiredService<IEcgClassifier>().Name);
        // Ten seconds wanted, twelve and eight given: the second model's setting crops and pads, the first one's refuses.
        Assert.All(new[] { 12.0, 8.0 }, seconds => Assert.Single(super.Classify(Small.Recording(seconds)).Scores));
        Assert.ThrowsAny<SignalCamException>(() => host.Services.GetRequiredService<IEcgClassifier>().Classify(Small.Recording(12)));
    }

    private static IHost Started(Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        configure(builder);
        var host = builder.Build();
        host.Start();
        return host;
    }
}
