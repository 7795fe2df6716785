using SignalCam.Abstractions;
using SignalCam.Core.Quality;
using SignalCam.Reporting;
using Spectre.Console;

namespace SignalCam.Cli.Reports;

/// <summary>What the checks find in a dataset, as text, JSON and pictures.</summary>
internal static class QualityReport
{
    // Each is drawn; of a dataset full of them the first are enough to see what is wrong.
    private const int MostPictures = 60;

    public static void Print(IAnsiConsole terminal, FindingCensus census)
    {
        var (unusable, warned) = ($"{Format.Count(census.Unusable)} unusable ({Share(census.Unusable, census)})",
            $"{Format.Count(census.Warned)} with a warning ({Share(census.Warned, census)})");
        terminal.Line($"{Format.Count(census.Recordings)} recordings checked: {unusable}, {warned}; {Format.Count(census.Unreadable)} ",
            $"could not be read");
        var table = new Table().AddColumns("finding", "recordings", "share");
        foreach (var (code, count) in census.Codes)
            table.Row(code, Format.Count(count), Share(count, census));
        if (census.Codes.Count > 0)
            terminal.Write(table);
        foreach (var suspicious in census.Suspicious.Take(MostPictures))
            terminal.Line($"{suspicious.Entry.Id}: {Sentences(suspicious)}");
    }

    public static object Json(FindingCensus census) => new
    {
        census.Recordings,
        census.Unusable,
        census.Warned,
        census.Unreadable,
        Findings = census.Codes,
        UnusableRecordings = census.Suspicious.Select(s => new { s.Entry.Id, Codes = s.Findings.Select(f => f.Code) }),
    };

    public static void Add(HtmlSection section, FindingCensus census, IReadOnlyList<(string Svg, string Caption)> pictures)
    {
        section.KeyFigures(
            new KeyFigure("recordings", Format.Count(census.Recordings)),
            new KeyFigure("unusable", Format.Count(census.Unusable)),
            new KeyFigure("with a warning", Format.Count(census.Warned)));
        section.Table(
            ["finding", "recordings", "share"],
            [.. census.Codes.Select(c => (IReadOnlyList<string>)[c.Key, Format.Count(c.Value), Share(c.Value, census)])],
            "Recordings with each finding of the checks");
        foreach (var (svg, caption) in pictures)
            section.Figure(svg, caption);
    }

    /// <summary>A picture of each unusable recording, with what was found.</summary>
    public static async Task<IReadOnlyList<(string Svg, string Caption)>> PicturesAsync(
        IEcgDataset dataset, FindingCensus census, CancellationToken cancellationToken)
    {
        var pictures = new List<(string, string)>();
        foreach (var suspicious in census.Suspicious.Take(MostPictures))
        {
            var signal = await dataset.ReadAsync(suspicious.Entry, cancellationToken);
            pictures.Add((EcgPlot.Render(signal, new EcgPlotOptions { Title = suspicious.Entry.Id }),
                $"{suspicious.Entry.Id}: {Sentences(suspicious)}"));
        }
        return pictures;
    }

    private static string Sentences(SuspiciousRecording recording) =>
        string.Join(" ", recording.Findings.Where(f => f.Severity == FindingSeverity.Unusable).Select(f => f.Sentence));

    private static string Share(int count, FindingCensus census) =>
        Format.Percent(census.Recordings == 0 ? 0 : (double)count / census.Recordings);
}
