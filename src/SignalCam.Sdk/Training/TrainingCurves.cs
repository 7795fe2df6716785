using System.Globalization;
using SignalCam.Reporting;
using SignalCam.Torch.Training;

namespace SignalCam.Sdk.Training;

/// <summary>curves.svg of a run: loss above, accuracy and ROC-AUC below, by epoch.</summary>
internal static class TrainingCurves
{
    private const double ChartHeight = 340;

    public static string Render(IReadOnlyList<EpochStatistics> epochs, EpochStatistics best)
    {
        var loss = LineChart.Render(
            [Line("train", e => e.TrainLoss, dashed: true), Line("validation", e => e.ValidLoss)], Options("Loss", "loss"));
        var figures = LineChart.Render(
            [
                Line("train accuracy", e => e.TrainAccuracy, dashed: true),
                Line("validation accuracy", e => e.ValidAccuracy),
                Line("validation ROC-AUC", e => e.ValidRocAuc ?? double.NaN),
            ],
            Options("Accuracy and ROC-AUC", "share"));
        var width = new ChartOptions().Width.ToString(CultureInfo.InvariantCulture);
        var height = (2 * ChartHeight).ToString(CultureInfo.InvariantCulture);
        var below = ChartHeight.ToString(CultureInfo.InvariantCulture);
        return $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">"""
            + $"""{loss}<g transform="translate(0 {below})">{figures}</g></svg>""";

        LineSeries Line(string name, Func<EpochStatistics, double> value, bool dashed = false) =>
            new(name, [.. epochs.Select(value)]) { Dashed = dashed };
        LineChartOptions Options(string title, string unit) =>
            new() { Title = title, YLabel = unit, MarkedStep = best.Epoch, Height = ChartHeight };
    }
}
