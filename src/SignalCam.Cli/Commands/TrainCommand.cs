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
using SignalCam.Torch.Training.Runs;

namespace SignalCam.Cli.Commands;

/// <summary>`train`: from a dataset folder to a model file.</summary>
internal sealed class TrainCommand
{
    private static readonly JsonDocumentOptions s_noDoubles = new() { AllowDuplicateProperties = false };

    private readonly DatasetOptions _dataset;
    private readonly TaskOptions _taskOptions = new();
    private readonly InputOptions _input = new();
    private readonly Option<string?> _out = new("--out")
    {
        Description = "Model file to write (the best epoch); checkpoint and figures go to NAME.run beside it",
        HelpName = "FILE",
    };
    private readonly Option<string?> _run = new("--run")
    {
        Description = "Run folder to write instead: model.safetensors, last.safetensors, metrics.csv, run.json, curves.svg",
        HelpName = "DIR",
    };
    private readonly Option<string?> _resume = new("--resume")
    {
        Description = "Resume the training in this run folder, with its options",
        HelpName = "DIR",
    };
    private readonly Option<string?> _preset = new("--preset")
    {
        Description = "paper: as published, including quirks; recommended: the same network, trained better; small-data: for few "
            + "recordings, with --from [recommended; with --from, small-data]",
        HelpName = "NAME",
    };
    private readonly Option<string> _task = new("--task")
    {
        DefaultValueFactory = _ => PtbXlTasks.NormalAbnormal,
        HelpName = "TASK",
    };
    private readonly Option<string[]> _join = new("--join")
    {
        Description = "For --task joint: a task to include; repeat for each [normal-abnormal, super, all]",
        HelpName = "TASK",
    };
    private readonly Option<string?> _architecture = new("--architecture") { HelpName = "NAME" };
    private readonly Option<string?> _head = new("--head") { HelpName = "NAME" };
    private readonly Option<string> _trainFolds = new("--train-folds")
    {
        Description = "Folds to train on",
        DefaultValueFactory = _ => "1-8",
        HelpName = "FOLDS",
    };
    private readonly Option<string> _validFolds = new("--valid-folds")
    {
        Description = "Folds to select the best epoch on",
        DefaultValueFactory = _ => "9",
        HelpName = "FOLDS",
    };
    private readonly Option<int?> _epochs = new("--epochs")
    {
        Description = "Number of epochs [preset: paper 25, recommended 20]",
        HelpName = "N",
    };
    private readonly Option<int?> _batchSize = new("--batch-size") { Description = "Recordings per step [preset: 128]", HelpName = "N" };
    private readonly Option<int?> _patience = new("--patience")
    {
        Description = "Stop after this many epochs without improvement [train all epochs]",
        HelpName = "N",
    };
    private readonly Option<double?> _checkpointSeconds = new("--checkpoint-seconds")
    {
        Description = "Seconds between checkpoints within an epoch; 0 writes one after each step [60]",
        HelpName = "SECONDS",
    };
    private readonly Option<long> _seed = new("--seed") { Description = "Random seed", DefaultValueFactory = _ => 1, HelpName = "N" };
    private readonly Option<string?> _from = new("--from")
    {
        Description = "Start from a trained model: a model file, or the name of pretrained weights. Architecture, preprocessing, leads "
            + "and rate are the model's",
        HelpName = "MODEL",
    };
    private readonly Option<FrozenPart?> _freeze = new("--freeze")
    {
        Description = "For --from: backbone trains only the head; none trains everything [none]",
        HelpName = "none|backbone",
    };
    private readonly Option<double?> _learningRate = new("--learning-rate")
    {
        Description = "Peak learning rate of the schedule [preset]",
        HelpName = "RATE",
    };
    private readonly Option<double?> _headLearningRate = new("--head-learning-rate")
    {
        Description = "Peak learning rate of the head, if different [preset; small-data: several times the backbone's]",
        HelpName = "RATE",
    };
    private readonly Option<string?> _options = new("--options")
    {
        Description = "JSON file with training options that override the preset, such as { \"mixup\": 0.2 }",
        HelpName = "FILE",
    };
    private readonly Option<ModelSelection?> _select = new("--select")
    {
        Description = "Epoch to keep: the best by rocAuc or accuracy on the validation folds, or lastEpoch [preset: paper accuracy, "
            + "recommended rocAuc]",
        HelpName = "rocAuc|accuracy|lastEpoch",
    };
    private readonly Option<string[]> _teacher = new("--teacher")
    {
        Description = "Larger trained model to learn from in addition to the labels; may be repeated",
        HelpName = "FILE",
    };
    private readonly Option<TeachingMode?> _teaching = new("--teaching")
    {
        Description = "What teachers score: recorded: each recording once, unchanged; consistent: each batch as the student sees it "
            + "[recorded]",
        HelpName = "recorded|consistent",
    };
    private readonly Option<string> _device = CommonOptions.Device();
    private readonly Option<bool> _skipBad = CommonOptions.SkipBad();
    private readonly Option<string?> _exclude = new("--exclude")
    {
        Description = "unusable: leave out recordings with an unusable finding [none]",
        HelpName = "unusable",
    };
    private readonly Option<string?> _report = CommonOptions.Report();
    private readonly Option<string?> _json = CommonOptions.Json();

