using SignalCam.Core.Rendering;
using static VerifyXunit.Verifier;

namespace SignalCam.Core.Tests.Rendering;

/// <summary>A difference here means that pictures look different: look at them before accepting it.</summary>
public class SnapshotTests
{
    [Fact]
    public Task A_short_recording() => Verify(
        EcgPlot.Render(Pictures.Signal((lead, second) => lead + Math.Round(second), 8, 4, "II", "AVR"), new EcgPlotOptions { Title = "two leads" }), "svg");

    [Fact]
    public Task A_short_map() => Verify(
        CamPlot.Render(Pictures.Signal((_, second) => second, 8, 4, "II"), [new CamClass("MI", [-1, -1, 0, 0, 0.5f, 1, 1, 1], 0.75, 0.5)]), "svg");

    [Fact]
    public Task A_confusion_matrix() => Verify(ConfusionPlot.Render(["normal", "abnormal"], new long[,] { { 789, 125 }, { 174, 1095 } }), "svg");

    [Fact]
    public Task Curves() => Verify(
        LineChart.Render([new("train", [0.7, 0.4, 0.3]), new("validation", [0.6, 0.45, 0.5]) { Dashed = true }],
            new LineChartOptions { Title = "Loss", YLabel = "cross entropy", MarkedStep = 2 }), "svg");
}
