using SignalCam.Core.Metrics;
using static VerifyXunit.Verifier;

namespace SignalCam.Reporting.Tests;

/// <summary>A difference here means that pictures look different: look at them before accepting it.</summary>
public class SnapshotTests
{
    [Fact]
    public Task A_short_recording() => Verify(
        EcgPlot.Render(Pictures.Signal((lead, second) => lead + Math.Round(second), 8, 4, "II", "AVR"),
            new EcgPlotOptions { Title = "two leads" }), "svg");

    [Fact]
    public Task A_short_map() => Verify(
        CamPlot.Render(Pictures.Signal((_, second) => second, 8, 4, "II"), [new CamClass("MI", [-1, -1, 0, 0, 0.5f, 1, 1, 1], 0.75, 0.5)]),
        "svg");

    [Fact]
    public Task A_confusion_matrix() =>
        Verify(ConfusionPlot.Render(["normal", "abnormal"], new long[,] { { 789, 125 }, { 174, 1095 } }), "svg");

    [Fact]
    public Task Curves() => Verify(
        LineChart.Render([new("train", [0.7, 0.4, 0.3]), new("validation", [0.6, 0.45, 0.5]) { Dashed = true }],
            new LineChartOptions { Title = "Loss", YLabel = "cross entropy", MarkedStep = 2 }), "svg");

    [Fact]
    public Task A_curve_with_its_band() => Verify(
        BandPlot.Render(
            [new("abnormal", [0, 0.5, 1], [new(0.5, new(0.4, 0.6)), new(0.9, new(0.8, 0.95)), new(1, new(1, 1))]) { Mark = (0.25, 0.7) }],
            new BandPlotOptions
            {
                Title = "ROC",
                XLabel = "1 - specificity",
                YLabel = "sensitivity",
                Chance = (0, 1),
                Width = 360,
                Height = 380,
            }), "svg");

    [Fact]
    public Task A_reliability_diagram()
    {
        var intervals = new Figure[ReliabilityCurve.BinCount];
        (intervals[0], intervals[9]) = (new(0.04, new(0.02, 0.07)), new(0.9, new(0.8, 0.97)));
        return Verify(ReliabilityPlot.Render(
            new ReliabilityCurve([new(0, 0.1, 1200, 0.03, 0.04), new(0.9, 1, 40, 0.95, 0.9)], 0.0113, 0.01), intervals), "svg");
    }
}
