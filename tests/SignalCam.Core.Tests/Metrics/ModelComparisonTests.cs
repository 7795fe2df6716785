using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public sealed class ModelComparisonTests
{
    private const double Exact = 1e-12;

    [Fact]
    public void Delong_by_midranks_equals_the_sums_over_all_pairs()
    {
        var scores = EvaluationFiguresTests.Random(TaskKind.Binary, 1, 90, seed: 21);
        var labels = scores.TargetsOf(0);
        var (first, second) = (scores.ProbabilitiesOf(0),
            EvaluationFiguresTests.Random(TaskKind.Binary, 1, 90, seed: 22).ProbabilitiesOf(0));
        var test = DeLong.Compare(labels, first, second)!.Value;
        var (aucA, positivesA, negativesA) = Placements(labels, first);
        var (aucB, positivesB, negativesB) = Placements(labels, second);
        var (varA, varB, covariance) = (Sum(positivesA, positivesA, negativesA, negativesA),
            Sum(positivesB, positivesB, negativesB, negativesB), Sum(positivesA, positivesB, negativesA, negativesB));
        Assert.Equal(aucA, test.First, Exact);
        Assert.Equal(aucB, test.Second, Exact);
        Assert.Equal(varA, test.FirstVariance, Exact);
        Assert.Equal(varB, test.SecondVariance, Exact);
        Assert.Equal(covariance, test.Covariance, Exact);
        var z = (aucA - aucB) / Math.Sqrt(varA + varB - 2 * covariance);
        Assert.Equal(z, test.Z!.Value, 1e-9);
        Assert.Equal(NormalDistribution.TwoSided(z), test.P!.Value, 1e-9);
        var one = DeLong.Measure(labels, first)!.Value;
        Assert.Equal(aucA - 1.959963984540054 * Math.Sqrt(varA), one.Interval.Low, Exact);

        static double Sum(double[] p, double[] q, double[] m, double[] n) => Covariance(p, q) / p.Length + Covariance(m, n) / m.Length;

        static double Covariance(double[] a, double[] b) =>
            a.Zip(b, (x, y) => (x - a.Average()) * (y - b.Average())).Sum() / (a.Length - 1);
    }

    // Python's math.erfc(z / sqrt(2)), on both sides of where the method changes.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0.31731050786291415)]
    [InlineData(-1.959963984540054, 0.05000000000000004)]
    [InlineData(2.999, 0.002708673067454213)]
    [InlineData(3.001, 0.0026909456501699367)]
    [InlineData(5, 5.733031437583892e-07)]
    public void The_normal_tail_is_that_of_the_tables(double z, double expected) =>
        Assert.Equal(1, NormalDistribution.TwoSided(z) / expected, 1e-11);

    [Fact]
    public void Two_models_that_rank_alike_have_no_test_and_no_difference()
    {
        var scores = EvaluationFiguresTests.Random(TaskKind.Binary, 1, 50, seed: 1);
        float[] halved = [.. scores.ProbabilitiesOf(0).Select(p => p / 2)];
        var test = DeLong.Compare(scores.TargetsOf(0), scores.ProbabilitiesOf(0), halved)!.Value;
        Assert.Null(test.Z);
        Assert.Null(test.P);
        var other = new ScoredRecordings(TaskKind.Binary, scores.Classes, [.. scores.Targets], halved);
        Assert.Equal(new Figure(0, new Interval(0, 0)), ModelComparison.Compute(scores, other, 50).Difference);
    }

    [Fact]
    public void A_difference_has_the_interval_of_paired_resamples()
    {
        // The other model is the same but for noise: paired, the difference is far better known than either area.
        var scores = EvaluationFiguresTests.Random(TaskKind.Multilabel, 2, 400, seed: 31);
        var random = new EcgRandom(1);
        var other = new ScoredRecordings(TaskKind.Multilabel, scores.Classes, [.. scores.Targets],
            [.. scores.Probabilities.Select(p => (float)Math.Clamp(p + 0.02 * random.Normal(), 0, 1))]);
        var comparison = ModelComparison.Compute(scores, other);
        var (a, b) = (EvaluationFigures.Compute(scores).Overall["macro_roc_auc"],
            EvaluationFigures.Compute(other, 0).Overall["macro_roc_auc"]);
        Assert.Equal(a.Value!.Value - b.Value!.Value, comparison.Difference.Value!.Value, Exact);
        Assert.True(Width(comparison.Difference) < Width(a) / 3);
        Assert.Equal(["c0", "c1"], comparison.ByClass.Keys);
        // The two methods agree on a standard error, to the noise of 1,000 resamples.
        var test = comparison.ByClass["c0"].DeLong!.Value;
        var error = Math.Sqrt(test.FirstVariance + test.SecondVariance - 2 * test.Covariance);
        Assert.InRange(Width(comparison.ByClass["c0"].Difference) / (2 * 1.96 * error), 0.85, 1.15);

        static double Width(Figure figure) => figure.Interval!.Value.High - figure.Interval.Value.Low;
    }

    [Fact]
    public void Models_that_were_not_scored_on_the_same_recordings_are_refused()
    {
        var (one, other) = (EvaluationFiguresTests.Random(TaskKind.Binary, 1, 50, seed: 1),
            EvaluationFiguresTests.Random(TaskKind.Binary, 1, 50, seed: 2));
        Assert.Contains("their targets differ",
            Assert.Throws<ArgumentException>(() => ModelComparison.Compute(one, other)).Message, StringComparison.Ordinal);
    }

    private static (double Auc, double[] OfPositives, double[] OfNegatives) Placements(float[] labels, float[] scores)
    {
        float[] positives = [.. scores.Where((_, i) => labels[i] == 1)], negatives = [.. scores.Where((_, i) => labels[i] == 0)];
        double[] ofPositives = [.. positives.Select(x => negatives.Average(y => Kernel(x, y)))],
            ofNegatives = [.. negatives.Select(y => positives.Average(x => Kernel(x, y)))];
        return (ofPositives.Average(), ofPositives, ofNegatives);

        static double Kernel(float x, float y) => x > y ? 1 : x == y ? 0.5 : 0;
    }
}
