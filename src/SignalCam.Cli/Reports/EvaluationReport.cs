using SignalCam.Cli.Commands;
using SignalCam.Core.Metrics;
using SignalCam.Core.Rendering;

namespace SignalCam.Cli.Reports;

/// <summary>Figures and pictures of an evaluation.</summary>
internal static class EvaluationReport
{
    private static readonly string[] s_shown =
    [
        FigureNames.Accuracy, FigureNames.Precision, FigureNames.Recall, FigureNames.F1, FigureNames.RocAuc, FigureNames.AveragePrecision, FigureNames.Brier,
    ];

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
                new long[,] { { binary.TrueNegatives, binary.FalsePositives }, { binary.FalseNegatives, binary.TruePositives } }), $"Confusion at a probability of {Format.Number(binary.Threshold)}.");
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
            section.Figure(RocPlot.Render(curves), "Sensitivity against 1 - specificity at every threshold; the mark is the decision at the model's threshold.");
        section.Table(
            ["", "n", "TN", "FP", "FN", "TP", "accuracy", "precision", "recall", "F1", "ROC-AUC", "average precision", "Brier"],
            [.. Rows(result).Select(row => (IReadOnlyList<string>)[
                row.Name, Format.Count(row.Figures.N), Format.Count(row.Figures.TrueNegatives), Format.Count(row.Figures.FalsePositives), Format.Count(row.Figures.FalseNegatives),
                Format.Count(row.Figures.TruePositives), .. s_shown.Select(figure => Format.Figure(row.Figures.Figures[figure]))])],
            result.NormalAgainstEach is null ? null : "Overall, and normal recordings against all recordings that carry a class");
    }

    private static IEnumerable<(string Name, ClassEvaluation Figures)> Rows(EvaluationResult result)
    {
        if (result.Evaluation.Binary is not null)
            yield return (result.Task.Classes[0], result.Outcome.Figures.ByClass[result.Task.Classes[0]]);
        foreach (var (name, figures) in result.ByClass)
            yield return (result.NormalAgainstEach is null ? name : $"normal against {name}", figures);
    }

    // More curves than this cannot be told apart.
    private const int MostCurves = 8;

    private static IEnumerable<RocPlotCurve> Curves(EvaluationResult result)
    {
        var (targets, probabilities) = (result.Evaluation.Targets, result.Evaluation.Predictions.Probabilities);
        var (classes, thresholds) = (result.Task.Classes, result.Evaluation.Scores.Thresholds);
        for (var c = 0; c < Math.Min(classes.Count, MostCurves); c++)
        {
            var labels = targets.Where((_, i) => i % classes.Count == c).ToArray();
            var scores = probabilities.Where((_, i) => i % classes.Count == c).ToArray();
            var curve = RocCurve.Compute<float>(labels, scores, dropIntermediate: false);
            if (curve.Auc is not null)
                yield return new RocPlotCurve(classes[c], curve) { Threshold = thresholds[c] };
        }
    }
}
