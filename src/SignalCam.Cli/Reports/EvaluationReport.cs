using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Reporting;

namespace SignalCam.Cli.Reports;

/// <summary>Figures and pictures of an evaluation. docs/evaluation.md says what is in it.</summary>
internal static class EvaluationReport
{
    public static HtmlReport Document(string what, EvaluationResult result, ErrorPictures pictures)
    {
        var report = new HtmlReport("Evaluation", what);
        Add(report.Section, result, pictures);
        return report;
    }

    /// <summary>Appends the parts.</summary>
    /// <param name="part">Begins a section or a section below one.</param>
    /// <param name="result">What to show.</param>
    /// <param name="pictures">Heat maps of the worst errors; null to name the errors only.</param>
    public static void Add(Func<string, HtmlSection> part, EvaluationResult result, ErrorPictures? pictures = null)
    {
        AddSummary(part("In short"), result);
        AddDecisions(part("Decisions"), result);
        EvaluationCurves.Add(part, result);
        AddClasses(part("Classes"), result);
        AddSubgroups(part("Subgroups"), result);
        AddErrors(part("Worst errors"), result, pictures);
    }

    private static void AddSummary(HtmlSection section, EvaluationResult result)
    {
        var (outcome, figures) = (result.Outcome, result.Outcome.Figures);
        string[] names = result.Task.Kind == TaskKind.Binary
            ? [FigureNames.RocAuc, FigureNames.AveragePrecision, FigureNames.Accuracy, FigureNames.F1]
            : [FigureNames.MacroRocAuc, FigureNames.MacroAveragePrecision, FigureNames.MacroF1, FigureNames.Accuracy];
        section.KeyFigures([
            new KeyFigure("recordings", Format.Count(figures.N), $"of {Format.Count(figures.Patients)} patients"),
            .. names.Select(
                name => new KeyFigure(Words(name), Format.Number(figures.Overall[name].Value), Between(figures.Overall[name])))]);
        section.Table(["what", ""], [
            [
                "model",
                $"{outcome.Model.Architecture.Name}, task "
                + $"{outcome.Model.Task}{(outcome.Model.Preset is { } preset ? $", preset {preset}" : "")}",
            ],
            ["data", outcome.Dataset.Name],
            .. EvaluationProvenance.Of(outcome).Select(line => (IReadOnlyList<string>)[line.Name, line.Text]),
            .. outcome.HeldOut.Remarks.Select(remark => (IReadOnlyList<string>)["note", remark]),
            [
                "intervals",
                figures.Resamples > 0
                    ? $"95 %, {Format.Count(figures.Resamples)} resamples of {Format.Count(figures.Patients)} patients"
                    : "none",
            ]]);
    }

    private static void AddDecisions(HtmlSection section, EvaluationResult result)
    {
        var figures = result.Outcome.Figures;
        if (figures.Confusion is { } confusion)
        {
            var counts = new long[confusion.Classes.Count, confusion.Classes.Count];
            for (var row = 0; row < confusion.Classes.Count; row++)
                for (var column = 0; column < confusion.Classes.Count; column++)
                    counts[row, column] = confusion.Counts[row][column];
            section.Figure(ConfusionPlot.Render(confusion.Classes, counts), "Confusion: the class of the highest probability is called.");
        }
        else
        {
            foreach (var (name, one) in figures.ByClass.Take(EvaluationResult.MostCurves))
                section.Figure(
                    ConfusionPlot.Render(["not " + name, name], new long[,]
                    {
                        { one.TrueNegatives, one.FalsePositives }, { one.FalseNegatives, one.TruePositives },
                    }, figures.ByClass.Count == 1 ? "Confusion matrix" : name),
                    $"{name} is called above a probability of {Format.Number(one.Threshold)}.");
        }
        section.Table(
            ["class", "threshold", "TN", "FP", "FN", "TP", "sensitivity", "specificity", "precision"],
            [.. figures.ByClass.Select(c => (IReadOnlyList<string>)[
                c.Key, Format.Number(c.Value.Threshold), Format.Count(c.Value.TrueNegatives), Format.Count(c.Value.FalsePositives),
                Format.Count(c.Value.FalseNegatives), Format.Count(c.Value.TruePositives),
                .. Cells(c.Value, FigureNames.Recall, FigureNames.Specificity, FigureNames.Precision)])],
            "Thresholds, and what is decided there");
        if (result.Points is { } points)
            section.Table(OperatingPointTable.Headings, [.. points.Cells()],
                "Predictive values at the stated prevalence; a threshold for a sensitivity was chosen on these recordings");
        if (result.ChallengeText is { } challenge)
            section.Paragraph(challenge);
    }

