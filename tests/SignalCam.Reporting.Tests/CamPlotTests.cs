using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Testing;

namespace SignalCam.Reporting.Tests;

public class CamPlotTests
{
    private static readonly EcgSignal s_signal = Pictures.Beats();

    [Fact]
    public void A_strip_covers_all_leads_and_its_runs_cover_the_recording_without_gap()
    {
        var map = Enumerable.Range(0, 1000).Select(i => (float)Math.Sin(i / 40.0)).ToArray();

        var bars = Bars(CamPlot.Render(s_signal, [new CamClass("MI", map, 0.8)]));

        Assert.Equal(25 - 0.125, bars.Min(b => b.From), 0.01);
        Assert.Equal(25 + 250 - 0.125, bars.Max(b => b.To), 0.01);
        var ordered = bars.OrderBy(b => b.From).ToArray();
        for (var i = 1; i < ordered.Length; i++)
            Assert.InRange(ordered[i - 1].To - ordered[i].From, 0, 0.2);
        Assert.Single(bars.Select(b => b.Height).Distinct());
    }

    [Fact]
    public void Zero_is_white_evidence_for_is_orange_and_against_is_blue()
    {
        float[] map = [.. Enumerable.Repeat(-2f, 400), .. Enumerable.Repeat(0f, 300), .. Enumerable.Repeat(2f, 300)];

        var bars = Bars(CamPlot.Render(s_signal, [new CamClass("MI", map, 0.8)])).OrderBy(b => b.From).ToArray();

        Assert.Equal(["#3f8fcb", "#ffffff", "#f0801f"], bars.Select(b => b.Color));
        Assert.Equal(25 + (399.5 * 0.25), bars[1].From, 0.011);
        Assert.Equal(25 + (699.5 * 0.25), bars[2].From, 0.011);
    }

    [Theory]
    [InlineData(0, "#ffffff", "\u22121 against")]
    [InlineData(0.4, "#f0801f", "\u22120.4 against")]
    [InlineData(-3.21, "#3f8fcb", "\u22123.3 against")]
    public void A_constant_map_is_one_colour(float value, string color, string lowest)
    {
        var svg = CamPlot.Render(s_signal, [new CamClass("MI", [.. Enumerable.Repeat(value, 1000)], 0.5)]);

        Assert.Contains(lowest, Pictures.Parse(svg).Texts());
        if (value is 0 or 0.4f)
            Assert.Equal(color, Assert.Single(Bars(svg)).Color);
    }

    [Fact]
    public void NaN_and_infinity_stay_uncoloured()
    {
        var map = Enumerable.Range(0, 1000)
            .Select(i => i switch { < 200 => 1f, < 400 => float.NaN, < 500 => float.PositiveInfinity, < 600 =>
                float.NegativeInfinity, _ => 1f }).ToArray();

        var bars = Bars(CamPlot.Render(s_signal, [new CamClass("MI", map, 0.5)]));

        Assert.DoesNotContain(bars, b => b.From < 25 + (590 * 0.25) && b.To > 25 + (210 * 0.25));
        Assert.Empty(Bars(CamPlot.Render(s_signal, [new CamClass("MI", [.. Enumerable.Repeat(float.NaN, 1000)], 0.5)])));
    }

    [Fact]
    public void A_map_of_each_lead_colours_each_leads_row()
    {
        var map = Enumerable.Range(0, 12000).Select(i => i / 1000 == 4 ? 1f : 0f).ToArray();

        var svg = CamPlot.Render(s_signal, [new CamClass("MI", map, 0.5)]);

        var orange = Assert.Single(Bars(svg), b => b.Color == "#f0801f");
        Assert.Equal(12, Bars(svg).Count);
        Assert.InRange(Pictures.Parse(svg).Trace("aVL")[0][0].Y, orange.Middle - (orange.Height / 2), orange.Middle + (orange.Height / 2));
    }

    [Fact]
    public void Probability_threshold_and_decision_stand_above_the_map()
    {
        var map = new float[1000];
        var root = Pictures.Parse(CamPlot.Render(s_signal, [
            new CamClass(new HeatMap("MI", [], [.. map]), 0.934, 0.5),
            new CamClass("NORM", map, 0.07, 0.5),
            new CamClass("CD", map, 0.3),
            new CamClass("HYP", map, 0.3) { Decision = "most probable" }]));

        Assert.Equal(
            [
                "MI: probability 0.934, threshold 0.500 \u2192 detected", "NORM: probability 0.070, threshold 0.500 \u2192 not detected",
                "CD: probability 0.300", "HYP: probability 0.300 \u2192 most probable",
            ],
            root.Texts().Where(t => t.Contains("probability", StringComparison.Ordinal)));
        Assert.Contains("evidence (logit)", root.Texts());
    }

