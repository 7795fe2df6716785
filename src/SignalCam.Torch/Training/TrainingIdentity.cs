using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Torch.Training;

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

/// <summary>A training cannot resume from a checkpoint, because the checkpoint is of another training.</summary>
public sealed class ResumeException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="what">The difference: "option epochs", "torch threads", "training recordings".</param>
    /// <param name="saved">The value in the checkpoint.</param>
    /// <param name="current">The current value.</param>
    public ResumeException(string file, string what, string saved, string current)
        : base($"cannot resume from {file}: {what} is {saved} in the checkpoint and {current} now")
    {
        What = what;
        Saved = saved;
        Current = current;
    }

    /// <summary>The difference: "option epochs", "torch threads", "training recordings".</summary>
    public string What { get; }

    /// <summary>The value in the checkpoint.</summary>
    public string Saved { get; }

    /// <summary>The current value.</summary>
    public string Current { get; }
}
