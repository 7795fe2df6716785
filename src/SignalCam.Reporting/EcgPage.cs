namespace SignalCam.Reporting;

/// <summary>What surrounds the sheets of an ECG picture: document, heading, legend. In mm.</summary>
internal static class EcgPage
{
    public const string Fonts = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif";

    /// <summary>A complete SVG document of this size with an accessible name and description.</summary>
    public static string Document(double width, double height, string title, string description, Markup body) =>
        new Markup()
            .Add($"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 {width} {height}" """
                + $"""role="img" font-family="{Fonts}">""")
            .Add($"""<title>{title}</title><desc>{description}</desc><rect width="{width}" height="{height}" fill="{Palette.Paper}"/>""")
            .AddRaw(body.ToString()).Add($"</svg>").ToString();

    /// <summary>Writes the heading and returns how high it is.</summary>
    /// <param name="svg">Where it is written to.</param>
    /// <param name="beside">Width that is free beside what stands at the right; a title that is wider begins below that.</param>
    /// <param name="width">The whole width; a title that is wider has several lines.</param>
    /// <param name="title">The title, never cut.</param>
    /// <param name="note">The line below it.</param>
    public static double Header(Markup svg, double beside, double width, string title, string note)
    {
        const double size = 5;
        var fits = TextWidth.Of(title, size * TextWidth.Bold) <= beside;
        var y = fits ? 8.0 : 19.0;
        var lines = fits ? [title] : TextWidth.Wrap(title, size * TextWidth.Bold, width);
        foreach (var line in lines)
        {
            svg.Add($"""<text x="{EcgSheet.Margin}" y="{y}" font-size="{size}" font-weight="600" fill="{Palette.Ink}">{line}</text>""");
            y += 6;
        }
        svg.Add($"""<text x="{EcgSheet.Margin}" y="{y - 1}" font-size="3.2" fill="{Palette.Muted}">{note}</text>""");
        return y + 1.5;
    }

    /// <summary>Writes a paragraph in as many lines as it takes and returns where the next one begins.</summary>
    public static double Paragraph(Markup svg, double x, double y, double width, string text, bool isStrong = false)
    {
        const double size = 3.2;
        foreach (var line in TextWidth.Wrap(text, isStrong ? size * TextWidth.Bold : size, width))
        {
            y += 4.4;
            svg.Add(
                $"""<text x="{x}" y="{y}" font-size="{size}" font-weight="{(isStrong ? 600 : 400)}" fill="{Palette.Ink}">{line}</text>""");
        }
        return y;
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