    [Fact]
    public void Classes_of_one_picture_share_a_scale_and_the_sheet()
    {
        var svg = CamPlot.Render(s_signal,
            [new CamClass("MI", [.. Enumerable.Repeat(4f, 1000)], 0.5), new CamClass("CD", [.. Enumerable.Repeat(-1f, 1000)], 0.5)]);

        var root = Pictures.Parse(svg);
        Assert.Single(root.Texts(), "+4 for");
        Assert.Equal("#sheet", Assert.Single(root.All("use")).Attribute("href")!.Value);
        Assert.Equal(["#f0801f", ColorScale.Diverging.ColorAt(0.375)], Bars(svg).Select(b => b.Color));
    }

    [Fact]
    public void A_scaled_map_in_jet_goes_from_0_to_1_whatever_its_values()
    {
        var svg = CamPlot.Render(s_signal, [new CamClass("abnormal", [.. Enumerable.Repeat(0.5f, 1000)], 0.5)],
            new CamPlotOptions { Colors = ColorScale.Jet, MapUnit = "relative" });

        Assert.Equal(ColorScale.Jet.ColorAt(0.5), Assert.Single(Bars(svg)).Color);
        Assert.All(["0", "0.5", "1", "relative"], text => Assert.Contains(text, Pictures.Parse(svg).Texts()));
    }

    [Fact]
    public void A_long_title_and_a_long_class_take_more_lines_and_nothing_is_cut()
    {
        var name = string.Concat(Enumerable.Repeat("incomplete right bundle branch block ", 6)).Trim();
        var root = Pictures.Parse(CamPlot.Render(
            Pictures.Signal((_, _) => 0, 100), [new CamClass(name, new float[100], 0.5, 0.5)], new CamPlotOptions { Title = name }));

        var width = root.All("rect").First().Number("width");
        foreach (var size in new[] { "5", "4.4" })
        {
            var lines = root.All("text").Where(t => t.Attribute("font-size")?.Value == size).ToArray();
            Assert.True(lines.Length > 1);
            Assert.StartsWith(name, string.Join(' ', lines.Select(l => l.Value)), StringComparison.Ordinal);
            Assert.All(lines, line => Assert.True(line.Number("x") + TextWidth.Of(line.Value, line.Number("font-size")) < width));
        }
        Assert.Contains("probability 0.500, threshold 0.500 \u2192 not detected", string.Join(' ', root.Texts()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EcgLayout.Stacked)]
    [InlineData(EcgLayout.ThreeRows)]
    public void No_white_shows_between_columns(EcgLayout layout)
    {
        var bars = Bars(CamPlot.Render(
            s_signal, [new CamClass("MI", [.. Enumerable.Repeat(1f, 1000)], 0.8)], new CamPlotOptions { Layout = layout }));

        var rows = bars.GroupBy(b => b.Middle).Select(row => row.OrderBy(b => b.From).ToArray()).ToArray();
        Assert.Equal(layout == EcgLayout.Stacked ? 1 : 2, rows.Length);
        Assert.All(rows, row => Assert.Equal(250, row[^1].To - row[0].From, 0.02));
        Assert.All(rows, row => Assert.All(row.Zip(row.Skip(1)), pair => Assert.True(pair.First.To >= pair.Second.From - 0.005)));
    }

    [Fact]
    public void Classes_stand_side_by_side_where_columns_are_asked_for()
    {
        var classes = new[] { "MI", "CD", "HYP" }.Select(name => new CamClass(name, [.. Enumerable.Repeat(1f, 1000)], 0.5)).ToArray();
        var (one, two) = (Pictures.Parse(CamPlot.Render(s_signal, classes)),
            Pictures.Parse(CamPlot.Render(s_signal, classes, new CamPlotOptions { Columns = 2 })));

        // A sheet is as wide as the picture of one column; rows are as far apart as there.
        var (width, places) = (one.All("rect").First().Number("width"), Places(two));
        Assert.Equal(2 * width, two.All("rect").First().Number("width"), 0.01);
        Assert.Equal(new[] { 0, width, 0 }, places.Select(p => p.X));
        Assert.Equal(Places(one).Select(p => p.Y).Take(2), new[] { places[0].Y, places[2].Y });
        Assert.Equal(places[0].Y, places[1].Y);

        static (double X, double Y)[] Places(System.Xml.Linq.XElement root) =>
            [.. root.All("g").Select(g => g.Attribute("transform")?.Value).Where(t => t is not null)
                .Select(t => t!["translate(".Length..^1].Split(' '))
                .Select(xy => (double.Parse(xy[0], CultureInfo.InvariantCulture), double.Parse(xy[1], CultureInfo.InvariantCulture)))];
    }

    [Fact]
    public void A_map_of_another_length_and_a_limit_of_nothing_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => CamPlot.Render(s_signal, [new CamClass("MI", new float[125], 0.5)]));
        Assert.Contains("the map of 'MI' has 125 values; 12 leads x 1000 samples at 100 Hz takes 1000, or 12000",
            error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(
            () => CamPlot.Render(s_signal, [new CamClass("MI", new float[1000], 0.5)], new CamPlotOptions { Limit = 0 }));
        Assert.Throws<ArgumentException>(
            () => CamPlot.Render(s_signal, [new CamClass("MI", new float[1000], 0.5)], new CamPlotOptions { Columns = 0 }));
        Assert.Throws<ArgumentException>(() => CamPlot.Render(s_signal, []));
    }

