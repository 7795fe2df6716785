using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Reporting;
using SignalCam.Sdk.Explanation;
using SignalCam.Torch.Audit;
using Spectre.Console;

namespace SignalCam.Cli.Reports;

/// <summary>The figures of an audit as a table and as a report.</summary>
internal static class AuditReport
{
    // The measures that fit a terminal, and what they are called there.
    private static readonly (string Measure, string Heading)[] s_short =
    [
        (AuditMeasures.Deletion + "_zero", "deletion"),
        (AuditMeasures.Insertion + "_zero", "insertion"),
        (AuditMeasures.DeletionGain, "del. gain"),
        (AuditMeasures.InsertionGain, "ins. gain"),
        (AuditMeasures.PointingTime, "pointing"),
        (AuditMeasures.PointingLeadTime, "by lead"),
        (AuditMeasures.Randomisation, "random."),
        (AuditMeasures.MaxSensitivity, "max. sens."),
    ];

    private static readonly (string Heading, string What, string[] Measures)[] s_tables =
    [
        ("Faithfulness: deletion", "Area below the class's probability while windows of 0.1 s go, the most valued first; less is better. "
            + "Gain: the random map's area minus this one, recording by recording. Behind CAM: how much better the exact CAM is, likewise.",
            [
                AuditMeasures.Deletion + "_zero", AuditMeasures.Deletion + "_mean", AuditMeasures.Deletion + "_noise",
                AuditMeasures.DeletionGain, AuditMeasures.DeletionBehindCam,
            ]),
        ("Faithfulness: insertion", "Area while they come, the most valued first; more is better. The same curve, read from its end, "
            + "deletes the least valued first.",
            [
                AuditMeasures.Insertion + "_zero", AuditMeasures.Insertion + "_mean", AuditMeasures.Insertion + "_noise",
                AuditMeasures.InsertionGain, AuditMeasures.InsertionBehindCam,
            ]),
        ("Localisation", "Pointing game (hits within the tolerance, and strictly) and share of the positive relevance on the planted "
            + "signs, along time and in lead x time.",
            [
                AuditMeasures.PointingTime, AuditMeasures.PointingLeadTime, AuditMeasures.PointingTime + AuditMeasures.Strict,
                AuditMeasures.PointingLeadTime + AuditMeasures.Strict, AuditMeasures.MassTime, AuditMeasures.MassLeadTime,
            ]),
        ("Parts of the beat", "Share of the positive relevance where P, QRS, and ST with T are expected, and between the beats.",
            [AuditMeasures.Share + "_p", AuditMeasures.Share + "_qrs", AuditMeasures.Share + "_t", AuditMeasures.Share + "_none"]),
        ("Sanity", "Completeness error; rank correlation with networks of fresh weights (near zero is good), as it is and absolute; "
            + "largest change when the recording hardly changes (less is better); Gini index.",
            [
                AuditMeasures.CompletenessError, AuditMeasures.Randomisation, AuditMeasures.RandomisationAbsolute,
                AuditMeasures.MaxSensitivity, AuditMeasures.Sparseness,
            ]),
    ];

    public static void Print(IAnsiConsole terminal, AuditOutcome outcome)
    {
        var result = outcome.Result;
        terminal.Line($"{Format.Count(result.Recordings)} recordings with a class that is called present, of ",
            $"{Format.Count(outcome.Candidates)}{Terminal.Skipped(outcome.Skipped)}{Chance(result)}");
        var columns = s_short.Where(s => result.Explainers.Any(e => e.Measures.ContainsKey(s.Measure))).ToArray();
        var table = new Table().AddColumns(["explainer", .. columns.Select(c => c.Heading), "ms"]);
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        foreach (var explainer in result.Explainers)
            table.Row([
                explainer.Name, .. columns.Select(c => Format.Number(explainer.Measures.GetValueOrDefault(c.Measure)?.Mean, 3)),
                Format.Number(explainer.MillisecondsPerRecording, 1)]);
        terminal.Write(table);
        foreach (var explainer in result.Explainers)
            foreach (var warning in explainer.Warnings)
                terminal.Line($"[yellow]{explainer.Name} {warning}[/]");
    }

    public static string Document(string what, AuditOutcome outcome)
    {
        var result = outcome.Result;
        var report = new HtmlReport("Audit of explanations", what);
        report.Section("In short").Paragraph(
            $"{Format.Count(result.Recordings)} recordings of which the model calls a class present, of "
            + $"{Format.Count(outcome.Candidates)}; the most probable of these classes is explained. "
            + $"Means over recordings with 95 % intervals by resampling patients{Chance(result)}.")
            .Table(
                ["explainer", "which lead", "values", "ms a recording", "what speaks against it here"],
                [.. result.Explainers.Select(e => (IReadOnlyList<string>)[
                    e.Name, e.AnswersWhichLead ? "yes" : "one strip for all", e.Sign == HeatMapSign.Magnitude ? "magnitude" : "signed",
                    Format.Number(e.MillisecondsPerRecording, 2), e.Warnings.Count > 0 ? string.Join("; ", e.Warnings) : "-"])]);
        foreach (var (heading, description, measures) in s_tables)
        {
            var there = measures.Where(m => result.Explainers.Any(e => e.Measures.ContainsKey(m))).ToArray();
            if (there.Length > 0)
                report.Section(heading).Paragraph(description).Table(
                    ["explainer", .. there],
                    [.. result.Explainers.Select(
                        e => (IReadOnlyList<string>)[e.Name, .. there.Select(m => Cell(e.Measures.GetValueOrDefault(m)))])]);
        }
        report.Section("Agreement").Paragraph("Spearman's rank correlation of the strips, mean over recordings.").Table(
            ["", .. result.Explainers.Select(e => e.Name)],
            [.. result.Explainers.Select(
                (e, i) => (IReadOnlyList<string>)[e.Name, .. result.Agreement[i].Select(a => Format.Number(a, 2))])]);
        return report.Render();
    }

    private static string Chance(AuditResult result) => result.Chance.Count == 0 ? ""
        : $"; a random place hits the truth in {Format.Percent(result.Chance[AuditMeasures.PointingTime])} along time and "
            + $"{Format.Percent(result.Chance[AuditMeasures.PointingLeadTime])} in lead x time";

    // Errors of a part in a million need their own form.
    private static string Cell(MeanInterval? interval) =>
        interval is not { Mean: { } mean, Interval: { Low: var low, High: var high } } ? "-"
            : Math.Abs(mean) < 1e-3 && mean != 0 ? FormattableString.Invariant($"{mean:0.0e0} [{low:0.0e0}, {high:0.0e0}]")
            : $"{Format.Number(mean, 3)} [{Format.Number(low, 3)}, {Format.Number(high, 3)}]";
}
