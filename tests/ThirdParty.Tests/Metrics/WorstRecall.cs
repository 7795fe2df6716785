using SignalCam.Abstractions;

namespace ThirdParty.Tests.Metrics;

// The lowest recall of all classes.
// services.AddSignalCam().AddMetric<WorstRecall>("worst-recall");

public sealed class WorstRecall : IEcgMetric
{
    public string Name => "worst-recall";

    public double? Compute(ReadOnlySpan<float> targets, ReadOnlySpan<float> probabilities, IEcgTask task)
    {
        var classes = task.Classes.Count;
        var (found, there) = (new int[classes], new int[classes]);
        for (var i = 0; i < targets.Length; i++)
        {
            var c = i % classes;
            var highest = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(probabilities.Slice(i - c, classes)) == c;
            there[c] += targets[i] > 0 ? 1 : 0;
            found[c] += targets[i] > 0 && (task.Kind == TaskKind.Multiclass ? highest : probabilities[i] > 0.5f) ? 1 : 0;
        }
        return there.Zip(found).Where(c => c.First > 0).Min(c => (double?)c.Second / c.First);
    }
}
