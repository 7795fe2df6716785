using System.Globalization;
using SignalCam.Cli.Batch;
using SignalCam.Reporting;

namespace SignalCam.Cli.Reports;

/// <summary>A model's answers for unlabelled recordings: distributions, findings, and the most and least confident answers.</summary>
internal static class BatchReport
{
    public static string Document(string model, BatchSummary summary, BatchPictures pictures)
    {
        var report = new HtmlReport("Predictions", model);
        AddSummary(report.Section("In short"), summary);
        AddAnswers(report.Section("Answers"), summary);
        AddFindings(report.Section("Findings"), summary);
        AddPictures(report.Section("Surest and least sure"), summary, pictures);
        AddFailures(report.Section("Without an answer"), summary);
        return report.Render();
    }

    private static void AddSummary(HtmlSection section, BatchSummary summary)
    {
        section.KeyFigures(
            new KeyFigure("recordings", Format.Count(summary.Recordings)),
            new KeyFigure("answered", Format.Count(summary.Recordings - summary.Failed)),
            new KeyFigure("not decided", Format.Count(summary.Undecided), "a finding says that they are unusable"),
            new KeyFigure("with findings", Format.Count(summary.WithFindings)),
            new KeyFigure("without an answer", Format.Count(summary.Failed)));
        section.Paragraph("The recordings have no labels, so this report cannot say how often the model is right. "
            + "Compare the share of each class with what you expect for these recordings, and inspect the pictures.");
    }

    private static void AddAnswers(HtmlSection section, BatchSummary summary)
    {
        if (summary.Classes.Count == 0)
        {
            section.Paragraph("No recording could be scored.");
            return;
        }
        section.Table(
            ["class", "threshold", "called", "share", "not called", "not decided", "mean probability"],
            [.. summary.Classes.Select(c => (IReadOnlyList<string>)[
                c.Key, Format.Number(c.Value.Threshold), Format.Count(c.Value.Present),
                Format.Percent((double)c.Value.Present / c.Value.Count), Format.Count(c.Value.Absent), Format.Count(c.Value.Undecided),
                Format.Number(c.Value.MeanProbability)])]);
        string[] bins = [.. Enumerable.Range(0, BatchSummary.Bins)
            .Select(bin => ((double)bin / BatchSummary.Bins).ToString("F2", CultureInfo.InvariantCulture))];
        foreach (var (name, one) in summary.Classes)
            section.Figure(
                BarChart.Render(bins, [new BarSeries(name, [.. one.Histogram.Select(n => (double)n)])], new ChartOptions
                {
                    Title = name,
                    XLabel = "probability, from",
                }),
                one.Threshold is { } threshold
                    ? $"Recordings by probability of {name}, which is called present above {Format.Number(threshold)}."
                    : $"Recordings by probability of {name}; the most probable class is called.");
    }

    private static void AddFindings(HtmlSection section, BatchSummary summary)
    {
        if (summary.WithFindings == 0)
        {
            section.Paragraph("The checks found no problems.");
            return;
        }
        section.Table(
            ["finding", "severity", "recordings", "share", "such as"],
            [.. summary.Findings.Select(f => (IReadOnlyList<string>)[
                f.Code, f.Severity.ToString().ToLowerInvariant(), Format.Count(f.Count),
                Format.Percent((double)f.Count / summary.Recordings), string.Join(", ", f.Examples)])]);
    }

    private static void AddPictures(HtmlSection section, BatchSummary summary, BatchPictures pictures)
    {
        if (pictures.Missing is { } reason)
            section.Paragraph($"No heat maps: {reason}");
        foreach (var (heading, ranking) in ((string, Ranking)[])[
            ("Surest to have a class", summary.SurestPresent), ("Surest to have none", summary.SurestAbsent),
            ("Least sure", summary.LeastSure)])
        {
            if (ranking.Recordings.Count == 0)
                continue;
            var part = section.Subsection(heading);
            part.Table(["recording", "class", "probability"], [.. ranking.Recordings.Select(r =>
                (IReadOnlyList<string>)[r.Recording, r.Score.Class, Format.Number(r.Score.Probability)])]);
            foreach (var one in ranking.Recordings)
                if (pictures.ByRecording.GetValueOrDefault((one.Recording, one.Score.Class)) is { } picture)
                    part.Figure(picture, $"{one.Recording}: probability of {one.Score.Class} {Format.Number(one.Score.Probability)}.");
        }
    }

    private static void AddFailures(HtmlSection section, BatchSummary summary)
    {
        if (summary.Failed == 0)
        {
            section.Paragraph("Every recording was scored.");
            return;
        }
        section.Table(
            ["recording", "reason"], [.. summary.Failures.Select(f => (IReadOnlyList<string>)[f.Recording, f.Error])],
            summary.Failed > summary.Failures.Count ? $"The first {summary.Failures.Count} of {Format.Count(summary.Failed)}" : null);
    }
}
