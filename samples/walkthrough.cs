#:project ../src/SignalCam.Sdk/SignalCam.Sdk.csproj
#:package libtorch-cpu-linux-x64
#:property PublishAot=false

// From a folder of ECGs to an explained decision, cell after cell; read it from top to bottom.
//
//   dotnet run samples/walkthrough.cs [PTB-XL FOLDER] [--out FOLDER] [--records N] [--epochs N]
//
// Without a PTB-XL folder it works on a synthetic set of N recordings (800 by default) that it writes first: the figures then say that
// everything works, and nothing about patients. Each cell writes its pictures to the folder (runs/walkthrough by default), and
// all of them with their captions are in report.html there. Research use, not a medical device.

using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Synthetic;
using SignalCam.Reporting;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Training;
using SignalCam.Torch;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;

// ---------------------------------------------------------------------------------------------------------------------------------
// Set-up. One line gives every service and every built-in plug-in.

await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
var plugins = services.GetRequiredService<SignalCamComponents>();

var ptbXl = args is [var given, ..] && !given.StartsWith("--", StringComparison.Ordinal) ? given : null;
var folder = Directory.CreateDirectory(Argument("--out") ?? "runs/walkthrough").FullName;
var report = new HtmlReport(
    "SignalCam walkthrough", ptbXl ?? "a synthetic set: the figures say that everything works, and nothing about patients");

// ---------------------------------------------------------------------------------------------------------------------------------
// 1. What is in the data. The synthetic set has PTB-XL's layout, so that one way of reading does for both.

var cell = Cell("1. What is in the data");
var data = ptbXl ?? Path.Combine(folder, "data");
if (ptbXl is null)
    await SyntheticDataset.WriteAsync(data, new SyntheticDatasetOptions { Records = Number("--records") ?? 800 });

var dataset = PtbXlDataset.Open(data);
var split = DatasetSplit.Official(dataset.Entries);
var statements = dataset.Entries.SelectMany(e => e.Statements.Select(s => s.Code)).Distinct().Count();
Say($"{dataset.Entries.Count} recordings of {dataset.Entries.DistinctBy(e => e.PatientId).Count()} patients, {statements} different "
    + "statements.");
var classes = PtbXlTasks.Create(PtbXlTasks.Super, dataset.Statements);
Show("01-classes", "Recordings by diagnostic class and part of the official split. One with several classes counts in each.",
    BarChart.Render(
        [.. classes.Classes],
        [Classes("train", split.Train), Classes("validation", split.Validation), Classes("test", split.Test)],
        new ChartOptions { Title = "Diagnostic classes" }));
Show("01-ages", "Ages by sex. Patients over 89, whose age PTB-XL does not tell, are left out.", BarChart.Render(
    [.. Enumerable.Range(0, 9).Select(decade => $"{10 * decade}-{10 * decade + 9}")],
    [Ages("female", Sex.Female), Ages("male", Sex.Male)],
    new ChartOptions { Title = "Age in years" }));

// ---------------------------------------------------------------------------------------------------------------------------------
// 2. One recording: of fifty the one with the most baseline wander. The slow wave under it is the electrodes', not the
//    heart's: a polynomial of degree 10 is fitted to each lead and taken away.

cell = Cell("2. One recording and its trend");
var detrend = plugins.Transforms.Create(new ComponentSpec("detrend", new JsonObject { ["degree"] = 10 }));
var (entry, recording) = await DatasetSplit.OfficialTrainFolds.Select(dataset.Entries).Take(50).ToAsyncEnumerable()
    .Select(async (PtbXlEntry e, CancellationToken token) => (Entry: e, Recording: await dataset.ReadAsync(e, token)))
    .MaxByAsync(r => Trend(r.Recording).Samples.ToArray().Max(Math.Abs));
Say($"Recording {entry.Id}: {recording.Layout}; {string.Join(", ", entry.Statements.Select(s => s.Code))}.");
Show("02-recording", "The recording on ECG paper, 25 mm/s and 10 mm/mV, with the trend that is subtracted.", EcgPlot.Render(
    [new EcgTrace("recording", recording), new EcgTrace("trend", Trend(recording))],
    new EcgPlotOptions { Title = $"Recording {entry.Id}" }));

// ---------------------------------------------------------------------------------------------------------------------------------
// 3. Four ways to scale it. All of them work lead by lead, which throws away how high a lead is compared to the others; the preset
//    `recommended` therefore multiplies all leads by one fixed factor ("fixed-scale").

