using SignalCam.Abstractions;

namespace SignalCam.Torch.Heads;

/// <summary>The heads that come with the SDK: binary, multiclass, multilabel.</summary>
internal static class BuiltInHeads
{
    /// <summary>Adds them to a registry.</summary>
    public static void Register(PluginRegistry<IEcgHead> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        foreach (var kind in Enum.GetValues<TaskKind>())
            registry.Add<HeadOptions>(NameFor(kind), options => new BuiltInHead(kind, options));
    }

    /// <summary>The name of the head that fits a kind of task: "binary", "multiclass" or "multilabel".</summary>
    public static string NameFor(TaskKind kind) => kind switch
    {
        TaskKind.Binary => "binary",
        TaskKind.Multiclass => "multiclass",
        TaskKind.Multilabel => "multilabel",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind of task"),
    };

    /// <summary>Whether a head is one of these, whose graph is that of a dense layer.</summary>
    internal static bool Contains(IEcgHead head) => head is BuiltInHead;

    private sealed class BuiltInHead(TaskKind kind, HeadOptions options) : IEcgHead
    {
        public string Name => NameFor(kind);

        public EcgHead Create(int channels, int classes, TaskKind wanted)
        {
            if (wanted != kind)
                throw new ArgumentException($"head '{Name}' does not fit a {NameFor(wanted)} task", nameof(wanted));
            if (kind == TaskKind.Binary && classes != 1)
                throw new ArgumentException($"head '{Name}' has one output: found {classes} classes", nameof(classes));
            return kind == TaskKind.Multiclass
                ? new SoftmaxHead(channels, classes, options.ClassWeights)
                : new SigmoidHead(channels, classes, options.ClassWeights);
        }
    }
}