    [Theory]
    [InlineData("diverging")]
    [InlineData("sequential")]
    [InlineData("jet")]
    public void A_black_trace_is_legible_on_every_colour(string name)
    {
        var scale = new[] { ColorScale.Diverging, ColorScale.Sequential, ColorScale.Jet }.Single(s => s.Name == name);
        var luminances = Enumerable.Range(0, 101).Select(i => Luminance(scale.ColorAt(i / 100.0))).ToArray();

        // WCAG 2.2, 1.4.3: a contrast of 4.5 to 1.
        Assert.All(luminances, l => Assert.True((l + 0.05) / 0.05 >= 4.5, $"luminance {l}"));
        if (scale == ColorScale.Sequential)
            Assert.Equal(luminances.OrderDescending(), luminances);
    }

    [SkippableTheory]
    [InlineData("records500/00000/00001_hr.dat", 500)]
    [InlineData("records100/00000/00039_lr.dat", 100)]
    public void A_real_recording_with_its_map_takes_less_than_300_KB(string file, double rate)
    {
        var bytes = File.ReadAllBytes(Path.Combine(TestData.PtbXl(), file));
        var length = bytes.Length / 24;
        var signal = Pictures.Signal(
            (lead, second) => BitConverter.ToInt16(bytes, (((int)Math.Round(second * rate) * 12) + lead) * 2) / 1000.0, length, rate);
        var map = Enumerable.Range(0, length).Select(i => (float)Math.Sin(i * 300.0 / length)).ToArray();

        var svg = CamPlot.Render(signal, [new CamClass("abnormal", map, 0.9, 0.5)]);

        Assert.InRange(svg.Length, 50_000, 300_000);
    }

    /// <summary>The coloured runs behind the traces: those of the picture's colour bars left out.</summary>
    private static List<(string Color, double From, double To, double Middle, double Height)> Bars(string svg)
    {
        var bars = new List<(string, double, double, double, double)>();
        foreach (var path in Pictures.Parse(svg).All("path")
            .Where(p => p.Parent!.Attribute("stroke-width") is not null && p.Parent.Parent!.Attribute("transform") is not null
                && p.Attribute("stroke") is not null))
        {
            foreach (var run in path.Attribute("d")!.Value.Split('M', StringSplitOptions.RemoveEmptyEntries))
            {
                var n = run.Split(' ', 'H').Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
                bars.Add((path.Attribute("stroke")!.Value, n[0], n[2], n[1], path.Parent!.Number("stroke-width")));
            }
        }
        return bars;
    }

    /// <summary>Relative luminance as WCAG 2.2 defines it.</summary>
    private static double Luminance(string color)
    {
        double[] weights = [0.2126, 0.7152, 0.0722];
        return weights.Select((weight, i) =>
        {
            var c = Convert.ToInt32(color.Substring(1 + (2 * i), 2), 16) / 255.0;
            return weight * (c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4));
        }).Sum();
    }
}
