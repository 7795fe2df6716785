using SignalCam.Cli.Commands;
using SignalCam.Core.Metrics;
using SignalCam.Core.Rendering;

namespace SignalCam.Cli.Reports;

/// <summary>Figures and pictures of an evaluation.</summary>
internal static class EvaluationReport
{
    public static string Document(string what, EvaluationResult result)
    {
        var report = new HtmlReport("Evaluation", what);
        Add(report.Section("Evaluation"), result);
        return report.Render();
    }

    public static void Add(HtmlSection section, EvaluationResult result)
    {
        var evaluation = result.Evaluation;
        if (evaluation.Binary is { } binary)
        {
            section.KeyFigures(
                new KeyFigure("recordings", Format.Count(binary.N)),
                new KeyFigure("ROC-AUC", Format.Number(binary.RocAuc)),
                new KeyFigure("accuracy", Format.Percent(binary.Accuracy)),
                new KeyFigure("F1", Format.Number(binary.F1)));
            section.Figure(ConfusionPlot.Render(
                ["not " + result.Task.Classes[0], result.Task.Classes[0]],
                new long[,] { { binary.TrueNegatives, binary.FalsePositives }, { binary.FalseNegatives, binary.TruePositives } }), "Confusion at a probability of 0.5.");
        }
        else if (evaluation.Multilabel is { } several)
        {
            section.KeyFigures(
                new KeyFigure("recordings", Format.Count(several.N)),
                new KeyFigure("macro ROC-AUC", Format.Number(several.MacroRocAuc)),
                new KeyFigure("macro average precision", Format.Number(several.MacroAveragePrecision)),
                new KeyFigure("macro F1", Format.Number(several.MacroF1)));
        }
        var curves = Curves(result).ToArray();
        if (curves.Length > 0)
            section.Figure(RocPlot.Render(curves), "Sensitivity against 1 - specificity at every threshold; the mark is the decision at 0.5.");
        section.Table(
            ["", "n", "TN", "FP", "FN", "TP", "accuracy", "precision", "recall", "F1", "ROC-AUC", "average precision", "Brier"],
            [.. Rows(result).Select(row => (IReadOnlyList<string>)[
                row.Name, Format.Count(row.Figures.N), Format.Count(row.Figures.TrueNegatives), Format.Count(row.Figures.FalsePositives), Format.Count(row.Figures.FalseNegatives),
                Format.Count(row.Figures.TruePositives), Format.Number(row.Figures.Accuracy), Format.Number(row.Figures.Precision), Format.Number(row.Figures.Recall), Format.Number(row.Figures.F1),
                Format.Number(row.Figures.RocAuc), Format.Number(row.Figures.AveragePrecision), Format.Number(row.Figures.Brier)])],
            result.NormalAgainstEach is null ? null : "Overall, and normal recordings against all recordings that carry a class");
    }

    private static IEnumerable<(string Name, BinaryMetrics Figures)> Rows(EvaluationResult result)
    {
        if (result.Evaluation.Binary is { } overall)
            yield return (result.Task.Classes[0], overall);
        foreach (var (name, figures) in result.ByClass)
            yield return (result.NormalAgainstEach is null ? name : $"normal against {name}", figures);
    }

    // More curves than this cannot be told apart.
    private const int MostCurves = 8;

    private static IEnumerable<RocPlotCurve> Curves(EvaluationResult result)
    {
        var (targets, probabilities) = (result.Evaluation.Targets, result.Evaluation.Predictions.Probabilities);
        var classes = result.Task.Classes;
        for (var c = 0; c < Math.Min(classes.Count, MostCurves); c++)
        {
            var labels = targets.Where((_, i) => i % classes.Count == c).ToArray();
            var scores = probabilities.Where((_, i) => i % classes.Count == c).ToArray();
            var curve = RocCurve.Compute<float>(labels, scores, dropIntermediate: false);
            if (curve.Auc is not null)
                yield return new RocPlotCurve(classes[c], curve) { Threshold = 0.5 };
        }
    }
}
