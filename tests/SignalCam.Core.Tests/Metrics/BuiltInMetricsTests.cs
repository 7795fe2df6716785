using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public sealed class BuiltInMetricsTests
{
    private static readonly PluginRegistry<IEcgMetric> s_metrics = BuiltInMetrics.Register(new PluginRegistry<IEcgMetric>("metric"));

    // By hand: of a, b, b, a three are called rightly in both readings; ranks of a: 0.8, 0.3 against 0.4, 0.1: three pairs of four in
    // order.
    [Theory]
    [InlineData("accuracy", TaskKind.Multiclass, 0.75)]
    [InlineData("accuracy", TaskKind.Multilabel, 0.75)]
    [InlineData("f1", TaskKind.Multiclass, (2.0 / 3 + 0.8) / 2)]
    [InlineData("roc-auc", TaskKind.Multiclass, 0.75)]
    [InlineData("average-precision", TaskKind.Multilabel, ((1 + 2.0 / 3) / 2 + (1 + 2.0 / 3) / 2) / 2)]
    [InlineData("brier", TaskKind.Multilabel, (0.04 + 0.49 + 0.16 + 0.01) / 4)]
    public void Figures_are_those_worked_out_by_hand(string name, TaskKind kind, double expected)
    {
        float[] targets = [1, 0, 0, 1, 0, 1, 1, 0];
        float[] probabilities = [0.8f, 0.2f, 0.4f, 0.6f, 0.1f, 0.9f, 0.3f, 0.7f];
        Assert.Equal(expected, s_metrics.Create(new ComponentSpec(name)).Compute(targets, probabilities, new Task(kind))!.Value, 1e-6);
    }

    [Fact]
    public void A_figure_that_does_not_exist_is_null() =>
        Assert.Null(s_metrics.Create(new ComponentSpec("roc-auc")).Compute([1, 0], [0.8f, 0.2f], new Task(TaskKind.Multilabel)));

    private sealed class Task(TaskKind kind) : IEcgTask
    {
        public string Name => "two";

        public IReadOnlyList<string> Classes => ["a", "b"];

        public TaskKind Kind => kind;

        public bool TryGetTarget(EcgEntry entry, Span<float> target) => throw new NotSupportedException();
    }
}
