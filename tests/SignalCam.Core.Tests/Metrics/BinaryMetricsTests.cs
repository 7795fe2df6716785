using System.Text.Json;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Metrics;

public class BinaryMetricsTests
{
    private const double Exact = 1e-12;

    [SkippableFact]
    public void Figures_equal_those_of_scikit_learn_ties_and_a_probability_at_the_threshold_included()
    {
        foreach (var expected in GoldenMetrics.Read("binary").EnumerateArray())
        {
            var m = BinaryMetrics.Compute(expected.Numbers("y"), expected.Numbers("p"));
            Assert.Equal(expected.Numbers("confusion"),
                new double[] { m.TrueNegatives, m.FalsePositives, m.FalseNegatives, m.TruePositives });
            Assert.Equal(expected.Number("roc_auc"), m.RocAuc!.Value, Exact);
            Assert.Equal(expected.Number("average_precision"), m.AveragePrecision!.Value, Exact);
            Assert.Equal(expected.Number("brier"), m.Brier, Exact);
            Assert.Equal(expected.Number("log_loss"), m.LogLoss, Exact);
            Assert.Equal(expected.Number("f1"), m.F1!.Value, Exact);
            Assert.Equal(expected.Number("precision"), m.Precision!.Value, Exact);
            Assert.Equal(expected.Number("recall"), m.Recall!.Value, Exact);
            Assert.Equal(expected.Number("balanced_accuracy"), m.BalancedAccuracy!.Value, Exact);
        }
    }

    [SkippableFact]
    public void The_released_weights_figures_on_fold_9_are_reproduced_from_their_probabilities()
    {
        var lines = File.ReadLines(TestData.Shared("golden/fold9-predictions.csv")).Skip(1).Select(l => l.Split(',')).ToList();
        var m = BinaryMetrics.Compute([.. lines.Select(l => double.Parse(l[1]))], lines.Select(l => double.Parse(l[2])).ToArray());
        using var summary = JsonDocument.Parse(File.ReadAllText(TestData.Shared("golden/fold9-summary.json")));
        AssertSame(summary.RootElement.GetProperty("normal_vs_abnormal"), m);
        Assert.Equal((789, 125, 174, 1095), (m.TrueNegatives, m.FalsePositives, m.FalseNegatives, m.TruePositives));
    }

    /// <summary>
    /// Every figure that the golden file has is in the JSON, under the same name, within 1e-9: the probabilities have nine digits.
    /// </summary>
    internal static void AssertSame(JsonElement expected, BinaryMetrics metrics)
    {
        var json = JsonSerializer.SerializeToElement(metrics);
        foreach (var figure in expected.EnumerateObject())
            Assert.Equal(figure.Value.GetDouble(), json.GetProperty(figure.Name).GetDouble(), 1e-9);
    }

    [Fact]
    public void A_tie_of_a_positive_and_a_negative_counts_half()
    {
        // Pairs (positive, negative): (0.5, 0.5) half, (0.5, 0.2) one, (0.8, 0.5) one, (0.8, 0.2) one.
        var m = BinaryMetrics.Compute([1.0, 0, 1, 0], [0.5, 0.5, 0.8, 0.2]);
        Assert.Equal(3.5 / 4, m.RocAuc);
        // 0.8: precision 1, recall + 1/2; then 0.5: precision 2/3, recall + 1/2.
        Assert.Equal(0.5 + 1.0 / 3, m.AveragePrecision!.Value, Exact);
    }

    [Fact]
    public void Constant_probabilities_have_an_area_of_one_half() =>
        Assert.Equal(0.5, BinaryMetrics.Compute([1.0, 0, 0, 1, 0], [0.3, 0.3, 0.3, 0.3, 0.3]).RocAuc);

    [Fact]
    public void A_probability_equal_to_the_threshold_is_negative()
    {
        var m = BinaryMetrics.Compute([1f, 0f], [0.25f, 0.25f], threshold: 0.25);
        Assert.Equal((1, 0, 1, 0), (m.TrueNegatives, m.FalsePositives, m.FalseNegatives, m.TruePositives));
    }

    [Fact]
    public void Figures_that_need_the_other_class_are_null_when_there_are_only_negatives()
    {
        var m = BinaryMetrics.Compute([0.0, 0], [0.1, 0.2]);
        Assert.Null(m.RocAuc);
        Assert.Null(m.AveragePrecision);
        Assert.Null(m.Recall);
        Assert.Null(m.Precision);
        Assert.Null(m.F1);
        Assert.Equal((1.0, 1.0), (m.Accuracy, m.Specificity!.Value));
        Assert.Equal(0.025, m.Brier, Exact);
        Assert.Contains("\"roc_auc\":null", JsonSerializer.Serialize(m), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_positives_have_an_average_precision_but_no_area_under_the_roc_curve()
    {
        var m = BinaryMetrics.Compute([1.0, 1], [0.1, 0.9]);
        Assert.Null(m.RocAuc);
        Assert.Null(m.Specificity);
        Assert.Equal(1, m.AveragePrecision);
    }

    [Fact]
    public void A_saturated_wrong_probability_costs_much_but_not_infinity() =>
        Assert.Equal(-Math.Log(BinaryMetrics.LogLossClip), BinaryMetrics.Compute([1.0], [0.0]).LogLoss, Exact);

    [Fact]
    public void Json_has_the_names_that_other_programs_read()
    {
        var names = JsonSerializer.SerializeToElement(BinaryMetrics.Compute([1.0, 0], [0.9, 0.1])).EnumerateObject().Select(p => p.Name);
        Assert.Equal(
            [
                "n", "threshold", "tn", "fp", "fn", "tp", "roc_auc", "average_precision", "brier", "log_loss", "accuracy", "precision",
                "recall", "specificity", "f1", "balanced_accuracy",
            ],
            names);
    }

    [Theory]
    [InlineData(new double[] { }, new double[] { }, "nothing to measure")]
    [InlineData(new[] { 1.0, 0 }, new[] { 0.5 }, "2 labels, but 1 predictions")]
    [InlineData(new[] { 1.0, 0.5 }, new[] { 0.5, 0.5 }, "label 1 is 0.5")]
    [InlineData(new[] { 1.0, 0 }, new[] { 0.5, 1.5 }, "probability 1 is 1.5")]
    [InlineData(new[] { 1.0, 0 }, new[] { double.NaN, 0.5 }, "probability 0 is NaN")]
    public void Input_that_cannot_be_measured_is_refused_by_position(double[] labels, double[] probabilities, string expected) =>
        Assert.Contains(expected,
            Assert.Throws<ArgumentException>(() => BinaryMetrics.Compute(labels, probabilities)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_area_equals_the_share_of_rightly_ordered_pairs_for_random_scores_with_many_ties()
    {
        var random = new EcgRandom(7);
        double[] labels = [.. Enumerable.Range(0, 500).Select(_ => random.Chance(0.3) ? 1.0 : 0)];
        double[] scores = [.. labels.Select(l => Math.Round(Math.Clamp(0.4 + 0.2 * l + 0.2 * random.Normal(), 0, 1), 1))];
        double pairs = 0, right = 0;
        for (var i = 0; i < labels.Length; i++)
            for (var j = 0; j < labels.Length; j++)
                if (labels[i] > labels[j])
                {
                    pairs++;
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
        Assert.Equal(right / pairs, BinaryMetrics.Compute(labels, scores).RocAuc!.Value, Exact);
    }
}
