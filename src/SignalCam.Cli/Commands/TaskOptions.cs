using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Labels;

namespace SignalCam.Cli.Commands;

/// <summary>The options of a task: `--classes`, `--positive` and `--exclusive` of task columns, or any as JSON.</summary>
internal sealed class TaskOptions
{
    private static readonly JsonDocumentOptions s_noDoubles = new() { AllowDuplicateProperties = false };

    private readonly Option<string?> _classes = new("--classes")
    {
        Description = "Of --task columns: the codes or columns that become classes [all]",
        HelpName = "NAMES",
    };

    private readonly Option<string?> _positive = new("--positive")
    {
        Description = "Of --task columns: the code or column that is the positive class of a binary task",
        HelpName = "NAME",
    };

    private readonly Option<bool> _exclusive = new("--exclusive")
    {
        Description = "Of --task columns: exactly one class applies to a recording",
    };

    private readonly Option<string?> _options = new("--task-options")
    {
        Description = "JSON with the task's options, such as { \"minimumLikelihood\": 50 }",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_classes);
        command.Add(_positive);
        command.Add(_exclusive);
        command.Add(_options);
    }

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
            throw new UsageException($"{given.Name}: it is an option of --task {ColumnsTaskOptions.TaskName}");
        if (parsed.GetValue(_classes) is { } classes)
            options["classes"] = new JsonArray([.. DatasetOptions.Names(classes).Select(name => JsonValue.Create(name))]);
        if (parsed.GetValue(_positive) is { } positive)
            options["positive"] = positive;
        if (parsed.GetValue(_exclusive))
            options["exclusive"] = true;
        return new ComponentSpec(task, options.Count > 0 ? options : null);
    }
}
