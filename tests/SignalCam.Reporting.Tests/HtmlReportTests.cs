using System.Xml.Linq;
using static VerifyXunit.Verifier;

namespace SignalCam.Reporting.Tests;

public class HtmlReportTests
{
    private const string Plain = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><g id="a"/><use href="#a"/><rect """
        + """fill="url(#a)" aria-labelledby="a b"/></svg>""";

    [Fact]
    public Task A_report_reads_as_accepted()
    {
        var report = new HtmlReport("Report", "PTB-XL & more");
        var data = report.Section("Data")
            .Paragraph("21,799 recordings.")
            .KeyFigures(new KeyFigure("ROC-AUC", "0.9325", "0.92 to 0.94"), new KeyFigure("n", "2183"))
            .Table(["class", "n"], [["NORM", "7,596"], ["MI", "\u2013"]], "Counts")
            .Code("signalcam evaluate")
            .Figure(Plain, "first").Figure(Plain, "second")
            .Details("More", more => more.Paragraph("Inside.").Figure(Plain, "third"));
        data.Subsection("Ages").Paragraph("Years.");
        report.Section("Empty");

        // The style sheet is no subject of this test.
        var html = report.Render();
        var style = html.IndexOf("<style>", StringComparison.Ordinal);
        return Verify(html.Remove(style, html.IndexOf("</style>", StringComparison.Ordinal) - style), "html");
    }

    [Fact]
    public void All_text_is_escaped_wherever_it_stands()
    {
        const string evil = "</p><script>alert(1)</script><img src='x' onerror=\"x\"> & \0";
        var report = new HtmlReport(evil, evil);
        report.Section(evil).Paragraph(evil).Code(evil).KeyFigures(new KeyFigure(evil, evil, evil)).Table([evil], [[evil]], evil)
            .Figure(Plain, evil).Details(evil, d => d.Paragraph(evil)).Subsection(evil);
        report.Section("second");

        var document = XDocument.Parse(report.Render());

        Assert.DoesNotContain(document.Descendants(), e => e.Name.LocalName is "script" or "img");
        Assert.Equal(18, document.DescendantNodes().OfType<XText>().Count(t => t.Value == evil.Replace('\0', '\uFFFD')));
    }

    [Fact]
    public void Ids_of_different_figures_differ_and_references_follow_them()
    {
        var report = new HtmlReport("r");
        report.Section("s").Figure(Plain, "one").Figure(Plain, "two");

        var document = XDocument.Parse(report.Render());

        var ids = document.Descendants().Attributes("id").Select(a => a.Value).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        Assert.Equal(["#f1-a", "#f2-a"], document.Descendants(Pictures.Svg + "use").Select(u => u.Attribute("href")!.Value));
        Assert.Equal(["url(#f1-a)", "url(#f2-a)"], document.Descendants(Pictures.Svg + "rect").Select(r => r.Attribute("fill")!.Value));
        Assert.Equal("f1-a f1-b", document.Descendants(Pictures.Svg + "rect").First().Attribute("aria-labelledby")!.Value);
    }

    [Fact]
    public void The_contents_name_each_section_and_lead_there()
    {
        var report = new HtmlReport("r");
        report.Section("one").Subsection("one below");
        report.Section("two");

        var document = XDocument.Parse(report.Render());

        var links = document.Descendants("nav").Descendants("a").ToDictionary(a => a.Value, a => a.Attribute("href")!.Value[1..]);
        Assert.Equal(["one", "one below", "two"], links.Keys);
        foreach (var (heading, id) in links)
            Assert.Equal(heading, document.Descendants("section").Single(s => s.Attribute("id")!.Value == id).Elements().First().Value);
    }

    [Fact]
    public void A_report_of_all_pictures_is_well_formed_and_refers_to_nothing_outside()
    {
        var signal = Pictures.Beats();
        var report = new HtmlReport("r");
        report.Section("s")
            .Figure(EcgPlot.Render(signal), "ecg")
            .Figure(CamPlot.Render(signal, [new CamClass("a", new float[1000], 0.5), new CamClass("b", new float[1000], 0.5)]), "cam")
            .Figure(LineChart.Render([new("loss", [1, 2])]), "line");

        var html = report.Render();

        XDocument.Parse(html);
        Assert.DoesNotContain("http",
            html.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(html, report.Render());
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "'script' element")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><style>p{}</style></svg>", "'style' element")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "event handler, 'onload'")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><image href='https://example.org/x.png'/></svg>",
        "another file, 'https://example.org/x.png'")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><a xmlns:x='http://www.w3.org/1999/xlink' x:href='javascript:x()'/></svg>",
        "another file, 'javascript:x()'")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><rect fill='url(x.svg#a)'/></svg>", "another file, 'x.svg#a'")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'><rect></svg>", "no well-formed SVG")]
    [InlineData("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>", "no well-formed SVG")]
    [InlineData("<p/>", "its root is 'p'")]
    public void A_figure_that_is_not_self_contained_is_refused_with_the_reason(string svg, string reason)
    {
        var section = new HtmlReport("r").Section("s");

        var error = Assert.Throws<ArgumentException>(() => section.Figure(svg, "caption"));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_with_a_cell_too_few_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new HtmlReport("r").Section("s").Table(["a", "b"], [["1", "2"], ["1"]]));

        Assert.Contains("row 2 has 1 cells for 2 columns", error.Message, StringComparison.Ordinal);
    }
}
