namespace SignalCam.Reporting;

/// <summary>
/// What all charts share: heading, legend, axes with grid and labels, document. Measures in px; the plot's rectangle is what
/// heading, legend and labels leave.
/// </summary>
internal sealed class Chart
{
    public const double FontSize = 13;
    private const double Edge = 16;
    private const double TickSize = 12;

    private readonly ChartOptions _options;
    private readonly string _description;
    private ChartAxis _x = ChartAxis.Exactly(0, 1);
    private ChartAxis _y = ChartAxis.Exactly(0, 1);

    public Chart(ChartOptions options, string description)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Width, 240);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Height, 160);
        _options = options;
        _description = description;
        Width = options.Width;
        Top = Edge;
        if (options.Title.Length > 0)
        {
            Text(Edge, Top + 12, TextWidth.Fit(options.Title, 15 * TextWidth.Bold, Width - (2 * Edge)), size: 15, bold: true);
            Top += 28;
        }
        (Left, Right, Bottom) = (Edge, Width - Edge, options.Height - Edge);
    }

    public Markup Body { get; } = new();

    public double Width { get; }

    public double Left { get; private set; }

    public double Right { get; private set; }

    public double Top { get; private set; }

    public double Bottom { get; private set; }

    public double X(double value) => Left + (_x.Share(value) * (Right - Left));

    public double Y(double value) => Bottom - (_y.Share(value) * (Bottom - Top));

    /// <summary>Names of the series above the plot, on as many lines as they need.</summary>
    public void Legend(IReadOnlyList<(string Name, string Color, bool Dashed, bool Area)> entries)
    {
        var (x, y) = (Edge, Top + 8);
        foreach (var (fullName, color, dashed, area) in entries)
        {
            var name = TextWidth.Fit(fullName, FontSize, Width - (2 * Edge) - 30);
            var mark = area ? 18 : 26;
            var wide = mark + TextWidth.Of(name, FontSize);
            if (x > Edge && x + wide > Width - Edge)
                (x, y) = (Edge, y + 20);
            if (area)
                Body.Add($"""<rect x="{x}" y="{y - 6}" width="12" height="12" fill="{color}"/>""");
            else
                Body.Add($"""<path d="M{x} {y}h20" stroke="{color}" stroke-width="2.2" stroke-dasharray="{(dashed ? "5 3" : "none")}"/>""");
            Text(x + mark, y + 4.5, name);
            x += wide + 16;
        }
        Top = y + 22;
    }

    /// <summary>Space above the first line of data for marks.</summary>
    public void ReserveTop(double height) => Top += height;

    /// <summary>Draws both axes with their grid, and settles the plot's rectangle.</summary>
    public void Axes(ChartAxis x, ChartAxis y, string xLabel, string yLabel)
    {
        (_x, _y) = (x, y);
        Bottom -= 22 + (xLabel.Length > 0 ? 20 : 0);
        Left += (yLabel.Length > 0 ? 22 : 0) + y.Ticks.Max(t => TextWidth.Of(y.Label(t), TickSize)) + 6;
        Right -= 8;
        foreach (var tick in y.Ticks)
        {
            Body.Add($"""<path d="M{Left} {Y(tick)}H{Right}" stroke="{Palette.Rule}"/>""");
            Text(Left - 7, Y(tick) + 4.2, y.Label(tick), "end", TickSize, color: Palette.Muted);
        }
        XTicks();
        AxisLabels(xLabel, yLabel);
    }

    /// <summary>Draws a value axis below horizontal bars whose names take a column of this width.</summary>
    public void ValueAxis(ChartAxis x, string xLabel, double nameWidth, double valueWidth)
    {
        _x = x;
        Left += nameWidth;
        Right -= valueWidth;
        Bottom -= 22 + (xLabel.Length > 0 ? 20 : 0);
        foreach (var tick in x.Ticks)
            Body.Add($"""<path d="M{X(tick)} {Top}V{Bottom}" stroke="{Palette.Rule}"/>""");
        XTicks();
        AxisLabels(xLabel, "");
    }

    /// <summary>Text in the chart's font; escaped.</summary>
    public void Text(double x, double y, string text, string anchor = "start", double size = FontSize, bool bold = false,
        string color = Palette.Ink) =>
            Body.Add($"""<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{(bold ? "600" : "400")}" """
                + $"""fill="{color}">{text}</text>""");

    /// <summary>Text with a white rim, legible over lines.</summary>
    public void HaloText(double x, double y, string text, string anchor) =>
        Body.Add($"""<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{FontSize}" fill="{Palette.Ink}" stroke="{Palette.Paper}" """
            + $"""stroke-width="4" stroke-linejoin="round" paint-order="stroke">{text}</text>""");

    /// <summary>The complete SVG document.</summary>
    public string Finish(double? height = null)
    {
        var high = height ?? _options.Height;
        var title = _options.Title.Length > 0 ? _options.Title : "chart";
        return new Markup()
            .Add($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{high}" viewBox="0 0 {Width} {high}" role="img" """
                + $"""font-family="{EcgPage.Fonts}">""")
            .Add($"""<title>{title}</title><desc>{_description}</desc><rect width="{Width}" height="{high}" fill="{Palette.Paper}"/>""")
            .AddRaw(Body.ToString()).Add($"</svg>").ToString();
    }

    private void XTicks()
    {
        foreach (var tick in _x.Ticks)
        {
            Body.Add($"""<path d="M{X(tick)} {Bottom}v4" stroke="{Palette.Muted}"/>""");
            Text(X(tick), Bottom + 18, _x.Label(tick), "middle", TickSize, color: Palette.Muted);
        }
    }

    private void AxisLabels(string xLabel, string yLabel)
    {
        Body.Add($"""<path d="M{Left} {Bottom}H{Right}" stroke="{Palette.Muted}"/>""");
        if (xLabel.Length > 0)
            Text((Left + Right) / 2, Bottom + 38, TextWidth.Fit(xLabel, FontSize, Right - Left), "middle");
        if (yLabel.Length > 0)
            Body.Add($"""<text transform="translate({Edge + 6} {(Top + Bottom) / 2}) rotate(-90)" text-anchor="middle" """
                + $"""font-size="{FontSize}" fill="{Palette.Ink}">{TextWidth.Fit(yLabel, FontSize, Bottom - Top)}</text>""");
    }
}