cell = Cell("3. Four scalers");
foreach (var name in (string[])["max-abs", "z-score", "robust", "min-max"])
{
    var scaled = new Preprocessor([new ComponentSpec("detrend"), new ComponentSpec(name)], plugins.Transforms).Apply(recording);
    var values = scaled.Samples.ToArray();
    Show($"03-{name}", $"Detrended, then scaled by {name}: from {values.Min():0.00} to {values.Max():0.00}.", EcgPlot.Render(
        scaled, new EcgPlotOptions { Title = name, Scale = EcgScale.Fit(scaled), Layout = EcgLayout.ThreeRows }));
}

// ---------------------------------------------------------------------------------------------------------------------------------
// 4. Augmentation: what may happen to a training recording before the network sees it. Each runs with a probability of its own, here 1,
//    so that there is something to see. The same seed gives the same change.

cell = Cell("4. Augmentations, before and after");
var clean = new Preprocessor(TrainingPresets.Paper().Preprocessing, plugins.Transforms).Apply(recording);
foreach (var (name, more, what) in (ReadOnlySpan<(string, JsonObject, string)>)[
    ("time-shift", [], "all leads move, zeros enter at the other end"),
    ("amplitude-scale", new() { ["low"] = 0.15 }, "all leads are multiplied by one factor"),
    ("gaussian-noise", [], "noise on every sample"),
    ("sine-pulse", [], "a slow sine, the same on all leads"),
    ("respiration-noise", [], "a sine of 12 to 18 breaths a minute"),
    ("time-warp", [], "stretched here, squeezed there; the ends stay"),
    ("lead-dropout", new() { ["leadProbability"] = 0.3 }, "some leads become zero, as with a loose electrode")])
{
    more["probability"] = 1;
    var changed = clean.Samples.ToArray();
    plugins.Augmentations.Create(new ComponentSpec(name, more)).Apply(changed, clean.Layout, new EcgRandom(seed: 2));
    Show($"04-{name}", $"{name}: {what}.", EcgPlot.Render(
        [new EcgTrace("before", clean), new EcgTrace("after", new EcgSignal(changed, clean.Layout))],
        new EcgPlotOptions { Title = name, Scale = EcgScale.Fit(clean), Layout = EcgLayout.ThreeRows }));
}

// ---------------------------------------------------------------------------------------------------------------------------------
// 5. The split: the folds that PTB-XL's authors drew, 1 to 8 to learn from, 9 to choose by, 10 to report on. That no patient is in
//    two of them is checked, not hoped. The task makes 0 or 1 of what the cardiologists said.

cell = Cell("5. Split and labels");
var task = PtbXlTasks.Create(PtbXlTasks.NormalAbnormal, dataset.Statements);
LabelCensus[] labels = [LabelCensus.Take(task, split.Train), LabelCensus.Take(task, split.Validation), LabelCensus.Take(task, split.Test)];
Show("05-split", "Recordings to learn from, to choose the best epoch by, and to report on.", BarChart.Render(
    ["train", "validation", "test"],
    [
        new BarSeries("normal", [.. labels.Select(l => (double)l.NoClass)]),
        new BarSeries("abnormal", [.. labels.Select(l => (double)l.Classes["abnormal"])]),
    ],
    new ChartOptions { Title = "Normal and abnormal" }));

// ---------------------------------------------------------------------------------------------------------------------------------
// 6. Training: the published CNN of 22,273 parameters, trained as the preset `recommended` says (docs/presets.md); TrainingPresets.Paper()
//    is the training as published.

cell = Cell("6. Training");
var options = TrainingPresets.Recommended();
options.Epochs = Number("--epochs") ?? (ptbXl is null ? 12 : options.Epochs);
options.BatchSize = ptbXl is null ? 32 : options.BatchSize;
var source = new ComponentSpec("ptb-xl", new JsonObject { ["folder"] = data });
var trained = await services.GetRequiredService<ITrainingService>().TrainAsync(
    new TrainingRequest { ModelPath = Path.Combine(folder, "model.safetensors"), Dataset = source, Options = options },
    new EpochPrinter());
var (epochs, best) = (trained.Result.Epochs, trained.Result.Best!);
Say($"{trained.Train.Used} recordings, {epochs.Average(e => e.Seconds):0.0} s an epoch; the best of {epochs.Count} by validation ROC-AUC "
    + $"is epoch {best.Epoch}, with {best.ValidRocAuc:0.000}. The model file holds its weights, and how recordings have to be prepared.");

// ---------------------------------------------------------------------------------------------------------------------------------
// 7. How it learned.

cell = Cell("7. Curves");
Show("07-loss", "Loss by epoch. The training loss is over augmented recordings while the weights still change.", LineChart.Render(
    [
        new LineSeries("train", [.. epochs.Select(e => e.TrainLoss)]) { Dashed = true },
        new LineSeries("validation", [.. epochs.Select(e => e.ValidLoss)]),
    ],
    new LineChartOptions { Title = "Loss", YLabel = "binary cross entropy", MarkedStep = best.Epoch }));
