using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>
/// The built-in metrics as plug-ins. With several classes, each is the unweighted mean over the classes for which it is defined.
/// </summary>
internal static class BuiltInMetrics
{
    private delegate double? Figure(ReadOnlySpan<float> targets, ReadOnlySpan<float> probabilities, IReadOnlyList<string> classes);

    /// <summary>Adds "accuracy", "average-precision", "brier", "f1" and "roc-auc" to a registry.</summary>
    /// <remarks>
    /// Each class counts as called where its probability is above 0.5; for a multiclass task, where it is the highest ("accuracy", "f1").
    /// </remarks>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public static PluginRegistry<IEcgMetric> Register(PluginRegistry<IEcgMetric> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add("accuracy", () => new BuiltIn("accuracy", Mean(m => m.Accuracy), (t, p, c) => MulticlassMetrics.Compute(t, p, c).Accuracy))
            .Add("average-precision", () => new BuiltIn("average-precision", Mean(m => m.AveragePrecision)))
            .Add("brier", () => new BuiltIn("brier", Mean(m => m.Brier)))
            .Add("f1", () => new BuiltIn("f1", Mean(m => m.F1), (t, p, c) => MulticlassMetrics.Compute(t, p, c).MacroF1))
            .Add("roc-auc", () => new BuiltIn("roc-auc", Mean(m => m.RocAuc)));
    }

    private static Figure Mean(Func<BinaryMetrics, double?> figure) =>
        (targets, probabilities, classes) => MultilabelMetrics.Compute(targets, probabilities, classes).ByClass.Values.Average(figure);

    private sealed class BuiltIn(string name, Figure figure, Figure? multiclass = null) : IEcgMetric
    {
        public string Name => name;

        public double? Compute(ReadOnlySpan<float> targets, ReadOnlySpan<float> probabilities, IEcgTask task)
        {
            ArgumentNullException.ThrowIfNull(task);
            var chosen = task.Kind == TaskKind.Multiclass ? multiclass ?? figure : figure;
            return chosen(targets, probabilities, task.Classes);
        }
    }
}
