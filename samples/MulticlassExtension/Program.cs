using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MulticlassExtension;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Reporting;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Training;
using SignalCam.Torch.Training;

// MulticlassExtension [FOLDER [RECORDINGS [EPOCHS]]]
var folder = Directory.CreateDirectory(args.ElementAtOrDefault(0) ?? "runs/multiclass-extension").FullName;
var recordings = int.Parse(args.ElementAtOrDefault(1) ?? "300", CultureInfo.InvariantCulture);
var epochs = int.Parse(args.ElementAtOrDefault(2) ?? "10", CultureInfo.InvariantCulture);

await using var services = new ServiceCollection()
    .AddSignalCam()
    .AddDataset<RhythmDataset, RhythmDatasetOptions>("rhythms")
    .AddTask<RhythmTask>("rhythm-of-three")
    .AddHead<SmoothedHeadOptions>(
        "smoothed", TaskKind.Multiclass, (channels, classes, options) => new SmoothedHead(channels, classes, options))
    .Services.BuildServiceProvider();

var dataset = new ComponentSpec("rhythms", new JsonObject { ["recordings"] = recordings });
var model = Path.Combine(folder, "model.safetensors");

var options = TrainingPresets.Recommended();
options.Head = new ComponentSpec("smoothed", new JsonObject { ["smoothing"] = 0.05 });
options.Epochs = epochs;
options.BatchSize = 16;
options.Selection = ModelSelection.Accuracy;
var trained = await services.GetRequiredService<ITrainingService>().TrainAsync(
    new TrainingRequest { ModelPath = model, Dataset = dataset, Task = new ComponentSpec("rhythm-of-three"), Options = options });
Console.WriteLine($"trained on {trained.Train.Used} recordings, best epoch {trained.Result.Best!.Epoch} of {epochs}");

var evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(
    new EvaluationRequest { ModelPath = model, Dataset = dataset, Folds = DatasetSplit.OfficialTestFolds });
var figures = evaluated.Figures;
Console.WriteLine($"on {figures.N} others: accuracy {figures.Overall[FigureNames.Accuracy].Value:0.000}, macro F1 "
    + $"{figures.Overall[FigureNames.MacroF1].Value:0.000}");
foreach (var (name, one) in figures.ByClass)
    Console.WriteLine($"  {name,-5} {one.Positives,3} recordings, precision {one.Figures[FigureNames.Precision].Value:0.000}, recall "
        + $"{one.Figures[FigureNames.Recall].Value:0.000}");

var counts = new long[RhythmTask.Rhythms.Count, RhythmTask.Rhythms.Count];
foreach (var (actual, row) in figures.Confusion!.Counts.Index())
    foreach (var (predicted, count) in row.Index())
        counts[actual, predicted] = count;
File.WriteAllText(Path.Combine(folder, "confusion.svg"), ConfusionPlot.Render(RhythmTask.Rhythms, counts));

// One recording of each rhythm, with a map for each class: what speaks for it, what against it.
var examples = evaluated.Evaluation.Predictions.Entries.DistinctBy(e => e.Statements[0].Code)
    .ToDictionary(e => e.Id, e => e.Statements[0].Code);
await foreach (var explained in services.GetRequiredService<IClassificationService>().ClassifyAsync(
    new ClassificationRequest
    {
        ModelPath = model,
        Dataset = dataset,
        Ids = [.. examples.Keys],
        Options = new ClassifyOptions { Explain = true },
    }))
{
    var picture = Path.Combine(folder, $"{examples[explained.Id]}.svg");
    File.WriteAllText(picture, CamPlot.Render(
        explained.Seen!,
        [.. explained.GetAnswer().Scores.Select(score => new CamClass(score.HeatMap!, score.Probability))],
        new CamPlotOptions { Title = $"Recording {explained.Id}, which is {examples[explained.Id]}" }));
    Console.WriteLine($"one map per class: {picture}");
}