    private static void AddClasses(HtmlSection section, EvaluationResult result) => section.Table(
        ["class", "n", "positives", "ROC-AUC", "average precision", "accuracy", "F1"],
        [.. Rows(result).Select(row => (IReadOnlyList<string>)[
            row.Name, Format.Count(row.Figures.N), Format.Count(row.Figures.Positives),
            .. Cells(row.Figures, FigureNames.RocAuc, FigureNames.AveragePrecision, FigureNames.Accuracy, FigureNames.F1)])],
        result.NormalAgainstEach is null ? null : "Overall, and normal recordings against all recordings that carry a class");

    private static IEnumerable<(string Name, ClassEvaluation Figures)> Rows(EvaluationResult result)
    {
        if (result.Task.Kind == TaskKind.Binary)
            yield return (result.Task.Classes[0], result.Outcome.Figures.ByClass[result.Task.Classes[0]]);
        foreach (var (name, figures) in result.ByClass)
            yield return (result.NormalAgainstEach is null ? name : $"normal against {name}", figures);
    }

    private static void AddSubgroups(HtmlSection section, EvaluationResult result)
    {
        section.Paragraph(
            "The same model and thresholds on parts of the recordings. Groups of fewer than 20 recordings are taken together as other; "
                + "a difference within the intervals says nothing.");
        foreach (var by in result.Subgroups.GroupBy(s => s.By))
            section.Table(
                [
                    by.Key, "n", "positives",
                    .. by.First().Shown.Select(f => f.Name == FigureNames.Recall
                        ? "sensitivity"
                        : f.Name == FigureNames.MacroRecall ? "macro sensitivity" : Words(f.Name)),
                ],
                [.. by.Select(s => (IReadOnlyList<string>)[
                    s.Name, Format.Count(s.Figures.N),
                    s.Positives.Count == 1
                        ? Format.Count(s.Positives.Values.First())
                        : string.Join(", ", s.Positives.Select(p => $"{p.Key} {Format.Count(p.Value)}")),
                    .. s.Shown.Select(f => Format.Figure(f.Figure))])]);
    }

    private static void AddErrors(HtmlSection section, EvaluationResult result, ErrorPictures? pictures)
    {
        if (result.WorstErrors.Count == 0)
        {
            section.Paragraph("Every decision agrees with its label.");
            return;
        }
        section.Paragraph("The surest decisions that the label contradicts. Wrong labels are common among them: look at the recording "
            + "before blaming the model.");
        section.Table(
            ["recording", "label", "statements", "decision", "probability"],
            [.. result.WorstErrors.Select(
                e => (IReadOnlyList<string>)[e.Entry.Id, e.Truth, e.Statements, e.Decision, Format.Number(e.Probability)])]);
        if (pictures?.Missing is { } reason)
            section.Paragraph($"No heat maps: {reason}");
        foreach (var error in result.WorstErrors)
            if (pictures?.ById.GetValueOrDefault(error.Entry.Id) is { } picture)
                section.Figure(picture, $"Recording {error.Entry.Id}: {error.Decision} with probability "
                    + $"{Format.Number(error.Probability)}; label {error.Truth}, statements {error.Statements}.");
    }

    internal static IEnumerable<string> Cells(ClassEvaluation figures, params string[] names) =>
        names.Select(name => Format.Figure(figures.Figures[name]));

    private static string Words(string name) =>
        name.Replace('_', ' ').Replace("roc auc", "ROC-AUC", StringComparison.Ordinal).Replace("f1", "F1", StringComparison.Ordinal);

    private static string? Between(Figure figure) =>
        figure.Interval is { } interval ? $"{Format.Number(interval.Low, 3)} to {Format.Number(interval.High, 3)}" : null;
}
