using SignalCam.Abstractions;

namespace ThirdParty.Tests.Tasks;

// Three mutually exclusive classes.
// services.AddSignalCam().AddTask<RateTask>("rate");

public sealed class RateTask : IEcgTask
{
    private static readonly string[] s_classes = ["slow", "normal", "fast"];

    public string Name => "rate";

    public IReadOnlyList<string> Classes => s_classes;

    public TaskKind Kind => TaskKind.Multiclass;

    public bool TryGetTarget(EcgEntry entry, Span<float> target)
    {
        target.Clear();
        var index = Array.IndexOf(s_classes, entry.Metadata.GetValueOrDefault("label"));
        if (index >= 0)
            target[index] = 1;
        return index >= 0;
    }
}
