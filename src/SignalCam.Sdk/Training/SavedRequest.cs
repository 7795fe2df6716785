using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Runs;

namespace SignalCam.Sdk.Training;

/// <summary>
/// A training's request as run.json keeps it, so that a run folder alone is enough to continue. The user's folder is written as "~".
/// </summary>
internal static class SavedRequest
{
    private static readonly string s_home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The part of run.json that describes a request.</summary>
    public static JsonObject Write(TrainingRequest request, RunFolder run)
    {
        var notes = new JsonObject
        {
            ["request"] = new JsonObject
            {
                ["model"] = Path.GetRelativePath(run.FolderPath, request.ModelPath),
                ["dataset"] = Converted(Spec(request.Dataset), WithoutHome),
                ["task"] = Spec(request.Task),
                ["trainFolds"] = request.TrainFolds.ToString(),
                ["validFolds"] = request.ValidFolds.ToString(),
                ["excludeUnusable"] = request.ExcludeUnusable,
                ["onBadRecording"] = JsonSerializer.SerializeToNode(request.Reading.OnBadRecording, PluginOptions.Json),
            },
        };
        if (request.Input is { } input)
            notes["request"]!["input"] = JsonSerializer.SerializeToNode(input, PluginOptions.Json);
        if (request.Command is { } command)
            notes["command"] = string.Join(' ', command.Select(word => WithoutHome(word))
                .Select(word => word.Contains(' ', StringComparison.Ordinal) ? $"'{word}'" : word));
        return notes;
    }

    /// <summary>The request of a run, which continues from its checkpoint.</summary>
    /// <exception cref="ModelFormatException">The folder holds no run, or one that was not started with a request.</exception>
    public static TrainingRequest Read(string folder)
    {
        var run = new RunFolder(folder);
        var description = run.ReadDescription();
        try
        {
            var request = Part(description, "request");
            return new TrainingRequest
            {
                ModelPath = Path.GetFullPath(Path.Combine(folder, (string)Part(request, "model")!)),
                RunFolder = folder,
                Resume = true,
                Dataset = SpecOf(Converted(Part(request, "dataset"), WithHome)),
                Task = SpecOf(Part(request, "task")),
                Input = request["input"]?.Deserialize<TrainingInput>(PluginOptions.Json),
                TrainFolds = FoldSet.Parse((string)Part(request, "trainFolds")!),
                ValidFolds = FoldSet.Parse((string)Part(request, "validFolds")!),
                Reading = new() { OnBadRecording = Part(request, "onBadRecording").Deserialize<OnBadRecording>(PluginOptions.Json) },
                // Runs of earlier versions do not say.
                ExcludeUnusable = request["excludeUnusable"]?.GetValue<bool>() ?? false,
                Options = PluginOptions.Read<TrainingOptions>("run", folder, Part(description, "options").AsObject()),
            };
        }
        // ArgumentException: a member that occurs twice, or an invalid path.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException
            or DatasetSplitException or PluginException)
        {
            throw new ModelFormatException(run.DescriptionPath, "request", $"an error ({e.Message})", "what was trained on what", e);
        }

        ComponentSpec SpecOf(JsonNode node) => node.Deserialize<ComponentSpec>(PluginOptions.Json) is { Name: not null } spec
            ? spec
            : throw new ModelFormatException(
                run.DescriptionPath, "request", node.ToJsonString(), "a name, and options where there are any");

        JsonNode Part(JsonNode whole, string name) =>
            whole[name] ?? throw new ModelFormatException(run.DescriptionPath, name, "nothing", "what was trained on what");
    }

    private static JsonNode Spec(ComponentSpec spec) => JsonSerializer.SerializeToNode(spec, PluginOptions.Json)!;

    private static string WithoutHome(string text) =>
        s_home.Length > 1 && (text == s_home || text.StartsWith(s_home + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            ? "~" + text[s_home.Length..]
            : text;

    private static string WithHome(string text) =>
        text == "~" || text.StartsWith("~" + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? s_home + text[1..] : text;

    /// <summary>The same JSON with every text in it converted.</summary>
    private static JsonNode Converted(JsonNode node, Func<string, string> convert) => node switch
    {
        JsonObject members =>
            new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Converted(m.Value, convert)))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Converted(item, convert))]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(convert(text)),
        _ => node.DeepClone(),
    };
}
