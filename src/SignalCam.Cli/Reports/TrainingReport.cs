using System.Globalization;
using SignalCam.Reporting;
using SignalCam.Torch.Training;

namespace SignalCam.Cli.Reports;

/// <summary>Curves and figures of a training.</summary>
internal static class TrainingReport
{
    public static string Document(string model, TrainingOptions options, TrainingResult result)
    {
        var report = new HtmlReport(
            "Training", $"{model}: preset {options.Preset}, seed {options.Seed.ToString(CultureInfo.InvariantCulture)}");
        Add(report.Section("Training"), options, result);
        return report.Render();
    }

    public static void Add(HtmlSection section, TrainingOptions options, TrainingResult result)
    {
        if (result.Best is not { } best)
        {
            section.Paragraph("Stopped before the first epoch ended.");
            return;
        }
        var selection = options.Selection == ModelSelection.Accuracy ? "accuracy" : "ROC-AUC";
        section.KeyFigures(
            new KeyFigure("best epoch", best.Epoch.ToString(CultureInfo.InvariantCulture),
                $"of {result.Epochs.Count}, chosen by validation {selection}"),
            new KeyFigure("validation ROC-AUC", Format.Number(best.ValidRocAuc)),
            new KeyFigure("validation accuracy", Format.Number(best.ValidAccuracy)),
            new KeyFigure("seconds an epoch", Format.Number(result.Epochs.Average(e => e.Seconds), 1)));
        section.Figure(
            Chart("Loss", "binary cross entropy", best, Series("train", e => e.TrainLoss), Series("validation", e => e.ValidLoss)),
            "Loss by epoch. The training loss is over augmented recordings while the weights still change.");
        section.Figure(
            Chart("Accuracy and ROC-AUC", "share", best, Series("train accuracy", e => e.TrainAccuracy),
                Series("validation accuracy", e => e.ValidAccuracy), Series("validation ROC-AUC", e => e.ValidRocAuc ?? double.NaN)),
            "Accuracy at 0.5 and ROC-AUC by epoch.");
        section.Figure(Chart("Learning rate", "learning rate", best, Series("learning rate", e => e.LearningRate)),
            $"Learning rate at the end of each epoch ({options.Optimizer}, {options.Schedule}).");
        section.Details("All epochs", fold => fold.Table(
            [
                "epoch", "learning rate", "train loss", "train accuracy", "validation loss", "validation accuracy", "validation ROC-AUC",
                "seconds",
            ],
            [.. result.Epochs.Select(e => (IReadOnlyList<string>)[
                e.Epoch.ToString(CultureInfo.InvariantCulture), e.LearningRate.ToString("G4", CultureInfo.InvariantCulture),
                Format.Number(e.TrainLoss), Format.Number(e.TrainAccuracy), Format.Number(e.ValidLoss), Format.Number(e.ValidAccuracy),
                Format.Number(e.ValidRocAuc), Format.Number(e.Seconds, 1)])]));

        LineSeries Series(string name, Func<EpochStatistics, double> value) =>
            new(name, [.. result.Epochs.Select(value)]) { Dashed = name.StartsWith("train", StringComparison.Ordinal) };
    }

    private static string Chart(string title, string unit, EpochStatistics best, params LineSeries[] series) =>
        LineChart.Render(series, new LineChartOptions { Title = title, YLabel = unit, MarkedStep = best.Epoch });
}
