using SignalCam.Core.Metrics;
using SignalCam.Reporting;

namespace SignalCam.Cli.Reports;

/// <summary>The pictures of an evaluation: ROC, precision against recall and reliability, one of each class.</summary>
internal static class EvaluationCurves
{
    // Three stand side by side on a page.
    private const double Width = 340;
    private const double Height = 380;

    public static void Add(Func<string, HtmlSection> part, EvaluationResult result)
    {
        var classes = result.Outcome.Figures.ByClass.Take(EvaluationResult.MostCurves)
            .Select((c, i) => (Name: c.Key, Figures: c.Value, Bands: result.Curves[i])).ToArray();
        var section = part("Curves");
        section.Paragraph("Bands are 95 % intervals point by point; the mark is the decision at the model's threshold, the dotted line "
            + "what chance reaches."
            + (result.Task.Classes.Count > classes.Length ? $" The first {classes.Length} of {result.Task.Classes.Count} classes." : ""));
        foreach (var (name, figures, bands) in classes)
            if (figures.Figures[FigureNames.RocAuc].Value is not null)
                section.Figure(Roc(name, figures, bands), $"ROC, area {Format.Figure(figures.Figures[FigureNames.RocAuc])}.");
        foreach (var (name, figures, bands) in classes)
            if (figures.Figures[FigureNames.AveragePrecision].Value is not null)
                section.Figure(PrecisionRecall(name, figures, bands),
                    $"Precision against recall, average precision {Format.Figure(figures.Figures[FigureNames.AveragePrecision])}.");

        var reliability = part("Reliability");
        reliability.Paragraph(
            "How often what is called probable happens: on the dotted line, as often as said. Whiskers are 95 % intervals.");
        foreach (var (name, figures, bands) in classes)
            reliability.Figure(
                ReliabilityPlot.Render(figures.Reliability, bands.Reliability,
                    new ChartOptions { Title = name, Width = Width, Height = Height + 60 }),
                $"Calibration error {Format.Figure(figures.Figures[FigureNames.Ece])}; probabilities that are exactly right would have "
                + $"{Format.Number(figures.Reliability.EceByChance)} by chance. Without what chance adds, "
                + $"{Format.Number(figures.Reliability.EceDebiased)}.");
        reliability.Table(
            [
                "class", "calibration error", "by chance", "debiased", "Brier score", "log loss", "calibration slope",
                "calibration intercept",
            ],
            [.. result.Outcome.Figures.ByClass.Select(c => (IReadOnlyList<string>)[
                c.Key, .. EvaluationReport.Cells(c.Value, FigureNames.Ece), Format.Number(c.Value.Reliability.EceByChance),
                Format.Number(c.Value.Reliability.EceDebiased), .. EvaluationReport.Cells(c.Value, FigureNames.Brier, FigureNames.LogLoss),
                Format.Number(c.Value.Calibration?.Slope), Format.Number(c.Value.Calibration?.Intercept)])]);
    }

    private static string Roc(string name, ClassEvaluation figures, CurveBands bands)
    {
        // From the corner, where nothing is called.
        var curve = new BandPlotCurve(name, [0, .. bands.Grid], [new Figure(0, null), .. bands.Roc])
        {
            Mark = figures.Figures[FigureNames.Specificity].Value is { } specificity
                && figures.Figures[FigureNames.Recall].Value is { } sensitivity ? (1 - specificity, sensitivity) : null,
        };
        return BandPlot.Render([curve], new BandPlotOptions
        {
            XLabel = "1 \u2212 specificity",
            YLabel = "sensitivity",
            Chance = (0, 1),
            Width = Width,
            Height = Height,
        });
    }

    private static string PrecisionRecall(string name, ClassEvaluation figures, CurveBands bands)
    {
        var share = (double)figures.Positives / figures.N;
        var curve = new BandPlotCurve(name, bands.Grid, bands.PrecisionRecall)
        {
            Mark = figures.Figures[FigureNames.Recall].Value is { } recall && figures.Figures[FigureNames.Precision].Value is { } precision
                ? (recall, precision)
                : null,
        };
        return BandPlot.Render([curve], new BandPlotOptions
        {
            XLabel = "recall (sensitivity)",
            YLabel = "precision",
            Chance = (share, share),
            Width = Width,
            Height = Height,
        });
    }
}
