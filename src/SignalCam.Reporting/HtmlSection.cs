namespace SignalCam.Reporting;

/// <summary>A key figure.</summary>
/// <param name="Name">What it is: "ROC-AUC".</param>
/// <param name="Value">Its value, formatted: "0.9325".</param>
/// <param name="Note">A remark, such as its interval; null for none.</param>
internal sealed record KeyFigure(string Name, string Value, string? Note = null);

/// <summary>A part of a report. Each call appends and returns the same section; all text is escaped.</summary>
public sealed class HtmlSection
{
    private readonly HtmlReport _report;
    private readonly string _id;
    private readonly string _heading;
    private readonly int _level;
    private readonly Markup _content = new();
    private readonly List<HtmlSection> _subsections = [];
    private bool _inFigures;

    internal HtmlSection(HtmlReport report, string id, string heading, int level)
    {
        (_report, _id, _heading, _level) = (report, id, heading, level);
    }

    /// <summary>Appends a section below this one; it stands after this one's own content.</summary>
    /// <exception cref="InvalidOperationException">This section is itself below two others, or the content of details.</exception>
    public HtmlSection Subsection(string heading)
    {
        ArgumentNullException.ThrowIfNull(heading);
        if (_level >= 4)
            throw new InvalidOperationException($"'{_heading}' is as deep as sections go");
        var section = new HtmlSection(_report, $"{_id}-{_subsections.Count + 1}", heading, _level + 1);
        _subsections.Add(section);
        return section;
    }

    /// <summary>Appends a paragraph.</summary>
    public HtmlSection Paragraph(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Flow().Add($"<p>{text}</p>\n");
        return this;
    }

    /// <summary>Appends text as it is, in a fixed-width font: a command, a file.</summary>
    public HtmlSection Code(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Flow().Add($"""<pre tabindex="0"><code>{text}</code></pre>""").Add($"\n");
        return this;
    }

    /// <summary>Appends figures as large numbers side by side.</summary>
    internal HtmlSection KeyFigures(params IReadOnlyList<KeyFigure> figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        Flow().Add($"""<dl class="key">""");
        foreach (var figure in figures)
        {
            _content.Add($"<div><dt>{figure.Name}</dt><dd>{figure.Value}</dd>");
            if (figure.Note is not null)
                _content.Add($"""<dd class="note">{figure.Note}</dd>""");
            _content.Add($"</div>");
        }
        _content.Add($"</dl>\n");
        return this;
    }

    /// <summary>Appends a table; columns of numbers are set flush right.</summary>
    /// <param name="columns">Headings.</param>
    /// <param name="rows">Formatted cells; each row has as many as there are columns.</param>
    /// <param name="caption">Text above the table; null for none.</param>
    /// <exception cref="ArgumentException">A row has more or fewer cells than there are columns.</exception>
    public HtmlSection Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        for (var row = 0; row < rows.Count; row++)
            if (rows[row].Count != columns.Count)
                throw new ArgumentException($"row {row + 1} has {rows[row].Count} cells for {columns.Count} columns", nameof(rows));

        var kinds = columns.Select((_, column) => rows.Count > 0 && rows.All(row => IsNumber(row[column])) ? "n" : "t").ToArray();
        // What is wider than the screen is moved by keyboard, too.
        Flow().Add($"""<div class="table" role="group" tabindex="0" aria-label="{caption ?? _heading}"><table>""");
        if (caption is not null)
            _content.Add($"<caption>{caption}</caption>");
        _content.Add($"<thead><tr>");
        for (var column = 0; column < columns.Count; column++)
        {
            if (columns[column].Length > 0)
                _content.Add($"""<th scope="col" class="{kinds[column]}">{columns[column]}</th>""");
            else
                _content.Add($"<td></td>");
        }
        _content.Add($"</tr></thead><tbody>\n");
        foreach (var row in rows)
        {
            _content.Add($"<tr>");
            for (var column = 0; column < columns.Count; column++)
                _content.Add($"""<td class="{kinds[column]}">{row[column]}</td>""");
            _content.Add($"</tr>\n");
        }
        _content.Add($"</tbody></table></div>\n");
        return this;
    }

    /// <summary>Appends a picture with its caption. Pictures that follow each other stand side by side if there is room.</summary>
    /// <param name="svg">A complete SVG document, as the plots of this namespace give.</param>
    /// <param name="caption">What the figure shows.</param>
    /// <exception cref="ArgumentException">The text is not a well-formed SVG, or it holds a script, a style sheet, foreign content or a
    /// reference to another file.</exception>
    public HtmlSection Figure(string svg, string caption)
    {
        ArgumentNullException.ThrowIfNull(svg);
        ArgumentNullException.ThrowIfNull(caption);
        var picture = InlineSvg.Prepare(svg, $"f{_report.Add(new ReportFigure(svg, caption))}-");
        if (!_inFigures)
            _content.Add($"""<div class="figures">""");
        _inFigures = true;
        _content.Add($"<figure>").AddRaw(picture).Add($"<figcaption>{caption}</figcaption></figure>\n");
        return this;
    }

    /// <summary>Appends content that is folded away until the reader opens it.</summary>
    /// <param name="summary">What stands on the fold.</param>
    /// <param name="content">Fills it.</param>
    public HtmlSection Details(string summary, Action<HtmlSection> content)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(content);
        var inner = new HtmlSection(_report, _id, summary, level: 4);
        content(inner);
        Flow().Add($"<details><summary>{summary}</summary>\n").AddRaw(inner.Content()).Add($"</details>\n");
        return this;
    }

    internal void WriteContents(Markup html)
    {
        html.Add($"""<li><a href="#{_id}">{_heading}</a>""");
        if (_subsections.Count > 0)
        {
            html.Add($"<ol>");
            foreach (var section in _subsections)
                section.WriteContents(html);
            html.Add($"</ol>");
        }
        html.Add($"</li>");
    }

    internal void WriteTo(Markup html)
    {
        html.Add($"""<section id="{_id}"><h{_level}>{_heading}</h{_level}>""").Add($"\n").AddRaw(Content());
        foreach (var section in _subsections)
            section.WriteTo(html);
        html.Add($"</section>\n");
    }

    private string Content() => Flow().ToString();

    /// <summary>The content after any row of figures has been closed.</summary>
    private Markup Flow()
    {
        if (_inFigures)
            _content.Add($"</div>\n");
        _inFigures = false;
        return _content;
    }

    private static bool IsNumber(string cell)
    {
        var text = cell.TrimStart('+', '-', '\u2212', '\u2013', ' ');
        return text.Length == 0 || char.IsAsciiDigit(text[0]) || text is "n/a" or "NaN";
    }
}
