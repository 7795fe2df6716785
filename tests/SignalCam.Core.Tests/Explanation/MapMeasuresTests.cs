using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Tests.Explanation;

public sealed class MapMeasuresTests
{
    [Fact]
    public void The_pointing_game_asks_whether_the_largest_value_lies_on_the_truth()
    {
        bool[] truth = [false, true, true, false];
        Assert.Equal(1, MapMeasures.PointingGame([0, 3, 1, 2], truth));
        Assert.Equal(0, MapMeasures.PointingGame([-5, -3, -2, -1], truth));
        Assert.Equal(0.5, MapMeasures.PointingGame([7, 7, 1, 2], truth));
        // A constant map scores what a random place would.
        Assert.Equal(MapMeasures.Share(truth), MapMeasures.PointingGame([0, 0, 0, 0], truth));
        Assert.Null(MapMeasures.PointingGame([1, 2], [false, false]));
    }

    [Fact]
    public void Relevance_mass_is_the_share_of_the_positive_values_on_the_mask()
    {
        Assert.Equal(0.75, MapMeasures.RelevanceMass([1, 3, -100, 0], [false, true, true, false])!.Value, 1e-12);
        Assert.Null(MapMeasures.RelevanceMass([-1, 0], [true, false]));
        Assert.Null(MapMeasures.RelevanceMass([1, 1], [false, false]));
    }

    [Fact]
    public void The_Gini_index_is_0_for_equal_values_and_1_minus_1_over_n_for_a_single_one()
    {
        Assert.Equal(0, MapMeasures.Gini([2, -2, 2, 2])!.Value, 1e-12);
        Assert.Equal(0.75, MapMeasures.Gini([0, 0, -5, 0])!.Value, 1e-12);
        // 1 - 2 (0.1 x 3.5 + 0.2 x 2.5 + 0.3 x 1.5 + 0.4 x 0.5) / 4
        Assert.Equal(0.25, MapMeasures.Gini([4, 1, 3, 2])!.Value, 1e-12);
        Assert.Null(MapMeasures.Gini([0, 0]));
    }

    [Fact]
    public void Rank_correlation_is_Spearman_s_with_mean_ranks_for_ties()
    {
        Assert.Equal(1, MapMeasures.RankCorrelation([1, 2, 30], [-5, 0, 0.1f])!.Value, 1e-12);
        Assert.Equal(-1, MapMeasures.RankCorrelation([1, 2, 3], [9, 8, 7])!.Value, 1e-12);
        // 1 - 6 x (1 + 1 + 0 + 0) / (4 x 15)
        Assert.Equal(0.8, MapMeasures.RankCorrelation([1, 2, 3, 4], [2, 1, 3, 4])!.Value, 1e-12);
        // Ranks 1.5, 1.5, 3, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 x 5).
        Assert.Equal(4.5 / Math.Sqrt(22.5), MapMeasures.RankCorrelation([7, 7, 8, 9], [1, 2, 3, 4])!.Value, 1e-12);
        Assert.Null(MapMeasures.RankCorrelation([1, 1, 1], [1, 2, 3]));
    }

    [Fact]
    public void Distance_is_relative_to_the_map()
    {
        Assert.Equal(0.5, MapMeasures.RelativeDistance([3, 4], [3, 6.5f])!.Value, 1e-7);
        Assert.Null(MapMeasures.RelativeDistance([0, 0], [1, 1]));
    }

    [Fact]
    public void Truth_is_marked_in_the_leads_and_at_the_times_of_the_findings_of_the_class()
    {
        var layout = new SignalLayout(["I", "V1"], 10, 10);
        SyntheticFinding[] findings =
        [
            new("MI", "ASMI", 1, ["V1", "V2"], [new TimeInterval(0.1, 0.3)]),
            new("CD", "CRBBB", 1, ["I"], [new TimeInterval(0.5, 0.6), new TimeInterval(0.9, 1)]),
        ];
        var mi = TruthMask.Of(findings, "MI", layout);
        Assert.Equal([1, 2], Marked(mi.Time));
        Assert.Equal([11, 12], Marked(mi.LeadTime));
        Assert.Equal([1, 2, 5, 9], Marked(TruthMask.Of(findings, "abnormal", layout).Time));
        Assert.Equal([5, 9], Marked(TruthMask.Of(findings, "CRBBB", layout).LeadTime));
        Assert.Empty(Marked(TruthMask.Of(findings, "HYP", layout).Time));

        static IEnumerable<int> Marked(bool[] mask) => mask.Index().Where(m => m.Item).Select(m => m.Index);
    }

    [Fact]
    public void A_mean_s_interval_resamples_patients()
    {
        double?[] values = [.. Enumerable.Range(0, 100).Select(i => (double?)(i % 10)), null];
        string[] alone = [.. Enumerable.Range(0, 101).Select(i => $"p{i}")];
        var interval = MeanInterval.Of(values, alone);
        Assert.Equal((4.5, 100), (interval.Mean, interval.Count));
        // Standard error: the deviation of 0 to 9 is 2.872, over the root of 100.
        Assert.Equal(4.5 - 1.96 * 0.2872, interval.Interval!.Value.Low, 0.08);
        Assert.Equal(4.5 + 1.96 * 0.2872, interval.Interval!.Value.High, 0.08);
        Assert.Equal(interval, MeanInterval.Of(values, alone));
        // Ten patients whose recordings are all alike: the error is that of ten values.
        var patients = MeanInterval.Of(values, [.. Enumerable.Range(0, 101).Select(i => $"p{i % 10}")]);
        Assert.Equal(4.5 - 1.96 * 0.908, patients.Interval!.Value.Low, 0.25);
        Assert.Null(MeanInterval.Of([null], ["a"]).Mean);
    }
}
