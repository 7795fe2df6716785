using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public class SeveralClassesTests
{
    [Fact]
    public void A_class_without_positives_is_left_out_of_the_means_and_named()
    {
        // Class a ranks both of its pairs rightly; b has no positive.
        var figures = Measure(TaskKind.Multilabel, [1, 0, 0, 0, 0, 0], [0.9f, 0.1f, 0.2f, 0.3f, 0.1f, 0.2f], "a", "b");
        Assert.Equal(1, figures.Overall[FigureNames.MacroRocAuc].Value);
        Assert.Equal(["b"], figures.ToJson()["classes_without_auc"]!.AsArray().Select(name => (string)name!));
        Assert.Equal(1, figures.Overall[FigureNames.MacroF1].Value);
        Assert.Null(figures.ByClass["b"].Figures[FigureNames.F1].Value);
        // Of five pairs (the positive 0.9 with each other probability) all are right.
        Assert.Equal(1, figures.Overall[FigureNames.MicroRocAuc].Value);
    }

    [Fact]
    public void Means_are_null_when_no_class_has_the_figure()
    {
        var overall = Measure(TaskKind.Multilabel, [0, 0], [0.1f, 0.2f], "a").Overall;
        Assert.Null(overall[FigureNames.MacroRocAuc].Value);
        Assert.Null(overall[FigureNames.MicroRocAuc].Value);
        Assert.Null(overall[FigureNames.MicroF1].Value);
    }

    [Fact]
    public void The_first_of_equal_probabilities_is_the_prediction()
    {
        var figures = Measure(TaskKind.Multiclass, [0, 1, 1, 0], [0.5f, 0.5f, 0.5f, 0.5f], "a", "b");
        Assert.Equal([[1, 0], [1, 0]], figures.Confusion!.Counts);
        Assert.Equal([0.5, 1, 2.0 / 3, 0.5], Of("a"));
        Assert.Equal([null, 0, 0, 0.5], Of("b"));

        double?[] Of(string name) =>
        [
            .. ((string[])[FigureNames.Precision, FigureNames.Recall, FigureNames.F1, FigureNames.RocAuc])
                .Select(figure => figures.ByClass[name].Figures[figure].Value),
        ];
    }

    [Theory]
    [InlineData(new[] { 1f, 1, 0 }, "recording 0 has more than one class")]
    [InlineData(new[] { 0f, 0, 0 }, "recording 0 has no class")]
    public void A_recording_without_exactly_one_class_is_refused(float[] targets, string expected) =>
        Assert.Contains(expected,
            Assert.Throws<ArgumentException>(() => Measure(TaskKind.Multiclass, targets, [0.1f, 0.2f, 0.7f], "a", "b", "c")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_block_that_is_no_whole_number_of_records_is_refused() =>
        Assert.Contains("3 labels are no whole number of records of 2 classes",
            Assert.Throws<ArgumentException>(() => Measure(TaskKind.Multilabel, [1, 0, 0], [0.1f, 0.2f, 0.3f], "a", "b")).Message,
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
        var json = Measure(TaskKind.Multilabel, [1, 0, 0, 1], [0.9f, 0.1f, 0.2f, 0.3f], "z", "a").ToJson();
        Assert.Equal(["z", "a"], json["by_class"]!.AsObject().Select(c => c.Key));
        Assert.Equal(1, (double)json["macro_roc_auc"]!);
    }

    private static EvaluationFigures Measure(TaskKind kind, float[] targets, float[] probabilities, params string[] classes) =>
        EvaluationFigures.Compute(new ScoredRecordings(kind, classes, targets, probabilities), resamples: 0);
}
