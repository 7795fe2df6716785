namespace SignalCam.Reporting;

/// <summary>A picture of a report.</summary>
/// <param name="Svg">The picture as a complete SVG document.</param>
/// <param name="Caption">What is to be seen.</param>
internal sealed record ReportFigure(string Svg, string Caption);

/// <summary>
/// A report as one HTML file that needs nothing else: no network, no script. Readable on screens of any width, in light and dark, and in
/// print.
/// </summary>
/// <remarks>
/// Everything given as text is escaped. The file is well-formed XML, too. The same content gives the same text: there is no date in it
/// but the caller's. Not safe for concurrent callers.
/// </remarks>
public sealed class HtmlReport
{
    private readonly List<HtmlSection> _sections = [];
    private readonly string _title;
    private readonly string? _subtitle;
    private readonly List<ReportFigure> _figures = [];

    /// <summary>Begins a report.</summary>
    /// <param name="title">Heading and window title.</param>
    /// <param name="subtitle">A line below the heading: data, model, version.</param>
    public HtmlReport(string title, string? subtitle = null)
    {
        ArgumentNullException.ThrowIfNull(title);
        _title = title;
        _subtitle = subtitle;
    }

    /// <summary>Appends a section, which the table of contents names.</summary>
    public HtmlSection Section(string heading)
    {
        ArgumentNullException.ThrowIfNull(heading);
        var section = new HtmlSection(this, $"s{_sections.Count + 1}", heading, level: 2);
        _sections.Add(section);
        return section;
    }

    /// <summary>The whole file as text.</summary>
    public string Render()
    {
        var html = new Markup();
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>{_title}</title>
            <style>
            """).AddRaw(HtmlStyle.Css).Add($"</style></head>\n<body><header><h1>{_title}</h1>");
        if (_subtitle is not null)
            html.Add($"<p>{_subtitle}</p>");
        html.Add($"</header>\n");
        if (_sections.Count > 1)
        {
            html.Add($"""<nav aria-label="Contents"><ol>""");
            foreach (var section in _sections)
                section.WriteContents(html);
            html.Add($"</ol></nav>\n");
        }
        html.Add($"<main>\n");
        foreach (var section in _sections)
            section.WriteTo(html);
        return html.Add($"</main></body></html>\n").ToString();
    }

    /// <summary>Writes the file as UTF-8.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    public void Save(string path) => File.WriteAllText(path, Render());

    /// <summary>All figures of the report so far, in the order that they were added in.</summary>
    internal IReadOnlyList<ReportFigure> Figures => _figures;

    /// <summary>Keeps a figure and numbers it, so that the ids within it can be told from another figure's.</summary>
    internal int Add(ReportFigure figure)
    {
        _figures.Add(figure);
        return _figures.Count;
    }
}