Show("07-scores", "Accuracy at 0.5 and ROC-AUC by epoch.", LineChart.Render(
    [
        new LineSeries("validation accuracy", [.. epochs.Select(e => e.ValidAccuracy)]),
        new LineSeries("validation ROC-AUC", [.. epochs.Select(e => e.ValidRocAuc ?? double.NaN)]),
    ],
    new LineChartOptions { Title = "Accuracy and ROC-AUC", YLabel = "share", MarkedStep = best.Epoch }));

// ---------------------------------------------------------------------------------------------------------------------------------
// 8. Evaluation: overall, and normal recordings against those of one diagnostic class at a time. Fold 10 had no say in anything so far;
//    where it is not there, the fold that chose the epoch has to do, and the figures are a little too good.

var folds = split.Test is [PtbXlEntry first, ..] && File.Exists(Path.Combine(data, $"{first.FilenameLr}.hea"))
    ? DatasetSplit.OfficialTestFolds
    : DatasetSplit.OfficialValidationFolds;
cell = Cell($"8. Evaluation on fold {folds}");
var evaluated = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(
    new EvaluationRequest { ModelPath = trained.ModelPath, Dataset = source, Folds = folds });
var (scores, targets, all) = (evaluated.Evaluation.Predictions, evaluated.Evaluation.Targets, evaluated.Evaluation.Binary!);
var byClass = NormalAgainstClass.Evaluate<float>(scores.Entries, scores.Probabilities, dataset.Statements);
Show("08-confusion", "Decisions at a probability of 0.5.", ConfusionPlot.Render(
    ["normal", "abnormal"], new long[,] { { all.TrueNegatives, all.FalsePositives }, { all.FalseNegatives, all.TruePositives } }));
Show("08-roc", "Sensitivity against 1 - specificity at every threshold; the mark is the decision at 0.5.", RocPlot.Render(
    [new RocPlotCurve("abnormal", RocCurve.Compute<float>(targets, scores.Probabilities)) { Threshold = 0.5 }]));
Show("08-by-class", "ROC-AUC overall, and of normal recordings against those of each class.", BarChart.Render(
    ["all", .. byClass.Keys], [new BarSeries("ROC-AUC", [all.RocAuc ?? double.NaN, .. byClass.Values.Select(m => m.RocAuc ?? double.NaN)])],
    new ChartOptions { Title = "ROC-AUC by class", YLabel = "ROC-AUC" }));
Table(
    ["normal against", "recordings", "accuracy", "precision", "recall", "F1", "ROC-AUC"],
    byClass.Prepend(new("all", all)).Select(row => (string[])[
        row.Key, $"{row.Value.N}", Share(row.Value.Accuracy), Share(row.Value.Precision), Share(row.Value.Recall),
        Share(row.Value.F1), Share(row.Value.RocAuc)]));

// ---------------------------------------------------------------------------------------------------------------------------------
// 9. Why: the class activation map comes out of the same forward pass as the score. The exact one is made of the feature maps that are
//    pooled, so its mean plus a constant is the logit: orange speaks for "abnormal", blue against it. The one as published takes the
//    last convolution before batch norm and stretches every map to [0, 1], so something is always red, whatever the probability. Shown are
// the abnormal recording whose    probability is nearest 0.9 and the normal one nearest 0.1: where a network is quite sure, a map is the
// same colour all over.

cell = Cell("9. Class activation maps, exact and as published");
var scored = scores.Entries.Zip(scores.Probabilities, targets).ToArray();
var examples = new Dictionary<string, string>
{
    [scored.Where(e => e.Third == 1).MinBy(e => Math.Abs(e.Second - 0.9)).First.Id] = "abnormal",
    [scored.Where(e => e.Third == 0).MinBy(e => Math.Abs(e.Second - 0.1)).First.Id] = "normal",
};
foreach (var kind in (CamKind[])[CamKind.Exact, CamKind.Paper])
{
    var request = new ClassificationRequest
    {
        ModelPath = trained.ModelPath, Dataset = source, Ids = [.. examples.Keys],
        Options = new ClassifyOptions
        {
            Explain = true,
            Explainer = new ComponentSpec("cam", new JsonObject { ["kind"] = $"{kind}".ToLowerInvariant() }),
        },
    };
    await foreach (var explained in services.GetRequiredService<IClassificationService>().ClassifyAsync(request))
    {
        var (id, score) = (explained.Id, explained.GetAnswer().Scores[0]);
        Show($"09-{id}-{kind}".ToLowerInvariant(),
            $"Recording {id}, {examples[id]}: the map {(kind == CamKind.Exact ? "that adds up to the logit" : "as published")}.",
            CamPlot.Render(
                explained.Seen!, [new CamClass(score.HeatMap!, score.Probability, score.Threshold)],
                kind == CamKind.Exact
                    ? new CamPlotOptions { Title = $"Recording {id}" }
                    : new CamPlotOptions
                    {
                        Title = $"Recording {id}, map as published",
                        Colors = ColorScale.Jet,
                        MapUnit = "share of the map's range",
                    }));
    }
}

