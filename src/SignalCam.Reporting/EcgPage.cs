namespace SignalCam.Reporting;

/// <summary>What surrounds the sheets of an ECG picture: document, heading, legend. In mm.</summary>
internal static class EcgPage
{
    public const string Fonts = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif";

    /// <summary>A complete SVG document of this size with an accessible name and description.</summary>
    public static string Document(double width, double height, string title, string description, Markup body) =>
        new Markup().Add($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}" role="img" font-family="{Fonts}">""")
            .Add($"""<title>{title}</title><desc>{description}</desc><rect width="{width}" height="{height}" fill="{Palette.Paper}"/>""")
            .AddRaw(body.ToString()).Add($"</svg>").ToString();

    /// <summary>Writes the heading, at most this wide, and returns how high it is.</summary>
    public static double Header(Markup svg, double width, string title, string note)
    {
        var fitted = TextWidth.Fit(title, 5 * TextWidth.Bold, width);
        svg.Add($"""<text x="{EcgSheet.Margin}" y="8" font-size="5" font-weight="600" fill="{Palette.Ink}">{fitted}</text>""");
        svg.Add($"""<text x="{EcgSheet.Margin}" y="13" font-size="3.2" fill="{Palette.Muted}">{note}</text>""");
        return 15.5;
    }

    /// <summary>Names of the traces, at the right of the heading's second line.</summary>
    public static void Legend(Markup svg, double width, IReadOnlyList<EcgTrace> traces)
    {
        var x = width - EcgSheet.Margin;
        for (var i = traces.Count - 1; i >= 0; i--)
        {
            var name = TextWidth.Fit(traces[i].Name, 3.2, 60);
            x -= TextWidth.Of(name, 3.2);
            svg.Add($"""<text x="{x}" y="13" font-size="3.2" fill="{Palette.Ink}">{name}</text>""");
            svg.Add($"""<path d="M{x - 9} 11.9h7.5" stroke="{TraceColor(i)}" stroke-width=".6"/>""");
            x -= 14;
        }
    }

    /// <summary>The first trace is black, as ink; later ones take the palette's colours.</summary>
    public static string TraceColor(int index) => index == 0 ? Palette.Ink : Palette.Series(index);
}
