using System.Globalization;
using System.Text;
using SignalCam.Core.Models;
using SignalCam.Core.Rendering;

namespace SignalCam.Torch.Training;

/// <summary>Figures of a run by epoch, as a table and as curves. Written whole each time, so that they agree with the checkpoint after a resume.</summary>
internal static class RunFiles
{
    private const double ChartHeight = 340;

    public static void Write(RunFolder run, IReadOnlyList<EpochStatistics> epochs, EpochStatistics? best)
    {
        WholeFile.WriteText(run.MetricsPath, Metrics(epochs));
        if (best is not null)
            WholeFile.WriteText(run.CurvesPath, Curves(epochs, best));
    }

    private static string Metrics(IReadOnlyList<EpochStatistics> epochs)
    {
        var text = new StringBuilder("epoch,learning_rate,train_loss,train_accuracy,valid_loss,valid_accuracy,valid_roc_auc,seconds,is_best\n");
        foreach (var e in epochs)
            text.Append(CultureInfo.InvariantCulture, $"{e.Epoch},{e.LearningRate:R},{e.TrainLoss:R},{e.TrainAccuracy:R},{e.ValidLoss:R},{e.ValidAccuracy:R},{e.ValidRocAuc:R},{e.Seconds:F3},{(e.IsBest ? 1 : 0)}\n");
        return text.ToString();
    }

    private static string Curves(IReadOnlyList<EpochStatistics> epochs, EpochStatistics best)
    {
        var loss = LineChart.Render(
            [Line("train", e => e.TrainLoss, dashed: true), Line("validation", e => e.ValidLoss)], Options("Loss", "loss"));
        var figures = LineChart.Render(
            [Line("train accuracy", e => e.TrainAccuracy, dashed: true), Line("validation accuracy", e => e.ValidAccuracy), Line("validation ROC-AUC", e => e.ValidRocAuc ?? double.NaN)],
            Options("Accuracy and ROC-AUC", "share"));
        var width = new ChartOptions().Width.ToString(CultureInfo.InvariantCulture);
        var height = (2 * ChartHeight).ToString(CultureInfo.InvariantCulture);
        return $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{loss}<g transform="translate(0 {ChartHeight.ToString(CultureInfo.InvariantCulture)})">{figures}</g></svg>""";

        LineSeries Line(string name, Func<EpochStatistics, double> value, bool dashed = false) => new(name, [.. epochs.Select(value)]) { Dashed = dashed };
        LineChartOptions Options(string title, string unit) => new() { Title = title, YLabel = unit, MarkedStep = best.Epoch, Height = ChartHeight };
    }
}
