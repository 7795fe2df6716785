using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Reporting.Tests;

public class EcgPlotTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(500)]
    public void A_step_of_1_mV_after_1_s_is_10_mm_high_and_25_mm_from_the_start(double rate)
    {
        var step = Pictures.Signal((_, second) => second < 1 ? 0 : 1, (int)(10 * rate), rate);

        var line = Assert.Single(Pictures.Parse(EcgPlot.Render(step)).Trace("V3"));

        var start = line[0];
        var end = line[^1];
        Assert.Equal(10, start.Y - end.Y, 0.011);
        var top = line.First(p => p.Y < start.Y - 9.9);
        Assert.Equal(25, top.X - start.X, 0.011);
        Assert.Equal((10 * 25) - (25 / rate), end.X - start.X, 0.011);
    }

    [Fact]
    public void One_user_unit_is_one_millimetre_of_paper()
    {
        var root = Pictures.Parse(EcgPlot.Render(Pictures.Beats()));

        Assert.Equal($"0 0 {root.Attribute("width")!.Value.Replace("mm", "")} {root.Attribute("height")!.Value.Replace("mm", "")}",
            root.Attribute("viewBox")!.Value);
        Assert.EndsWith("mm", root.Attribute("width")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_calibration_pulse_is_1_mV_high_and_200_ms_wide()
    {
        var pulses = Pictures.Parse(EcgPlot.Render(Pictures.Beats())).All("path").Select(p => p.Attribute("d")!.Value)
            .Where(d => d.EndsWith("h1.5v-10h5v10h1.5", StringComparison.Ordinal));

        Assert.Equal(12, pulses.Count());
    }

    [Fact]
    public void Leads_stand_in_the_standard_order_with_their_usual_names_whatever_the_recordings_order()
    {
        string[] shuffled = ["V6", "AVF", "II", "AVR", "X", "V1", "III", "avl", "I"];
        var signal = Pictures.Signal((lead, _) => lead * 0.01, leads: shuffled);

        var root = Pictures.Parse(EcgPlot.Render(signal));

        string[] expected = ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V6", "X"];
        var named = root.Texts().Where(t => expected.Contains(t)).ToArray();
        Assert.Equal(expected, named);
        Assert.Equal(expected, root.All("path").Select(p => p.Attribute("data-lead")?.Value).OfType<string>());
        var heights = expected.Select(lead => root.Trace(lead)[0][0].Y).ToArray();
        Assert.Equal(heights.Order(), heights);
    }

    [Fact]
    public void In_three_rows_the_columns_follow_each_other_in_time_above_the_rhythm_strip()
    {
        var root = Pictures.Parse(EcgPlot.Render(Pictures.Beats(), new EcgPlotOptions { Layout = EcgLayout.ThreeRows }));

        foreach (var (lead, column) in new[] { ("I", 0), ("III", 0), ("aVR", 1), ("aVF", 1), ("V1", 2), ("V3", 2), ("V4", 3), ("V6", 3) })
        {
            var line = root.Trace(lead)[0];
            Assert.Equal(25 + (62.5 * column), line[0].X, 0.011);
            Assert.Equal(62.25, line[^1].X - line[0].X, 0.011);
        }
        var rhythm = root.Trace("II", occurrence: 1)[0];
        Assert.Equal(249.75, rhythm[^1].X - rhythm[0].X, 0.011);
        Assert.True(rhythm[0].Y > root.Trace("III")[0][0].Y);
    }

    [Fact]
    public void No_sample_is_farther_from_the_line_than_the_eye_sees()
    {
        var random = new Random(3);
        var walk = 0.0;
        var signal = Pictures.Signal((_, _) => walk = (walk * 0.99) + (0.05 * (random.NextDouble() - 0.5)), 5000, 500);

        var root = Pictures.Parse(EcgPlot.Render(signal));

        foreach (var lead in signal.Leads)
        {
            var line = Assert.Single(root.Trace(lead));
            var samples = signal.Lead(lead).ToArray();
            var baseline = line[0].Y + (samples[0] * 10);
            for (var i = 0; i < samples.Length; i++)
                Assert.Equal(baseline - (samples[i] * 10), line.At(Math.Min(line[^1].X, 25 + (i * 0.05))), 0.035 + 0.02);
        }
    }

    [Fact]
    public void NaN_and_infinity_break_the_line_and_a_lone_sample_is_a_dot()
    {
        var signal = Pictures.Signal((_, second) => (int)Math.Round(second * 100) switch { 300 => double.NaN, 302 =>
            double.PositiveInfinity, 600 => double.NegativeInfinity, _ => 0.1 });

        var lines = Pictures.Parse(EcgPlot.Render(signal)).Trace("aVF");

        Assert.Equal([25.0, 25 + (301 * 0.25), 25 + (303 * 0.25), 25 + (601 * 0.25)], lines.Select(l => Math.Round(l[0].X, 2)));
        Assert.Single(lines[1]);
    }

    [Fact]
    public void A_recording_of_NaN_alone_is_an_empty_sheet()
    {
        var root = Pictures.Parse(EcgPlot.Render(Pictures.Signal((_, _) => double.NaN)));

        Assert.All(root.All("path").Where(p => p.Attribute("data-lead") is not null), p => Assert.Equal("", p.Attribute("d")!.Value));
    }

    [Fact]
    public void A_spike_is_cut_off_at_40_mm_and_marked()
    {
        var signal = Pictures.Signal((lead, second) => lead == 1 && Math.Abs(second - 5) < 0.001 ? 30 : 0);

        var root = Pictures.Parse(EcgPlot.Render(signal));

        var line = root.Trace("II")[0];
        Assert.Equal(40, line[0].Y - line.Min(p => p.Y), 0.011);
        Assert.Single(root.All("path"), p => p.Attribute("fill")?.Value == "#d55e00");
    }

    [Fact]
    public void Rows_are_so_far_apart_that_leads_do_not_run_into_each_other()
    {
        var root = Pictures.Parse(EcgPlot.Render(
            Pictures.Signal((lead, second) => (lead % 2 == 0 ? -2.5 : 2.5) * Math.Sin(2 * Math.PI * second) * Math.Sin(Math.PI * second))));

        for (var i = 1; i < SignalLayout.StandardLeads.Count; i++)
            Assert.True(root.Trace(SignalLayout.StandardLeads[i - 1])[0]
                .Max(p => p.Y) < root.Trace(SignalLayout.StandardLeads[i])[0].Min(p => p.Y));
    }

    [Fact]
    public void A_trend_is_drawn_over_the_recording_with_a_legend()
    {
        var signal = Pictures.Beats();
        var root = Pictures.Parse(EcgPlot.Render([new("recording", signal), new("trend", signal.MapLeads(s => s.Fill(0.1f)))]));

        Assert.Equal(24, root.All("path").Count(p => p.Attribute("data-lead") is not null));
        Assert.Contains("recording", root.Texts());
        Assert.Contains("trend", root.Texts());
        Assert.Equal(root.Trace("I", 1)[0][0].Y, root.Trace("I", 1)[0][^1].Y);
    }

    [Fact]
    public void Panels_have_the_same_rows_so_that_they_can_be_compared()
    {
        var before = Pictures.Beats();
        var after = before.MapLeads(s => { for (var i = 0; i < s.Length; i++) s[i] *= 2; });

        var root = Pictures.Parse(EcgPlot.RenderPanels([new("before", before), new("after", after)]));

        Assert.Equal(2, root.All("g").Count(g => g.Attribute("transform") is not null));
        Assert.Equal(root.Trace("V6")[0][0].Y, root.Trace("V6", 1)[0][0].Y, 0.2);
        Assert.Contains("before", root.Texts());
        Assert.Contains("after", root.Texts());
    }

    [Fact]
    public void Scaled_samples_have_a_scale_and_unit_of_their_own()
    {
        var signal = Pictures.Signal((lead, second) => Math.Sin(second));
        var scale = EcgScale.Fit(signal);

        var root = Pictures.Parse(EcgPlot.Render(signal, new EcgPlotOptions { Scale = scale }));

        Assert.Equal(new EcgScale("a.u.", 10), scale);
        Assert.Contains("25 mm/s, 10 mm/a.u., pulse 1 a.u., 100 Hz", root.Texts());
        Assert.Equal(0.01, EcgScale.Fit(Pictures.Signal((_, second) => 1000 * Math.Sin(second))).MillimetresPerUnit, 1e-9);
        Assert.Equal(10, EcgScale.Fit(Pictures.Signal((_, _) => 0)).MillimetresPerUnit);
    }

    [Fact]
    public void Traces_of_different_layouts_are_refused_naming_both()
    {
        var error = Assert.Throws<ArgumentException>(
            () => EcgPlot.Render([new("before", Pictures.Beats()), new("after", Pictures.Beats(5000, 500))]));

        Assert.Contains("'after' has 12 leads x 5000 samples at 500 Hz, 'before' has 12 leads x 1000 samples at 100 Hz",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_never_becomes_markup()
    {
        const string evil = "</text><script>alert('1')</script> & \" \0 \u0008 \ud800";
        var signal = Pictures.Signal((_, _) => 0, 100, 100, evil, "II");

        var root = Pictures.Parse(EcgPlot.Render(
            [new EcgTrace(evil, signal), new EcgTrace("b", signal)], new EcgPlotOptions { Title = evil, Scale = new EcgScale(evil, 10) }));

        Assert.DoesNotContain(root.Descendants(), e => e.Name.LocalName == "script");
        Assert.Equal("</text><script>alert('1')</script> & \" \ufffd \ufffd \ufffd", root.Element(Pictures.Svg + "title")!.Value);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        var expected = EcgPlot.Render(Pictures.Beats());
        var before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, EcgPlot.Render(Pictures.Beats()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
