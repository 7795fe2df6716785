using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>
/// The built-in metrics as plug-ins. With several classes, each is the unweighted mean over the classes for which it is defined.
/// </summary>
internal static class BuiltInMetrics
{
    /// <summary>Adds "accuracy", "average-precision", "brier", "f1" and "roc-auc" to a registry.</summary>
    /// <remarks>
    /// Each class counts as called where its probability is above 0.5; for a multiclass task, where it is the highest ("accuracy", "f1").
    /// </remarks>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public static PluginRegistry<IEcgMetric> Register(PluginRegistry<IEcgMetric> registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry
            .Add("accuracy", () => new BuiltIn("accuracy", ClassFigure.Accuracy, OverallFigure.Accuracy))
            .Add("average-precision", () => new BuiltIn("average-precision", ClassFigure.AveragePrecision))
            .Add("brier", () => new BuiltIn("brier", ClassFigure.Brier))
            .Add("f1", () => new BuiltIn("f1", ClassFigure.F1))
            .Add("roc-auc", () => new BuiltIn("roc-auc", ClassFigure.RocAuc));
    }

    private sealed class BuiltIn(string name, ClassFigure figure, OverallFigure? ofMulticlass = null) : IEcgMetric
    {
        public string Name => name;

        public double? Compute(ReadOnlySpan<float> targets, ReadOnlySpan<float> probabilities, IEcgTask task)
        {
            ArgumentNullException.ThrowIfNull(task);
            var scores = new ScoredRecordings(task.Kind, task.Classes, [.. targets], [.. probabilities]);
            return task.Kind == TaskKind.Multiclass && ofMulticlass is { } together
                ? ScoreKernel.Together(scores, together)
                : ScoreKernel.Mean(scores, figure);
        }
    }
}
