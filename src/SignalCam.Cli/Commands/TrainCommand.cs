using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Cli.Reports;
using SignalCam.Core.Labels;
using SignalCam.Sdk.Training;
using SignalCam.Torch;
using SignalCam.Torch.Training;

namespace SignalCam.Cli.Commands;

/// <summary>`train`: from a dataset folder to a model file.</summary>
internal static class TrainCommand
{
    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var components = services.GetRequiredService<SignalCamComponents>();
        var (data, json, device, skipBad, report) =
            (CommonOptions.Data(), CommonOptions.Json(), CommonOptions.Device(), CommonOptions.SkipBad(), CommonOptions.Report());
        var path = new Option<string>("--out") { Description = "The model file to write (the best epoch; the last one goes beside it)", HelpName = "FILE", Required = true };
        var preset = new Option<string>("--preset") { Description = "paper: as published, quirks included; recommended: the same network, trained better", DefaultValueFactory = _ => TrainingPresets.RecommendedName };
        preset.AcceptOnlyFromAmong([.. TrainingPresets.Names]);
        var task = new Option<string>("--task") { Description = "What to classify", DefaultValueFactory = _ => PtbXlTasks.NormalAbnormal };
        task.AcceptOnlyFromAmong([.. components.Tasks.Names]);
        var architecture = new Option<string?>("--architecture") { Description = "The CNN [preset: signal-cnn]" };
        architecture.AcceptOnlyFromAmong([.. components.Architectures.Names]);
        var head = new Option<string?>("--head") { Description = "The head [the one that fits the task]" };
        head.AcceptOnlyFromAmong([.. components.Heads.Names]);
        var trainFolds = new Option<string>("--train-folds") { Description = "Folds to learn from", DefaultValueFactory = _ => "1-8" };
        var validFolds = new Option<string>("--valid-folds") { Description = "Folds to choose the best epoch on", DefaultValueFactory = _ => "9" };
        var epochs = new Option<int?>("--epochs") { Description = "Passes over the training recordings [preset: paper 25, recommended 40]" };
        var batchSize = new Option<int?>("--batch-size") { Description = "Recordings per step [preset: 128]" };
        var seed = new Option<long>("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };

        var optionsFile = new Option<string?>("--options") { Description = "JSON with training options that differ from the preset's, such as { \"mixup\": 0.2 }", HelpName = "FILE" };

        var command = new Command("train", "Trains a classifier and writes a model file that is enough to score raw recordings")
        {
            data, path, preset, task, architecture, head, trainFolds, validFolds, epochs, batchSize, seed, optionsFile, device, skipBad, report, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var presetName = parsed.GetRequiredValue(preset);
            var options = PluginOptions.Read("preset", presetName, ReadOptions(parsed.GetValue(optionsFile)), () => TrainingPresets.Create(presetName));
            options.Epochs = Positive(epochs.Name, parsed.GetValue(epochs)) ?? options.Epochs;
            options.BatchSize = Positive(batchSize.Name, parsed.GetValue(batchSize)) ?? options.BatchSize;
            options.Seed = parsed.GetValue(seed);
            options.Device = parsed.GetRequiredValue(device);
            options.Architecture = parsed.GetValue(architecture) is { } name ? new ComponentSpec(name) : options.Architecture;
            options.Head = parsed.GetValue(head) is { } headName ? new ComponentSpec(headName) : options.Head;
            var request = new TrainingRequest
            {
                ModelPath = parsed.GetRequiredValue(path),
                Dataset = DatasetAccess.Spec(parsed.GetRequiredValue(data)),
                Task = new ComponentSpec(parsed.GetRequiredValue(task)),
                Options = options,
                TrainFolds = DatasetAccess.Folds(trainFolds.Name, parsed.GetRequiredValue(trainFolds)),
                ValidFolds = DatasetAccess.Folds(validFolds.Name, parsed.GetRequiredValue(validFolds)),
                Reading = DatasetAccess.Reading(parsed.GetValue(skipBad)),
            };
            var outcome = await TrainingTerminal.RunAsync(services.GetRequiredService<ITrainingService>(), request, output.Terminal(parsed.GetValue(json)), cancellationToken);
            var result = outcome.Result;
            output.Write(parsed.GetValue(json), new
            {
                model = outcome.ModelPath,
                last = outcome.LastPath,
                preset = options.Preset,
                task = outcome.Task.Name,
                architecture = options.Architecture.Name,
                seed = options.Seed,
                train_recordings = outcome.Train.Used,
                valid_recordings = outcome.Validation.Used,
                best_epoch = result.Best?.Epoch,
                valid_accuracy = result.Best?.ValidAccuracy,
                valid_roc_auc = result.Best?.ValidRocAuc,
                cancelled = result.Cancelled,
                epochs = result.Epochs,
            });
            if (parsed.GetValue(report) is { } reportPath)
                CommandOutput.WriteFile(reportPath, TrainingReport.Document(outcome.ModelPath, options, result));
            return result.Cancelled ? SignalCamTool.Failed : SignalCamTool.Ok;
        });
        return command;
    }

    private static JsonObject? ReadOptions(string? path)
    {
        if (path is null)
            return null;
        try
        {
            return JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new UsageException($"--options: {path} holds no JSON object");
        }
        catch (Exception e) when (e is JsonException or IOException)
        {
            throw new UsageException($"--options: {path}: {e.Message}");
        }
    }

    private static int? Positive(string option, int? value) =>
        value is null or > 0 ? value : throw new UsageException($"{option}: found {value}, expected a number above 0");
}
