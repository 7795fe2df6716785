using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Core.Models;
using SignalCam.Torch.Native;

namespace SignalCam.Torch.Training.Runs;

/// <summary>
/// run.json: the description of a training, for people and for resuming. It contains no path, user name or patient data of its own.
/// </summary>
internal sealed class RunDescription
{
    public const string Completed = "completed";
    public const string EarlyStopped = "early-stopped";
    public const string Cancelled = "cancelled";
    public const string Failed = "failed";

    private const int FormatVersion = 1;
    private const long MostBytes = 1 << 24;
    private static readonly JsonSerializerOptions s_json = new(JsonForms.SnakeCase()) { WriteIndented = true };

    private readonly string _path;

    private RunDescription(string path, JsonObject content)
    {
        _path = path;
        Content = content;
    }

    public JsonObject Content { get; }

    /// <summary>Whether the training is finished; false if it can be resumed.</summary>
    public bool HasEnded => (string?)Content["end"] is Completed or EarlyStopped;

    /// <summary>Describes a training that starts now.</summary>
    public static RunDescription Start(string path, TrainingOptions options, JsonObject identity, JsonObject? notes)
    {
        var content = new JsonObject
        {
            ["version"] = FormatVersion,
            ["started"] = Now(),
            ["resumed"] = new JsonArray(),
            ["ended"] = null,
            ["end"] = null,
            ["reason"] = null,
            ["seed"] = options.Seed,
            ["options"] = PluginOptions.Write(options),
            ["task"] = identity["task"]?.DeepClone(),
            ["device"] = identity["device"]?.DeepClone(),
            ["torch_threads"] = identity["torch threads"]?.DeepClone(),
            ["data"] = new JsonObject
            {
                ["train"] = identity["training recordings"]?.DeepClone(),
                ["valid"] = identity["validation recordings"]?.DeepClone(),
            },
            ["versions"] = Versions(),
            ["machine"] = Machine(),
        };
        foreach (var (name, value) in notes ?? [])
            content[name] = value?.DeepClone();
        return new RunDescription(path, content);
    }

    /// <summary>Reads the description of a run.</summary>
    /// <exception cref="ModelFormatException">The file is missing or not a description of a run.</exception>
    public static RunDescription Load(string path)
    {
        try
        {
            if (JsonNode.Parse(RegularFile.ReadAllText(path, MostBytes)) is not JsonObject content
                || (int?)content["version"] != FormatVersion)
                throw new ModelFormatException(path, "version", "another or none", FormatVersion.ToString(CultureInfo.InvariantCulture));
            if (content["resumed"] is not JsonArray || content["end"] is not (null or JsonValue)
                || (content["end"] as JsonValue)?.TryGetValue<string>(out _) == false)
                throw new ModelFormatException(
                    path, "resumed or end", "something else", "the times when the run was resumed, and how it ended");
            return new RunDescription(path, content);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "the description of a run");
            throw new ModelFormatException(path, null, found, expected, e);
        }
        // ArgumentException: a member that occurs twice.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ModelFormatException(path, null, $"an error ({e.Message})", "the description of a run, in JSON", e);
        }
    }

    /// <summary>The training continues.</summary>
    public void Resume()
    {
        Content["resumed"]!.AsArray().Add(Now());
        (Content["ended"], Content["end"], Content["reason"]) = (null, null, null);
    }

    /// <summary>The training has ended.</summary>
    /// <param name="end">One of the constants.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="best">The best epoch; null if none was finished.</param>
    public void End(string end, string reason, EpochStatistics? best)
    {
        (Content["ended"], Content["end"], Content["reason"]) = (Now(), end, reason);
        Content["best"] = best is null ? null : new JsonObject
        {
            ["epoch"] = best.Epoch,
            ["valid_accuracy"] = best.ValidAccuracy,
            ["valid_roc_auc"] = best.ValidRocAuc,
        };
    }

    public void Save() => WholeFile.WriteText(_path, Content.ToJsonString(s_json));

    private static string Now() => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Versions()
    {
        var sdk = typeof(RunDescription).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') ?? [];
        return new JsonObject
        {
            ["sdk"] = sdk.FirstOrDefault(),
            ["git_commit"] = sdk.Skip(1).FirstOrDefault(),
            ["torch"] = TorchRuntime.Probe().ToString(),
            ["dotnet"] = RuntimeInformation.FrameworkDescription,
            ["os"] = RuntimeInformation.OSDescription,
        };
    }

    private static JsonObject Machine() => new()
    {
        ["cpu"] = CpuName(),
        ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        ["processors"] = Environment.ProcessorCount,
    };

    /// <summary>The processor's name; null if the system does not report it.</summary>
    private static string? CpuName()
    {
        const string linux = "/proc/cpuinfo";
        if (!File.Exists(linux))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        return File.ReadLines(linux)
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();
    }
}
