using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Torch.Training.Data;

namespace SignalCam.Torch.Training.Sessions;

/// <summary>Everything that determines the bits of a training's result: two runs with equal identities produce the same bits.</summary>
internal static class TrainingIdentity
{
    // How fast, where to and how often, but not what comes out. Device and threads are there as what they came to.
    private static readonly string[] s_indifferent =
    [
        "device", "allowDeviceFallback", "loaderThreads", "torchThreads", "checkpointSeconds",
    ];

    /// <summary>The identity of a training that is about to start.</summary>
    public static JsonObject Of(TrainingOptions options, IEcgTask task, string device, LabeledRecordings train, LabeledRecordings valid)
    {
        var identity = new JsonObject
        {
            ["task"] = task.Name,
            ["device"] = device,
            ["torch threads"] = options.EffectiveTorchThreads,
            ["training recordings"] = train.Fingerprint(),
            ["validation recordings"] = valid.Fingerprint(),
        };
        foreach (var (name, value) in PluginOptions.Write(options))
            if (!s_indifferent.Contains(name))
                identity[$"option {name}"] = value?.DeepClone();
        return identity;
    }

    /// <summary>Ensures that a checkpoint belongs to this training.</summary>
    /// <exception cref="ResumeException">It does not; the message names the difference and both sides.</exception>
    public static void RequireSame(JsonObject saved, JsonObject now, string file)
    {
        foreach (var name in saved.Select(member => member.Key).Union(now.Select(member => member.Key)))
            if (!JsonNode.DeepEquals(saved[name], now[name]))
                throw new ResumeException(file, name, Text(saved[name]), Text(now[name]));
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "null";
}