    private TrainCommand(IServiceProvider services)
    {
        var components = services.GetRequiredService<SignalCamComponents>();
        _dataset = new DatasetOptions(services);
        _preset.AcceptOnlyFromAmong([.. TrainingPresets.Names]);
        _task.AcceptOnlyFromAmong([.. components.Tasks.Names]);
        _architecture.AcceptOnlyFromAmong([.. components.Architectures.Names]);
        _task.Description = $"Task: {string.Join(", ", components.Tasks.Names)}";
        _architecture.Description = $"Network: {string.Join(", ", components.Architectures.Names)} [preset: signal-cnn]";
        _head.Description = $"Head: {string.Join(", ", components.Heads.Names)} [the one that fits the task]";
        _exclude.AcceptOnlyFromAmong("unusable");
        _join.AcceptOnlyFromAmong([.. components.Tasks.Names]);
        _head.AcceptOnlyFromAmong([.. components.Heads.Names]);
    }

    public static Command Create(IServiceProvider services, CommandOutput output)
    {
        var train = new TrainCommand(services);
        var command = new Command("train", "Train a classifier and write a self-contained model file")
        {
            train._out, train._run, train._resume, train._preset, train._task, train._join, train._from, train._freeze, train._learningRate,
            train._headLearningRate, train._architecture, train._head, train._trainFolds, train._validFolds,
            train._epochs, train._batchSize, train._patience, train._checkpointSeconds, train._seed, train._select, train._teacher,
            train._teaching, train._options, train._device, train._skipBad, train._exclude, train._report, train._json,
        };
        train._dataset.AddTo(command);
        train._taskOptions.AddTo(command);
        train._input.AddTo(command);
        command.SetAction((parsed, cancellationToken) => train.RunAsync(
            parsed, services.GetRequiredService<ITrainingService>(), output, cancellationToken));
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed, ITrainingService service, CommandOutput output, CancellationToken cancellationToken)
    {
        var request = Request(parsed);
        CommandOutput.Prepare(parsed.GetValue(_json), parsed.GetValue(_report));
        var outcome = await TrainingTerminal.RunAsync(service, request, output.Terminal(parsed.GetValue(_json)), cancellationToken);
        var (options, result) = (request.Options, outcome.Result);
        var terminal = output.Terminal(parsed.GetValue(_json));
        DatasetOptions.PrintRemarks(terminal, outcome.Dataset);
        if (outcome.HeadKept is { } kept)
            terminal.Line(
                $"started from {options.From}: {(kept ? "its head was kept" : "new head, since the classes differ")}");
        output.Write(parsed.GetValue(_json), new
        {
            model = outcome.ModelPath,
            last = outcome.LastPath,
            run = outcome.RunFolder,
            preset = options.Preset,
            task = outcome.Task.Name,
            architecture = options.Architecture.Name,
            seed = options.Seed,
            from = options.From,
            head_kept = outcome.HeadKept,
            train_recordings = outcome.Train.Used,
            valid_recordings = outcome.Validation.Used,
            best_epoch = result.Best?.Epoch,
            valid_accuracy = result.Best?.ValidAccuracy,
            valid_roc_auc = result.Best?.ValidRocAuc,
            cancelled = result.Cancelled,
            end = result.End,
            reason = result.Reason,
            epochs = result.Epochs,
        });
        if (parsed.GetValue(_report) is { } reportPath)
            CommandOutput.WriteFile(reportPath, TrainingReport.Document(outcome.ModelPath, options, result));
        return result.Cancelled ? SignalCamTool.Failed : SignalCamTool.Ok;
    }

