using System.Text.Json;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public class CurveTests
{
    private const double Exact = 1e-12;

    [SkippableFact]
    public void The_roc_curve_has_the_points_of_scikit_learn()
    {
        foreach (var expected in GoldenMetrics.Read("binary").EnumerateArray())
        {
            var curve = RocCurve.Compute(expected.Numbers("y"), expected.Numbers("p"));
            AssertEqual(expected.Numbers("fpr"), [.. curve.Points.Select(p => p.FalsePositiveRate)]);
            AssertEqual(expected.Numbers("tpr"), [.. curve.Points.Select(p => p.TruePositiveRate)]);
            Assert.Equal(expected.Number("roc_auc"), curve.Auc!.Value, Exact);
        }
    }

    [SkippableFact]
    public void The_trapezoids_under_the_complete_and_the_thinned_roc_curve_are_its_area()
    {
        foreach (var expected in GoldenMetrics.Read("binary").EnumerateArray())
            foreach (var thinned in new[] { true, false })
            {
                var points = RocCurve.Compute(expected.Numbers("y"), expected.Numbers("p"), thinned).Points;
                var area = points.Zip(points.Skip(1))
                    .Sum(s => (s.Second.FalsePositiveRate - s.First.FalsePositiveRate)
                        * (s.Second.TruePositiveRate + s.First.TruePositiveRate) / 2);
                Assert.Equal(expected.Number("roc_auc"), area, Exact);
            }
    }

    [SkippableFact]
    public void The_steps_under_the_precision_recall_curve_are_the_average_precision()
    {
        foreach (var expected in GoldenMetrics.Read("binary").EnumerateArray())
        {
            var curve = PrecisionRecallCurve.Compute(expected.Numbers("y"), expected.Numbers("p"));
            var steps = curve.Points.Zip(curve.Points.Skip(1)).Sum(s => (s.Second.Recall - s.First.Recall) * s.Second.Precision);
            Assert.Equal(expected.Number("average_precision"), steps, Exact);
            Assert.Equal(expected.Number("average_precision"), curve.AveragePrecision!.Value, Exact);
        }
    }

    [Fact]
    public void Each_point_of_a_complete_curve_is_what_its_threshold_gives()
    {
        double[] labels = [1, 0, 1, 0, 1], scores = [2.5, 2.5, -1, -3, 0];
        Assert.Equal(
            [
                new RocPoint(0, 0, double.PositiveInfinity), new RocPoint(0.5, 1.0 / 3, 2.5), new RocPoint(0.5, 2.0 / 3, 0),
                new RocPoint(0.5, 1, -1), new RocPoint(1, 1, -3),
            ],
            RocCurve.Compute(labels, scores, dropIntermediate: false).Points);
        Assert.Equal(
            [new(1, 0, double.PositiveInfinity), new(0.5, 1.0 / 3, 2.5), new(2.0 / 3, 2.0 / 3, 0), new(0.75, 1, -1), new(0.6, 1, -3)],
            PrecisionRecallCurve.Compute(labels, scores).Points);
    }

    [Fact]
    public void A_curve_that_needs_a_class_that_is_not_there_is_empty()
    {
        var roc = RocCurve.Compute([1.0, 1], [0.2, 0.4]);
        Assert.Empty(roc.Points);
        Assert.Null(roc.Auc);
        var precisionRecall = PrecisionRecallCurve.Compute([0.0, 0], [0.2, 0.4]);
        Assert.Empty(precisionRecall.Points);
        Assert.Null(precisionRecall.AveragePrecision);
    }

    [Fact]
    public void A_score_that_is_no_number_is_refused() =>
        Assert.Contains("score 1 is NaN",
            Assert.Throws<ArgumentException>(() => RocCurve.Compute([1.0, 0], [0.2, double.NaN])).Message, StringComparison.Ordinal);

    [Fact]
    public void Curves_survive_json_with_their_infinite_threshold()
    {
        var roc = RocCurve.Compute([1.0, 0, 1], [0.9, 0.5, 0.4]);
        Assert.Equal(roc.Points, JsonSerializer.Deserialize<RocCurve>(JsonSerializer.Serialize(roc))!.Points);
    }

    private static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Exact));
    }
}
