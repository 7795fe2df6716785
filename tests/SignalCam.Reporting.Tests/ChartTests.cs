using System.Xml.Linq;
using SignalCam.Core.Metrics;

namespace SignalCam.Reporting.Tests;

public class ChartTests
{
    private const string Evil = "<b>\"&'\u0001";

    public static TheoryData<string> Names => [.. All().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_chart_is_well_formed_accessible_and_the_same_each_time(string name)
    {
        var svg = All().Single(c => c.Name == name).Svg;
        var root = Pictures.Parse(svg);

        Assert.Equal(svg, All().Single(c => c.Name == name).Svg);
        Assert.Equal("img", root.Attribute("role")!.Value);
        Assert.Equal(["title", "desc"], root.Elements().Take(2).Select(e => e.Name.LocalName));
        Assert.All(root.Elements().Take(2), e => Assert.NotEqual("", e.Value));
        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName == "b");
        Assert.DoesNotContain("NaN", svg, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_label_is_cut_by_the_edge(string name)
    {
        var root = Pictures.Parse(All().Single(c => c.Name == name).Svg);

        foreach (var text in root.All("text").Where(t => t.Attribute("x") is not null))
        {
            var width = TextWidth.Of(text.Value, text.Number("font-size"));
            var left = text.Number("x") - (text.Attribute("text-anchor")!.Value switch { "middle" => width / 2, "end" => width, _ => 0 });
            Assert.True(left >= 0 && left + width <= root.Number("width"),
                $"'{text.Value}' reaches from {left} to {left + width} of {root.Number("width")}");
            Assert.InRange(text.Number("y"), 8, root.Number("height") - 3);
        }
    }

    [Fact]
    public void A_line_goes_through_its_values_and_breaks_at_NaN()
    {
        var root = Pictures.Parse(LineChart.Render([new("loss", [1, 0.5, double.NaN, 0.25])]));

        var path = Assert.Single(root.All("path"), p => p.Attribute("stroke-width")?.Value == "2.2" && p.Attribute("fill") is not null)
            .Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
        var dot = Assert.Single(root.All("circle"));
        // The axis reaches from 0.2 to 1 in steps of 0.2: 0.25 lies a sixteenth of the way up.
        var ticks = root.All("text").Where(t => t.Value is "0.2" or "1.0").ToDictionary(t => t.Value, t => t.Number("y"));
        Assert.Equal(ticks["0.2"] + ((ticks["1.0"] - ticks["0.2"]) / 16), dot.Number("cy") + 4.2, 0.02);
    }

    [Fact]
    public void The_best_epoch_is_marked_by_name_and_a_dot_on_each_line()
    {
        var root = Pictures.Parse(
            LineChart.Render([new("train", [3, 2, 1]), new("validation", [3, 2, 2.5])], new LineChartOptions { MarkedStep = 2 }));

        Assert.Contains("best epoch 2", root.Texts());
        Assert.Equal(2, root.All("circle").Count());
        Assert.Throws<ArgumentException>(() => LineChart.Render([new("train", [1])], new LineChartOptions { MarkedStep = 2 }));
    }

    [Fact]
    public void The_operating_point_of_a_ROC_is_where_its_rates_say()
    {
        // Two of ten negatives and three of four positives lie above 0.5.
        float[] labels = [1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        float[] scores = [0.9f, 0.8f, 0.7f, 0.65f, 0.6f, 0.4f, 0.35f, 0.3f, 0.25f, 0.2f, 0.15f, 0.1f, 0.05f, 0.01f];
        var curve = RocCurve.Compute<float>(labels, scores, dropIntermediate: false);

        var root = Pictures.Parse(RocPlot.Render([new("abnormal", curve) { Threshold = 0.5 }]));

        var ends = root.All("path").Single(p => p.Attribute("stroke-dasharray")?.Value == "3 4").Attribute("d")!.Value.Split('M', 'L', ' ')
            .Skip(1).Select(double.Parse).ToArray();
        var point = root.All("circle").Single();
        Assert.Equal(ends[0] + (0.2 * (ends[2] - ends[0])), point.Number("cx"), 0.02);
        Assert.Equal(ends[1] + (0.75 * (ends[3] - ends[1])), point.Number("cy"), 0.02);
        Assert.All(["abnormal, AUC 0.900", "threshold 0.500", "sensitivity 0.750", "specificity 0.800"],
            text => Assert.Contains(text, root.Texts()));
    }

    [Fact]
    public void A_curve_that_is_not_defined_is_refused_by_name() =>
        Assert.Contains("'none' has no curve",
            Assert.Throws<ArgumentException>(() => RocPlot.Render([new("none", RocCurve.Compute<float>([1], [0.5f]))])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_long_ROC_keeps_its_corners_only()
    {
        float[] labels = [.. Enumerable.Range(0, 1000).Select(i => i < 500 ? 1f : 0f)];
        float[] scores = [.. Enumerable.Range(0, 1000).Select(i => 1 - i / 1000f)];
        var curve = RocCurve.Compute<float>(labels, scores, dropIntermediate: false);

        var path = Pictures.Parse(RocPlot.Render([new("perfect", curve)])).All("path")
            .Single(p => p.Attribute("stroke-width")?.Value == "2.2" && p.Attribute("fill") is not null);

        Assert.Equal(3, path.Attribute("d")!.Value.Split(' ').Length / 2);
    }

    [Fact]
    public void A_band_reaches_from_the_low_to_the_high_end_and_breaks_where_there_is_no_interval()
    {
        Figure[] values = [new(0, new(0, 0.2)), new(0.5, new(0.25, 0.75)), new(0.5, null), default, new(1, new(0.5, 1))];
        var root = Pictures.Parse(BandPlot.Render(
            [new("abnormal", [0, 0.25, 0.5, 0.75, 1], values) { Mark = (0.25, 0.5) }], new BandPlotOptions { Chance = (0, 1) }));

        // The dotted line goes from corner to corner.
        var corners = Numbers(root.All("path").Single(p => p.Attribute("stroke-dasharray")?.Value == "3 4"));
        var bands = root.All("path").Where(p => p.Attribute("fill-opacity") is not null).Select(Numbers).ToArray();
        Assert.Equal([8, 4], bands.Select(b => b.Length));
        Assert.All(Points([(0, 0.2), (0.25, 0.75), (0.25, 0.25), (0, 0)]).Zip(bands[0]),
            pair => Assert.Equal(pair.First, pair.Second, 0.02));
        var line = Numbers(root.All("path").Single(p => p.Attribute("stroke-width")?.Value == "2.2" && p.Attribute("fill") is not null));
        Assert.All(Points([(0, 0), (0.25, 0.5), (0.5, 0.5)]).Zip(line), pair => Assert.Equal(pair.First, pair.Second, 0.02));
        // The mark, and the last value, which stands alone.
        var circles = root.All("circle").Select(c => (c.Number("cx"), c.Number("cy"))).Order().ToArray();
        Assert.All(Points([(0.25, 0.5), (1, 1)]).Zip(circles.SelectMany(c => (double[])[c.Item1, c.Item2])),
            pair => Assert.Equal(pair.First, pair.Second, 0.02));
        Assert.Throws<ArgumentException>(() => BandPlot.Render([]));
        Assert.Contains("'a' has 1 places for 0 values",
            Assert.Throws<ArgumentException>(() => BandPlot.Render([new("a", [0], [])])).Message, StringComparison.Ordinal);

        IEnumerable<double> Points((double X, double Y)[] points) =>
            points.SelectMany(
                p => (double[])[corners[0] + (p.X * (corners[2] - corners[0])), corners[1] + (p.Y * (corners[3] - corners[1]))]);
    }

    [Fact]
    public void A_reliability_diagram_has_a_point_a_whisker_and_a_bar_for_each_bin()
    {
        float[] labels = [0, 0, 0, 1, 1, 1], probabilities = [0.1f, 0.1f, 0.15f, 0.15f, 0.8f, 1];
        var curve = ReliabilityCurve.Compute<float>(labels, probabilities);
        var intervals = new Figure[ReliabilityCurve.BinCount];
        intervals[1] = new(0.25, new(0.1, 0.6));

        var svg = ReliabilityPlot.Render(curve, intervals);
        var root = Pictures.Parse(svg);

        var corners = Numbers(root.All("path").Single(p => p.Attribute("stroke-dasharray")?.Value == "3 4"));
        var first = root.All("circle").First();
        Assert.Equal(3, root.All("circle").Count());
        Assert.Equal(corners[0] + (0.125 * (corners[2] - corners[0])), first.Number("cx"), 0.02);
        Assert.Equal(corners[1] + (0.25 * (corners[3] - corners[1])), first.Number("cy"), 0.02);
        var whisker = Numbers(Assert.Single(root.All("path"), p => p.Attribute("stroke-width")?.Value == "1.5"));
        Assert.Equal(corners[1] + (0.6 * (corners[3] - corners[1])), whisker[1], 0.02);
        Assert.Equal(corners[1] + (0.1 * (corners[3] - corners[1])), whisker[2], 0.02);
        var bars = root.All("rect").Skip(1).Select(r => r.Number("height")).ToArray();
        Assert.Equal([4, 1, 1], bars.Select(b => Math.Round(b / bars[1], 2)));
        Assert.Contains("4 recordings of mean probability 0.125, 0.250 of them positive",
            root.Element(Pictures.Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => ReliabilityPlot.Render(curve, [default]));
    }

    [Fact]
    public void A_confusion_matrix_shows_counts_and_the_share_of_the_true_class()
    {
        var texts = Pictures.Parse(
            ConfusionPlot.Render(["normal", "abnormal", "never"], new long[,] { { 789, 125, 0 }, { 174, 1095, 0 }, { 0, 0, 0 } })).Texts();

        Assert.Equal(["789", "86.3 %", "125", "13.7 %", "0", "0.0 %"], texts.SkipWhile(t => t != "789").Take(6));
        Assert.Equal(["174", "13.7 %", "1,095", "86.3 %", "0", "0.0 %"], texts.SkipWhile(t => t != "174").Take(6));
        Assert.Equal(3, texts.Count(t => t == "\u2013"));
        Assert.Throws<ArgumentException>(() => ConfusionPlot.Render(["a"], new long[1, 2]));
    }

    [Fact]
    public void Bars_are_as_long_as_their_values()
    {
        var upright = Bars(BarChart.Render(["a", "b"], [new("n", [100, 25])]), "height");
        var lying = Bars(BarChart.Render(
            ["a name too long to stand below an upright bar", "another such name, as long as the first"], [new("n", [100, 25])]), "width");

        Assert.Equal(4, upright[0] / upright[1], 0.01);
        Assert.Equal(4, lying[0] / lying[1], 0.01);
        Assert.Throws<ArgumentException>(() => BarChart.Render(["a", "b"], [new("n", [1])]));
    }

    [Fact]
    public void A_histogram_counts_each_value_once_in_bins_that_include_their_lower_edge()
    {
        var svg = Histogram.Render([new("age", [10, 19.9, 20, 20, 29, 89, double.NaN])], new HistogramOptions { BinWidth = 10 });

        var heights = Bars(svg, "height");
        Assert.Equal(3, heights.Length);
        Assert.Equal(1.5, heights[1] / heights[0], 0.01);
        Assert.Equal(2, heights[0] / heights[2], 0.01);
        Assert.Contains("6 values, 1 missing", Pictures.Parse(svg).Element(Pictures.Svg + "desc")!.Value, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Histogram.Render([new("age", [0, 1])], new HistogramOptions { BinWidth = 0.001 }));
    }

    [Fact]
    public void Costs_are_summed_with_and_without_the_map()
    {
        var texts =
            Pictures.Parse(CostPlot.Render(
                [new("conv", 5_696_000), new("dot products", 8_000, ForCam: true), new("interpolation", 4_000, ForCam: true)])).Texts();

        Assert.Contains("5,696,000", texts);
        Assert.Contains("5,708,000 (+0.21 %)", texts);
    }

    private static double[] Numbers(XElement path) =>
        [.. path.Attribute("d")!.Value.Split(['M', 'L', 'H', 'V', 'Z', 'h', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(n => double.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];

    private static double[] Bars(string svg, string attribute) =>
        [.. Pictures.Parse(svg).All("rect").Skip(1).Where(r => r.Attribute("fill")!.Value == "#0072b2").Select(r => r.Number(attribute))];

    /// <summary>Charts of ordinary and of extreme data.</summary>
    private static IEnumerable<(string Name, string Svg)> All()
    {
        string[] many = [.. Enumerable.Range(0, 71).Select(i => $"statement {i} {Evil}")];
        var counts = new long[14, 14];
        counts[3, 4] = 12_345_678;
        yield return ("line", LineChart.Render([new("train", [0.7, 0.4, 0.3]), new("validation", [0.6, 0.5, 0.4]) { Dashed = true }],
            new LineChartOptions { Title = "Loss", YLabel = "cross entropy", MarkedStep = 3 }));
        yield return ("line of one value",
            LineChart.Render([new(Evil, [0.5])], new LineChartOptions { Title = Evil, XLabel = Evil, YLabel = Evil, MarkedStep = 1 }));
        yield return ("constant line", LineChart.Render([new("zero", [0, 0, 0])]));
        yield return ("line of NaN", LineChart.Render([new("nothing", [double.NaN, double.NaN])]));
        yield return ("line of tiny and huge values",
            LineChart.Render([new("rate", [1e-6, 5e-6, 2e-6]), new(string.Concat(Enumerable.Repeat("long name ", 20)), [0, 0, 1e-5])]));
        yield return ("line of large negative values", LineChart.Render([new("loss", [-1e7, 3e7])]));
        yield return (
            "roc",
            RocPlot.Render(
                [.. Enumerable.Range(0, 9)
                    .Select(i => new RocPlotCurve($"class {i} {Evil}",
                        new RocCurve([new(0, 0, double.PositiveInfinity), new(0.2, 0.7 + (i * 0.02), 0.5), new(1, 1, 0)], 0.8)))]));
        yield return ("roc at the end",
            RocPlot.Render([new("all", new RocCurve([new(0, 0, double.PositiveInfinity), new(1, 1, 0.4)], 0.5)) { Threshold = 0 }]));
        yield return (
            "bands",
            BandPlot.Render(
                [.. Enumerable.Range(0, 9)
                    .Select(i => new BandPlotCurve($"class {i} {Evil}", [0, 0.5, 1], [new(0, null), default, new(1, new(0, 1))]))],
                new BandPlotOptions { Title = Evil, XLabel = Evil, YLabel = Evil, Chance = (0.4, 0.4) }));
        yield return ("bands of nothing", BandPlot.Render([new("nothing", [0, 1], new Figure[2])]));
        yield return ("reliability",
            ReliabilityPlot.Render(new ReliabilityCurve([new(0, 0.1, 12_345, 0.01, 0), new(0.9, 1, 1, 1, 1)], 0.01, 0.01), null,
                new ChartOptions { Title = Evil, XLabel = Evil, YLabel = Evil }));
        yield return ("reliability of nothing", ReliabilityPlot.Render(new ReliabilityCurve([], double.NaN, double.NaN)));
        yield return ("confusion", ConfusionPlot.Render([.. Enumerable.Range(0, 14).Select(i => $"rhythm {i} {Evil}")], counts));
        yield return ("confusion of one", ConfusionPlot.Render(["only"], new long[,] { { 0 } }));
        yield return ("bars", BarChart.Render(
            ["NORM", "MI"], [new("train", [7596, 4379]), new("test", [963, double.NaN])], new ChartOptions { Title = "Classes" }));
        yield return ("bars of nothing", BarChart.Render(["NORM"], [new("train", [0])]));
        yield return ("many bars",
            BarChart.Render(many, [new("train", [.. many.Select((_, i) => i * 1000.0)]), new(Evil, [.. many.Select((_, i) => i * 1.0)])]));
        yield return ("histogram",
            Histogram.Render([new("female", [60, 61, 45]), new("male", [70, 30])], new HistogramOptions { XLabel = "age (years)" }));
        yield return ("histogram of nothing", Histogram.Render([new("none", [])]));
        yield return ("histogram of one value", Histogram.Render([new("one", [300])]));
        yield return (
            "cost",
            CostPlot.Render(
            [
                new("a layer with a name that is far too long for the column it stands in " + Evil, 5_696_000_000_000),
                new("cam", 1, ForCam: true),
            ]));
    }
}