// ---------------------------------------------------------------------------------------------------------------------------------
// 10. What it costs, counted and measured. Classification and explanation are one pass.

cell = Cell("10. Cost with and without the map");
using var network = EcgModel.Load(trained.ModelPath, plugins);
LayerDescription[] layers = [.. network.Network.Backbone.Describe(network.Input).Where(layer => layer.MultiplyAdds > 0)];
// A weight for each channel and cell, and four multiply-adds for each sample to interpolate the cells.
var forMap = ((double)layers[^1].Channels! * layers[^1].Length!.Value + 4.0 * network.Input.Length) * network.Manifest.Classes.Count;
Show("10-cost", $"Multiply-adds for one recording; the map adds {forMap / layers.Sum(layer => layer.MultiplyAdds!.Value):P2}.",
    BarChart.Render(
        [.. layers.Select(layer => layer.Name)], [new BarSeries("multiply-adds", [.. layers.Select(layer => (double)layer.MultiplyAdds!)])],
        new ChartOptions { Title = "Multiply-adds by layer" }));
const int Batch = 64;
var batch = Enumerable.Repeat(network.Prepare(recording).Samples.ToArray(), Batch).SelectMany(s => s).ToArray();
var (without, with) = (new List<double>(), new List<double>());
for (var i = 0; i < 21; i++)
{
    without.Add(Milliseconds(() => network.Run(batch, Batch)));
    with.Add(Milliseconds(() => network.Run(batch, Batch, CamKind.Exact)));
}
Say($"Measured in turn, median of {without.Count}: {Median(without):0.00} ms for {Batch} recordings without the map, {Median(with):0.00} "
    + "ms with it.");

report.Save(Path.Combine(folder, "report.html"));
Console.WriteLine($"all of it: {Path.Combine(folder, "report.html")}");

// ---------------------------------------------------------------------------------------------------------------------------------
// What the cells have in common.

string? Argument(string name) => Array.IndexOf(args, name) is >= 0 and var i ? args.ElementAtOrDefault(i + 1) : null;

int? Number(string name) => Argument(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

HtmlSection Cell(string heading)
{
    Console.WriteLine(heading);
    return report.Section(heading);
}

void Say(string text)
{
    Console.WriteLine($"   {text}");
    cell.Paragraph(text);
}

void Show(string name, string caption, string svg)
{
    File.WriteAllText(Path.Combine(folder, $"{name}.svg"), svg);
    Console.WriteLine($"   {name}.svg: {caption}");
    cell.Figure(svg, caption);
}

void Table(string[] columns, IEnumerable<string[]> rows)
{
    string[][] all = [.. rows];
    foreach (var row in all.Prepend(columns))
        Console.WriteLine($"   {row[0],-16}{string.Concat(row.Skip(1).Select(text => $"{text,12}"))}");
    cell.Table(columns, all);
}

BarSeries Classes(string name, IReadOnlyList<EcgEntry> entries) =>
    new(name, [.. LabelCensus.Take(classes, entries).Classes.Values.Select(count => (double)count)]);

BarSeries Ages(string name, Sex sex)
{
    var decades = dataset.Entries.Where(e => e.Sex == sex && e.Age is not null).CountBy(e => (int)(e.Age!.Value / 10)).ToDictionary();
    return new(name, [.. Enumerable.Range(0, 9).Select(decade => (double)decades.GetValueOrDefault(decade))]);
}

EcgSignal Trend(EcgSignal signal) =>
    new([.. signal.Samples.ToArray().Zip(detrend.Apply(signal).Samples.ToArray(), (whole, rest) => whole - rest)], signal.Layout);

static string Share(double? value) => value is null ? "n/a" : $"{value:0.000}";

static double Milliseconds(Action action)
{
    var start = Stopwatch.GetTimestamp();
    action();
    return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}

static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

/// <summary>A line for each epoch.</summary>
sealed class EpochPrinter : IProgress<TrainingServiceProgress>
{
    public void Report(TrainingServiceProgress value)
    {
        if (value.Training?.Finished is { } epoch)
            Console.WriteLine($"   epoch {epoch.Epoch,3}: loss {epoch.TrainLoss:0.000}, validation loss {epoch.ValidLoss:0.000}, ROC-AUC "
                + $"{epoch.ValidRocAuc:0.000}, {epoch.Seconds:0.0} s");
    }
}
