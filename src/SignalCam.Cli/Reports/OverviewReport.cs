using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Quality;
using SignalCam.Reporting;

namespace SignalCam.Cli.Reports;

/// <summary>What is in a PTB-XL folder, as text and pictures.</summary>
internal static class OverviewReport
{
    // Rows of a list that are shown; the JSON has all.
    private const int Most = 15;

    public static HtmlReport Document(PtbXlDataset dataset, PtbXlOverview overview)
    {
        var report = new HtmlReport("Overview", dataset.Folder);
        Add(report.Section("Recordings"), dataset, overview);
        return report;
    }

    public static void Add(HtmlSection section, PtbXlDataset dataset, PtbXlOverview overview)
    {
        var all = overview.Splits[^1];
        section.KeyFigures(
            new KeyFigure("recordings", Format.Count(overview.Recordings)),
            new KeyFigure("patients", Format.Count(overview.Patients)),
            new KeyFigure("exactly NORM", Format.Count(all.ExactlyNormal)),
            new KeyFigure("several classes", Format.Count(all.SeveralClasses)),
            new KeyFigure("no diagnostic class", Format.Count(all.Unlabelled)));
        foreach (var (svg, caption) in Figures(dataset, overview))
            section.Figure(svg, caption);
        section.Table(
            ["split", "recordings", "patients", .. all.Classes.Keys, "exactly NORM", "several classes", "no class"],
            [.. overview.Splits.Select(s => (IReadOnlyList<string>)[
                s.Name, Format.Count(s.Recordings), Format.Count(s.Patients), .. s.Classes.Values.Select(v => Format.Count(v)),
                Format.Count(s.ExactlyNormal), Format.Count(s.SeveralClasses), Format.Count(s.Unlabelled)])],
            "Recordings by diagnostic class and official split; one with several classes counts in each");
        section.Details("Statements", fold => fold.Table(
            ["statement", "meaning", "class", "recordings", "of unknown likelihood"],
            [.. overview.Statements.Select(
                s => (IReadOnlyList<string>)
                [
                    s.Code, s.Description, s.DiagnosticClass ?? "", Format.Count(s.Count), Format.Count(s.UnknownLikelihood),
                ])]));
        section.Details("Missing values, devices, sites, quality", fold =>
        {
            foreach (var (name, counts) in Lists(overview))
                fold.Table([name, "recordings"],
                    [.. counts.Take(Most).Select(c => (IReadOnlyList<string>)[c.Name, Format.Count(c.Count)])]);
        });
    }

    /// <summary>The lists that text and report show beside the classes.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<NamedCount> Counts)> Lists(PtbXlOverview overview) =>
    [
        ("missing values", [.. overview.MissingValues.Where(c => c.Count > 0).OrderByDescending(c => c.Count)]),
        ("combination of classes", overview.ClassCombinations),
        ("device", overview.Devices),
        ("site", overview.Sites),
        ("sex", overview.Sexes),
        ("heart axis", overview.HeartAxes),
        ("signal quality", overview.Quality),
        ("validation", overview.Validation),
    ];

    /// <summary>The pictures, each with its caption.</summary>
    public static IEnumerable<(string Svg, string Caption)> Figures(PtbXlDataset dataset, PtbXlOverview overview)
    {
        var splits = overview.Splits.SkipLast(1).Where(s => s.Recordings > 0).ToArray();
        yield return (
            BarChart.Render([.. overview.Splits[^1].Classes.Keys],
                [.. splits.Select(s => new BarSeries(s.Name, [.. s.Classes.Values.Select(v => (double)v)]))],
                new ChartOptions { Title = "Diagnostic classes" }),
            "Recordings by diagnostic class in each part of the official split.");
        yield return (
            BarChart.Render([.. overview.ClassesPerRecording.Keys.Select(k => k.ToString(CultureInfo.InvariantCulture))],
                [new BarSeries("recordings", [.. overview.ClassesPerRecording.Values.Select(v => (double)v)])],
                new ChartOptions { Title = "Classes per recording", XLabel = "diagnostic classes" }),
            "Many recordings carry several diagnostic classes.");
        yield return (
            Histogram.Render([Ages("female", Sex.Female), Ages("male", Sex.Male)],
                new HistogramOptions { Title = "Age", XLabel = "years", BinWidth = 5 }),
            $"Ages by sex; {Format.Count(overview.Over89)} recordings of patients over 89, whose age is not told, are left out.");
        yield return (
            BarChart.Render([.. overview.Devices.Take(Most).Select(d => d.Name)],
                [new BarSeries("recordings", [.. overview.Devices.Take(Most).Select(d => (double)d.Count)])],
                new ChartOptions { Title = "Devices" }),
            "Recordings by device.");
        yield return (
            BarChart.Render([.. overview.Quality.Select(q => q.Name)],
                [new BarSeries("recordings", [.. overview.Quality.Select(q => (double)q.Count)])],
                new ChartOptions { Title = "Signal quality" }),
            $"Recordings in which something is noted; {Format.Count(overview.WithoutSignalProblem)} have no signal problem noted.");

        HistogramSeries Ages(string name, Sex sex) =>
            new(name, [.. dataset.Entries.Where(e => e.Sex == sex && e.Age < 90).Select(e => e.Age!.Value)]);
    }
}
