using System.Text.Json.Nodes;
using SignalCam.Abstractions;

namespace SignalCam.Torch.Training;

/// <summary>What decides the bits of a training's result: two runs that agree in all of it are the same run.</summary>
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

    /// <summary>Makes sure that a checkpoint is of this very training.</summary>
    /// <exception cref="ResumeException">It is not; the message names what differs, and both sides.</exception>
    public static void RequireSame(JsonObject saved, JsonObject now, string file)
    {
        foreach (var name in saved.Select(member => member.Key).Union(now.Select(member => member.Key)))
            if (!JsonNode.DeepEquals(saved[name], now[name]))
                throw new ResumeException(file, name, Text(saved[name]), Text(now[name]));
    }

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "null";
}

/// <summary>A training cannot go on from a checkpoint, because the checkpoint is of another training.</summary>
public sealed class ResumeException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="what">What differs: "option epochs", "torch threads", "training recordings".</param>
    /// <param name="saved">What the checkpoint says.</param>
    /// <param name="current">What holds now.</param>
    public ResumeException(string file, string what, string saved, string current)
        : base($"cannot go on from {file}: {what} is {saved} in the checkpoint and {current} now")
    {
        What = what;
        Saved = saved;
        Current = current;
    }

    /// <summary>What differs: "option epochs", "torch threads", "training recordings".</summary>
    public string What { get; }

    /// <summary>What the checkpoint says.</summary>
    public string Saved { get; }

    /// <summary>What holds now.</summary>
    public string Current { get; }
}
