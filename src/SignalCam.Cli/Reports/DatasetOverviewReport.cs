using SignalCam.Reporting;
using Spectre.Console;

namespace SignalCam.Cli.Reports;

/// <summary>What is in a dataset, as text and pictures.</summary>
internal static class DatasetOverviewReport
{
    // Bars that fit a picture, and names that fit a line; the JSON has all.
    private const int MostBars = 25;
    private const int Most = 12;

    public static void Print(IAnsiConsole terminal, DatasetOverview overview)
    {
        terminal.Line($"{Format.Count(overview.Recordings)} recordings of {Patients(overview)}");
        var table = new Table().AddColumns("", "recordings");
        foreach (var (name, counts) in Lists(overview))
            table.Row(name, string.Join(", ", counts.Take(Most).Select(c => $"{c.Key} {Format.Count(c.Value)}")) + (counts.Count > Most
                ? $", and {counts.Count - Most} more" : ""));
        table.Row("age", Age(overview));
        terminal.Write(table);
        foreach (var remark in overview.Remarks)
            terminal.Line($"[yellow]note: {remark}[/]");
    }

    public static HtmlReport Document(string what, DatasetOverview overview)
    {
        var report = new HtmlReport("Overview", what);
        var section = report.Section("Recordings");
        section.KeyFigures(
            new KeyFigure("recordings", Format.Count(overview.Recordings)),
            new KeyFigure("patients", overview.WithoutPatient == overview.Recordings ? "not known" : Format.Count(overview.Patients)),
            new KeyFigure("codes", Format.Count(overview.Codes.Count)),
            new KeyFigure("without a code", Format.Count(overview.WithoutCode)));
        foreach (var remark in overview.Remarks)
            section.Paragraph(remark);
        section.Figure(Bars("Codes", overview.Codes), "Recordings by code, the most common first; one with several codes counts in each.");
        if (overview.Classes is { } classes)
            section.Figure(Bars("Diagnostic classes", classes), "Recordings by PTB-XL's diagnostic class.");
        if (overview.Folds.Count > 0)
            section.Figure(Bars("Folds", overview.Folds), "Recordings by fold.");
        section.Paragraph($"Age: {Age(overview)}");
        foreach (var (name, counts) in Lists(overview))
            section.Details(name, fold => fold.Table([name, "recordings"],
                [.. counts.Select(c => (IReadOnlyList<string>)[c.Key, Format.Count(c.Value)])]));
        return report;
    }

    private static string Patients(DatasetOverview overview) => overview.WithoutPatient == overview.Recordings
        ? "patients that are not known" : $"{Format.Count(overview.Patients)} patients";

    private static IEnumerable<(string Name, IReadOnlyDictionary<string, int> Counts)> Lists(DatasetOverview overview)
    {
        yield return ("code", overview.Codes);
        if (overview.Classes is { } classes)
            yield return ("diagnostic class", classes);
        if (overview.Folds.Count > 0)
            yield return ("fold", overview.Folds);
        yield return ("sex", overview.Sexes);
    }

    private static string Age(DatasetOverview overview) => overview.MedianAge is null ? "not known"
        : $"median {Format.Number(overview.MedianAge, 0)}, {Format.Number(overview.LowestAge, 0)} to "
            + $"{Format.Number(overview.HighestAge, 0)} years; not known of {Format.Count(overview.WithoutAge)}";

    private static string Bars(string title, IReadOnlyDictionary<string, int> counts) => SignalCam.Reporting.BarChart.Render(
        [.. counts.Take(MostBars).Select(c => c.Key)], [new BarSeries("recordings",
            [.. counts.Take(MostBars).Select(c => (double)c.Value)])], new ChartOptions { Title = title });
}
