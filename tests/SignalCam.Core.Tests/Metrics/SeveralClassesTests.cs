using System.Text.Json;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public class SeveralClassesTests
{
    private const double Exact = 1e-12;

    private static readonly string[] Five = ["a", "b", "c", "d", "e"];
    private static readonly string[] Four = ["a", "b", "c", "d"];

    [SkippableFact]
    public void Multilabel_figures_equal_those_of_scikit_learn()
    {
        var expected = GoldenMetrics.Read("multilabel");
        var m = MultilabelMetrics.Compute(expected.Numbers("y"), expected.Numbers("p"), Five);
        Assert.Equal(120, m.N);
        Assert.Equal(expected.Number("macro_roc_auc"), m.MacroRocAuc!.Value, Exact);
        Assert.Equal(expected.Number("macro_average_precision"), m.MacroAveragePrecision!.Value, Exact);
        Assert.Equal(expected.Number("macro_f1"), m.MacroF1!.Value, Exact);
        Assert.Equal(expected.Number("micro_f1"), m.MicroF1!.Value, Exact);
        Assert.Equal(Five, m.ByClass.Keys);
        foreach (var (auc, figures) in expected.Numbers("per_class_roc_auc").Zip(m.ByClass.Values))
            Assert.Equal(auc, figures.RocAuc!.Value, Exact);
        Assert.Empty(m.ClassesWithoutAuc);
    }

    [SkippableFact]
    public void Multiclass_figures_equal_those_of_scikit_learn()
    {
        var expected = GoldenMetrics.Read("multiclass");
        double[] labels = [.. expected.Numbers("y").SelectMany(y => Enumerable.Range(0, 4).Select(c => c == y ? 1.0 : 0))];
        var m = MulticlassMetrics.Compute(labels, expected.Numbers("p"), Four);
        Assert.Equal(90, m.N);
        Assert.Equal(expected.Number("accuracy"), m.Accuracy, Exact);
        Assert.Equal(expected.Number("macro_f1"), m.MacroF1!.Value, Exact);
        Assert.Equal(expected.Number("ovr_macro_auc"), m.MacroRocAuc!.Value, Exact);
        Assert.Equal(expected.Numbers("confusion"), m.Confusion.Counts.SelectMany(row => row).Select(n => (double)n));
    }

    [Fact]
    public void A_class_without_positives_is_left_out_of_the_means_and_named()
    {
        // Class a ranks both of its pairs rightly; b has no positive.
        var m = MultilabelMetrics.Compute([1f, 0, 0, 0, 0, 0], [0.9f, 0.1f, 0.2f, 0.3f, 0.1f, 0.2f], ["a", "b"]);
        Assert.Equal(1, m.MacroRocAuc);
        Assert.Equal(["b"], m.ClassesWithoutAuc);
        Assert.Equal(1, m.MacroF1);
        Assert.Null(m.ByClass["b"].F1);
        // Of five pairs (the positive 0.9 with each other probability) all are right.
        Assert.Equal(1, m.MicroRocAuc);
    }

    [Fact]
    public void Means_are_null_when_no_class_has_the_figure()
    {
        var m = MultilabelMetrics.Compute([0f, 0f], [0.1f, 0.2f], ["a"]);
        Assert.Null(m.MacroRocAuc);
        Assert.Null(m.MicroRocAuc);
        Assert.Null(m.MicroF1);
    }

    [Fact]
    public void The_first_of_equal_probabilities_is_the_prediction()
    {
        var m = MulticlassMetrics.Compute([0.0, 1, 1, 0], [0.5, 0.5, 0.5, 0.5], ["a", "b"]);
        Assert.Equal([[1, 0], [1, 0]], m.Confusion.Counts);
        Assert.Equal(new ClassFigures(1, 0.5, 1, 2.0 / 3, 0.5), m.ByClass["a"]);
        Assert.Equal(new ClassFigures(1, null, 0, 0, 0.5), m.ByClass["b"]);
    }

    [Theory]
    [InlineData(new[] { 1.0, 1, 0 }, "recording 0 has more than one class")]
    [InlineData(new[] { 0.0, 0, 0 }, "recording 0 has no class")]
    public void A_recording_without_exactly_one_class_is_refused(double[] labels, string expected) =>
        Assert.Contains(expected,
            Assert.Throws<ArgumentException>(() => MulticlassMetrics.Compute(labels, [0.1, 0.2, 0.7], ["a", "b", "c"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_block_that_is_no_whole_number_of_records_is_refused() =>
        Assert.Contains("3 labels are no whole number of records of 2 classes",
            Assert.Throws<ArgumentException>(() => MultilabelMetrics.Compute([1.0, 0, 0], [0.1, 0.2, 0.3], ["a", "b"])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_confusion_matrix_refuses_an_index_that_is_no_class()
    {
        Assert.Contains("class 2 of recording 1",
            Assert.Throws<ArgumentException>(() => ConfusionMatrix.Compute([0, 1], [0, 2], ["a", "b"])).Message, StringComparison.Ordinal);
        var matrix = ConfusionMatrix.Compute([0, 0, 1], [0, 1, 1], ["a", "b"]);
        Assert.Equal((2, 1, 1, 2), (matrix.Actual(0), matrix.Actual(1), matrix.Predicted(0), matrix.Predicted(1)));
    }

    [Fact]
    public void Json_holds_the_classes_in_their_order()
    {
        var json = JsonSerializer.SerializeToElement(MultilabelMetrics.Compute([1f, 0, 0, 1], [0.9f, 0.1f, 0.2f, 0.3f], ["z", "a"]));
        Assert.Equal(["z", "a"], json.GetProperty("by_class").EnumerateObject().Select(c => c.Name));
        Assert.Equal(1, json.GetProperty("macro_roc_auc").GetDouble());
    }
}
