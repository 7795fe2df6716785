using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Labels;

namespace SignalCam.Cli.Commands;

/// <summary>The options of a task: `--classes`, `--positive` and `--exclusive` for the task "columns", or any options as JSON.</summary>
internal sealed class TaskOptions
{
    private static readonly JsonDocumentOptions s_noDoubles = new() { AllowDuplicateProperties = false };

    private readonly Option<string?> _classes = new("--classes")
    {
        Description = "For --task columns: codes or columns to use as classes [all]",
        HelpName = "NAMES",
    };

    private readonly Option<string?> _positive = new("--positive")
    {
        Description = "For --task columns: code or column to use as the positive class of a binary task",
        HelpName = "NAME",
    };

    private readonly Option<bool> _exclusive = new("--exclusive")
    {
        Description = "For --task columns: exactly one class applies to each recording",
    };

    private readonly Option<string?> _options = new("--task-options")
    {
        Description = "JSON file with options of the task, such as { \"minimumLikelihood\": 50 }",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_classes);
        command.Add(_positive);
        command.Add(_exclusive);
        command.Add(_options);
    }

    /// <summary>Whether any of the options is given.</summary>
    public bool IsGiven(ParseResult parsed) =>
        new Option[] { _classes, _positive, _exclusive, _options }.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>A task with the options that are given.</summary>
    /// <exception cref="UsageException">An option does not go with the task.</exception>
    /// <exception cref="OptionFileException">The file of options cannot be read.</exception>
    public ComponentSpec Of(ParseResult parsed, string task)
    {
        var options = parsed.GetValue(_options) is { } file
            ? OptionFile.Read(_options.Name, file, "a JSON object of task options", json =>
                JsonNode.Parse(json, null, s_noDoubles) as JsonObject)
            : [];
        Option[] ofColumns = [_classes, _positive, _exclusive];
        if (!task.Equals(ColumnsTaskOptions.TaskName, StringComparison.OrdinalIgnoreCase)
            && ofColumns.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } given)
            throw new UsageException($"{given.Name}: this is an option of --task {ColumnsTaskOptions.TaskName}");
        if (parsed.GetValue(_classes) is { } classes)
            options["classes"] = new JsonArray([.. DatasetOptions.Names(classes).Select(name => JsonValue.Create(name))]);
        if (parsed.GetValue(_positive) is { } positive)
            options["positive"] = positive;
        if (parsed.GetValue(_exclusive))
            options["exclusive"] = true;
        return new ComponentSpec(task, options.Count > 0 ? options : null);
    }
}
