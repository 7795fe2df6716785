using System.Globalization;
using System.Text.Json.Nodes;
using CustomArchitecture;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Scoring;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Reporting;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Training;
using SignalCam.Torch.Training;

// CustomArchitecture [FOLDER [RECORDINGS]]
var folder = Directory.CreateDirectory(args.ElementAtOrDefault(0) ?? "runs/custom-architecture").FullName;
var recordings = int.Parse(args.ElementAtOrDefault(1) ?? "1000", CultureInfo.InvariantCulture);

// Registered like the built-in ones; from here on it is a name with options, in requests and in model files.
await using var services = new ServiceCollection()
    .AddSignalCam()
    .AddArchitecture<DilatedCnnOptions>("dilated-cnn", (input, options) => new DilatedCnn(input.LeadCount, options))
    .Services.BuildServiceProvider();

var dataset = new ComponentSpec("synthetic", new JsonObject { ["records"] = recordings });
var model = Path.Combine(folder, "model.safetensors");

var options = TrainingPresets.Recommended();
options.Architecture = new ComponentSpec("dilated-cnn", new JsonObject { ["width"] = 16 });
options.Epochs = 1;
options.BatchSize = 16;
var trained = await services.GetRequiredService<ITrainingService>()
    .TrainAsync(new TrainingRequest { ModelPath = model, Dataset = dataset, Options = options });
Console.WriteLine($"trained on {trained.Train.Used} recordings: {trained.Result.Best!.Seconds:0.0} s, validation ROC-AUC "
    + $"{trained.Result.Best.ValidRocAuc:0.000}");

var evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(
    new EvaluationRequest { ModelPath = model, Dataset = dataset, Folds = DatasetSplit.OfficialTestFolds });
Console.WriteLine($"on {evaluated.Recordings.Used} others: ROC-AUC {evaluated.Evaluation.Binary!.RocAuc:0.000}");

// The recording that it holds the most abnormal: where is the evidence?
var (surest, _) = evaluated.Evaluation.Predictions.Entries.Zip(evaluated.Evaluation.Predictions.Probabilities)
    .MaxBy(scored => scored.Second);
await foreach (var explained in services.GetRequiredService<IClassificationService>().ClassifyAsync(
    new ClassificationRequest
    {
        ModelPath = model,
        Dataset = dataset,
        Ids = [surest.Id],
        Options = new ClassifyOptions { Explain = true },
    }))
{
    var (picture, score) = (Path.Combine(folder, $"{explained.Id}.svg"), explained.GetAnswer().Scores[0]);
    File.WriteAllText(picture, CamPlot.Render(
        explained.Seen!,
        [new CamClass(score.HeatMap!, score.Probability, score.Threshold)],
        new CamPlotOptions
        {
            Title = $"Recording {explained.Id} by {evaluated.Model.Architecture.Name} "
                + $"({string.Join(", ", surest.Statements.Select(s => s.Code))})",
        }));
    Console.WriteLine($"explained recording {explained.Id}: {picture}");
}

// What was trained leaves the SDK: scored without libtorch, and by whatever reads ONNX.
var file = ModelFile.Load(model);
using (var compiled = ScoringModel.Create(file, new ScoringOptions { Backend = ScoringBackend.Compiled }))
    Console.WriteLine($"scored by the {compiled.Backend} backend");
File.WriteAllBytes(Path.Combine(folder, "model.onnx"), OnnxExporter.Export(file, preprocessing: true));
Console.WriteLine($"exported: {Path.Combine(folder, "model.onnx")}");