    private TrainingRequest Request(ParseResult parsed)
    {
        var (model, run, resume) = (parsed.GetValue(_out), parsed.GetValue(_run), parsed.GetValue(_resume));
        if (((string?[])[model, run, resume]).Count(given => given is not null) != 1)
            throw new UsageException("expected one of --out FILE, --run DIR and --resume DIR");
        var dataset = resume is null || _dataset.IsGiven(parsed) ? _dataset.Of(parsed) : null;
        var saved = resume is null ? null : TrainingRequest.FromRun(resume);
        var preset = parsed.GetValue(_preset) ?? (parsed.GetValue(_from) is null ? TrainingPresets.RecommendedName
            : TrainingPresets.SmallDataName);
        var options = PluginOptions.Read(
            "preset", preset, ReadOptions(parsed.GetValue(_options)), () => saved?.Options ?? TrainingPresets.Create(preset));
        Apply(parsed, options);
        Require(options);
        return new TrainingRequest
        {
            ModelPath = saved?.ModelPath ?? model ?? new RunFolder(run!).ModelPath,
            RunFolder = resume ?? run,
            Resume = resume is not null,
            Dataset = dataset ?? saved!.Dataset,
            Task = saved is null || Given(parsed, _task) || Given(parsed, _join) || _taskOptions.IsGiven(parsed)
                ? Task(parsed, saved?.Task.Name) : saved.Task,
            Input = _input.Of(parsed) ?? saved?.Input,
            Options = options,
            TrainFolds = saved is null || Given(parsed, _trainFolds)
                ? DatasetAccess.Folds(_trainFolds.Name, parsed.GetRequiredValue(_trainFolds))
                : saved.TrainFolds,
            ValidFolds = saved is null || Given(parsed, _validFolds)
                ? DatasetAccess.Folds(_validFolds.Name, parsed.GetRequiredValue(_validFolds))
                : saved.ValidFolds,
            Reading = saved is null || Given(parsed, _skipBad) ? DatasetAccess.Reading(parsed.GetValue(_skipBad)) : saved.Reading,
            ExcludeUnusable = saved is null || Given(parsed, _exclude) ? parsed.GetValue(_exclude) is not null : saved.ExcludeUnusable,
            Command = ["signalcam", .. parsed.Tokens.Select(token => token.Value)],
        };
    }

    private ComponentSpec Task(ParseResult parsed, string? resumed)
    {
        var task = resumed is null || Given(parsed, _task) ? parsed.GetRequiredValue(_task) : resumed;
        var (spec, joined) = (_taskOptions.Of(parsed, task), parsed.GetValue(_join) ?? []);
        if (joined.Length == 0)
            return spec;
        if (!task.Equals(PtbXlTasks.Joint, StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--join: task {task} joins no others; give --task {PtbXlTasks.Joint}");
        var options = PluginOptions.Write(new JointTaskOptions { Tasks = [.. joined.Select(name => new ComponentSpec(name))] });
        foreach (var (name, value) in spec.Options?.ToJson() ?? [])
            if (!options.TryAdd(JsonNamingPolicy.CamelCase.ConvertName(name), value?.DeepClone()))
                throw new UsageException($"{_join.Name}: the file of --task-options has '{name}', too; give one of them");
        return new ComponentSpec(task, options);
    }

    /// <summary>
    /// Options of the command line that differ. On a resume they are compared with the checkpoint, and rejected by name if they matter.
    /// </summary>
    private void Apply(ParseResult parsed, TrainingOptions options)
    {
        options.Preset = parsed.GetValue(_preset) ?? options.Preset;
        if (parsed.GetValue(_from) is { } from)
        {
            options.From = from;
            if (parsed.GetValue(_architecture) is not null)
                throw new UsageException($"{_architecture.Name}: the model in {_from.Name} determines the architecture");
        }
        options.Freeze = parsed.GetValue(_freeze) ?? options.Freeze;
        options.LearningRate = parsed.GetValue(_learningRate) ?? options.LearningRate;
        options.HeadLearningRate = parsed.GetValue(_headLearningRate) ?? options.HeadLearningRate;
        if (options.Freeze != FrozenPart.None && options.From is null)
            throw new UsageException($"{_freeze.Name}: expected a model to start from ({_from.Name}); new weights must be trained");
        options.Epochs = Positive(_epochs.Name, parsed.GetValue(_epochs)) ?? options.Epochs;
        options.BatchSize = Positive(_batchSize.Name, parsed.GetValue(_batchSize)) ?? options.BatchSize;
        options.Patience = Positive(_patience.Name, parsed.GetValue(_patience)) ?? options.Patience;
        options.CheckpointSeconds = parsed.GetValue(_checkpointSeconds) ?? options.CheckpointSeconds;
        options.Seed = Given(parsed, _seed) ? parsed.GetValue(_seed) : options.Seed;
        options.Selection = parsed.GetValue(_select) ?? options.Selection;
        options.Teachers = Given(parsed, _teacher) ? parsed.GetRequiredValue(_teacher) : options.Teachers;
        options.Teaching = parsed.GetValue(_teaching) ?? options.Teaching;
        options.Device = Given(parsed, _device) ? parsed.GetRequiredValue(_device) : options.Device;
        options.Architecture = parsed.GetValue(_architecture) is { } name ? new ComponentSpec(name) : options.Architecture;
        options.Head = parsed.GetValue(_head) is { } headName ? new ComponentSpec(headName) : options.Head;
    }

    private static bool Given(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static JsonObject? ReadOptions(string? path) =>
        path is null ? null : OptionFile.Read(
            "--options", path, "a JSON object of training options", json => JsonNode.Parse(json, null, s_noDoubles) as JsonObject);

    private static void Require(TrainingOptions options)
    {
        if (PluginOptions.FindProblems(options) is { Count: > 0 } problems)
            throw new UsageException(string.Join(" ", problems));
    }

    private static int? Positive(string option, int? value) =>
        value is null or > 0 ? value : throw new UsageException($"{option}: found {value}, expected a number above 0");
}
