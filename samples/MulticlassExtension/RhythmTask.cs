using SignalCam.Abstractions;

namespace MulticlassExtension;

// Which of three rhythms applies.

public sealed class RhythmTask : IEcgTask
{
    public static IReadOnlyList<string> Rhythms { get; } = ["SR", "AFIB", "BIGU"];

    public string Name => "rhythm-of-three";

    public IReadOnlyList<string> Classes => Rhythms;

    public TaskKind Kind => TaskKind.Multiclass;

    public bool TryGetTarget(EcgEntry entry, Span<float> target)
    {
        for (var c = 0; c < target.Length; c++)
            target[c] = entry.Statements.Any(s => s.Code == Rhythms[c]) ? 1 : 0;
        return target.Contains(1);
    }
}
