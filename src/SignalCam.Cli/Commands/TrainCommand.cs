using System.CommandLine;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Labels;
using SignalCam.Torch;
using SignalCam.Torch.Training;
using Spectre.Console;

namespace SignalCam.Cli.Commands;

/// <summary>`train`: from a dataset folder to a model file.</summary>
internal static class TrainCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var (data, json, device, skipBad) = (CommonOptions.Data(), CommonOptions.Json(), CommonOptions.Device(), CommonOptions.SkipBad());
        var path = new Option<string>("--out") { Description = "The model file to write (the best epoch; the last one goes beside it)", HelpName = "FILE", Required = true };
        var preset = new Option<string>("--preset") { Description = "paper: as published, quirks included; recommended: the same network, trained better", DefaultValueFactory = _ => TrainingPresets.RecommendedName };
        preset.AcceptOnlyFromAmong([.. TrainingPresets.Names]);
        var task = new Option<string>("--task") { Description = "What to classify", DefaultValueFactory = _ => PtbXlTasks.NormalAbnormal };
        task.AcceptOnlyFromAmong([.. PtbXlTasks.Names]);
        var trainFolds = new Option<string>("--train-folds") { Description = "Folds to learn from", DefaultValueFactory = _ => "1-8" };
        var validFolds = new Option<string>("--valid-folds") { Description = "Folds to choose the best epoch on", DefaultValueFactory = _ => "9" };
        var epochs = new Option<int?>("--epochs") { Description = "Passes over the training recordings [preset: paper 25, recommended 40]" };
        var batchSize = new Option<int?>("--batch-size") { Description = "Recordings per step [preset: 128]" };
        var seed = new Option<long>("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
        var report = CommonOptions.Report();

        var command = new Command("train", "Trains a classifier and writes a model file that is enough to score raw recordings")
        {
            data, path, preset, task, trainFolds, validFolds, epochs, batchSize, seed, device, skipBad, report, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = TrainingPresets.Create(parsed.GetRequiredValue(preset));
            options.Epochs = Positive(epochs.Name, parsed.GetValue(epochs)) ?? options.Epochs;
            options.BatchSize = Positive(batchSize.Name, parsed.GetValue(batchSize)) ?? options.BatchSize;
            options.Seed = parsed.GetValue(seed);
            options.Device = parsed.GetRequiredValue(device);
            var job = new TrainingJob(services.GetRequiredService<SignalCamComponents>(), output.Terminal(parsed.GetValue(json)))
            {
                DataFolder = parsed.GetRequiredValue(data),
                Task = parsed.GetRequiredValue(task),
                TrainFolds = DatasetAccess.Folds(trainFolds.Name, parsed.GetRequiredValue(trainFolds)),
                ValidFolds = DatasetAccess.Folds(validFolds.Name, parsed.GetRequiredValue(validFolds)),
                Options = options,
                SkipBad = parsed.GetValue(skipBad),
            };
            var model = parsed.GetRequiredValue(path);
            var result = await job.RunAsync(model, cancellationToken);
            output.Write(parsed.GetValue(json), new
            {
                model,
                last = TrainingSession.LastPath(model),
                preset = options.Preset,
                task = job.Task,
                seed = options.Seed,
                best_epoch = result.Best?.Epoch,
                valid_accuracy = result.Best?.ValidAccuracy,
                valid_roc_auc = result.Best?.ValidRocAuc,
                cancelled = result.Cancelled,
                epochs = result.Epochs,
            });
            if (parsed.GetValue(report) is { } reportPath)
                CommandOutput.WriteFile(reportPath, TrainingReport.Document(model, options, result));
            return result.Cancelled ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }

    private static int? Positive(string option, int? value) =>
        value is null or > 0 ? value : throw new UsageException($"{option}: found {value}, expected a number above 0");
}

/// <summary>Loads, labels, splits and trains, with progress on the terminal; `train` and `demo` are thin shells over it.</summary>
internal sealed class TrainingJob(SignalCamComponents components, IAnsiConsole terminal)
{
    public required string DataFolder { get; init; }

    public required string Task { get; init; }

    public required Core.Datasets.FoldSet TrainFolds { get; init; }

    public required Core.Datasets.FoldSet ValidFolds { get; init; }

    public required TrainingOptions Options { get; init; }

    public bool SkipBad { get; init; }

    public async Task<TrainingResult> RunAsync(string path, CancellationToken cancellationToken)
    {
        var dataset = DatasetAccess.Open(DataFolder);
        var split = Core.Datasets.DatasetSplit.ByFolds(dataset.Entries, TrainFolds, ValidFolds);
        var policy = PtbXlTasks.DefaultPolicy(Task);
        var task = PtbXlTasks.Create(Task, dataset.Statements, policy);
        var session = new TrainingSession(components, Options, task)
        {
            LabelPolicy = DatasetAccess.ToJson(policy),
            Provenance = new JsonObject { ["dataset"] = dataset.Name, ["train_folds"] = TrainFolds.ToString(), ["valid_folds"] = ValidFolds.ToString() },
        };
        var (train, valid) = (await Load("training recordings", split.Train), await Load("validation recordings", split.Validation));
        var steps = Options.Epochs * ((train.Count + Options.BatchSize - 1) / Options.BatchSize);
        var result = await Terminal.Progress(terminal, "training", steps, bar =>
            session.RunAsync(path, train, valid, new DirectProgress<TrainingProgress>(p => Show(p, bar)), cancellationToken));
        terminal.MarkupLineInterpolated(result.Best is { } best
            ? $"best epoch {best.Epoch}: accuracy {Format.Number(best.ValidAccuracy)}, ROC-AUC {Format.Number(best.ValidRocAuc)}; written to {path}"
            : (FormattableString)$"stopped before the first epoch ended; weights written to {path}");
        return result;

        async Task<LabeledRecordings> Load(string what, IReadOnlyList<EcgEntry> entries)
        {
            var loaded = await Terminal.Progress(terminal, "reading " + what, entries.Count, bar => LabeledRecordings.LoadAsync(
                dataset, entries, task, session.Preprocessor, DatasetAccess.Reading(SkipBad),
                new DirectProgress<Core.Datasets.RecordingProgress>(p => bar.Show(p.Done)), cancellationToken));
            terminal.MarkupLineInterpolated($"{Format.Count(loaded.Count)} {what}{Terminal.Skipped(loaded.Skipped)}, {Format.Count(entries.Count - loaded.Count - loaded.Skipped.Count)} without a label for task {task.Name}");
            return loaded;
        }
    }

    private void Show(TrainingProgress progress, Terminal.Bar bar)
    {
        bar.Show((progress.Epoch - 1) * progress.Steps + progress.Step, $"epoch {progress.Epoch}/{progress.Epochs}, loss {Format.Number(progress.Loss)}");
        if (progress.Finished is { } done)
            terminal.MarkupLineInterpolated($"epoch {done.Epoch,3}  loss {Format.Number(done.TrainLoss)}  validation: loss {Format.Number(done.ValidLoss)}  accuracy {Format.Number(done.ValidAccuracy)}  ROC-AUC {Format.Number(done.ValidRocAuc)}  {Format.Number(done.Seconds, 1)} s{(done.IsBest ? "  best so far" : "")}");
    }
}
