namespace SignalCam.Reporting;

/// <summary>A bar with the text at its end.</summary>
internal sealed record Bar(double Value, string Color, string Text);

/// <summary>Bars of one category.</summary>
internal sealed record BarRow(string Name, IReadOnlyList<Bar> Bars)
{
    /// <summary>Whether a rule stands above the row, as above a sum.</summary>
    public bool Ruled { get; init; }
}

/// <summary>Bars that lie below each other: room for long names and for many categories.</summary>
internal static class HorizontalBars
{
    private const double NameSize = 12;

    public static string Render(IReadOnlyList<BarRow> rows, ChartOptions options, string valueLabel, string description,
        IReadOnlyList<(string Name, string Color, bool Dashed, bool Area)> legend)
    {
        var bars = rows[0].Bars.Count;
        var thickness = bars == 1 ? 14.0 : 11.0;
        var rowHeight = Math.Max(20, (bars * thickness) + 8);
        var axisHeight = 22 + (valueLabel.Length > 0 ? 20 : 0) + 16;
        var head = Head(options, legend);
        var height = head + (rows.Count * rowHeight) + 6 + axisHeight;

        var chart = new Chart(options with { Height = Math.Max(height, 160) }, description);
        if (legend.Count > 0)
            chart.Legend(legend);
        var nameSpace = Math.Min(options.Width * 0.4, rows.Max(r => TextWidth.Of(r.Name, NameSize)) + 8);
        var textSpace = Math.Min(options.Width * 0.3, rows.SelectMany(r => r.Bars).Max(b => TextWidth.Of(b.Text, 11)) + 8);
        chart.ValueAxis(ChartAxis.Around(rows.SelectMany(r => r.Bars).Select(b => b.Value), withZero: true, ticks: 5),
            valueLabel, nameSpace, textSpace);
        for (var i = 0; i < rows.Count; i++)
        {
            var middle = chart.Top + 3 + ((i + 0.5) * rowHeight);
            if (rows[i].Ruled)
                chart.Body.Add($"""<path d="M{chart.Left - nameSpace} {middle - (rowHeight / 2)}H{chart.Right + textSpace}" """
                    + $"""stroke="{Palette.Muted}"/>""");
            chart.Text(chart.Left - 8, middle + 4, TextWidth.Fit(rows[i].Name, NameSize, nameSpace - 8), "end", NameSize);
            for (var k = 0; k < rows[i].Bars.Count; k++)
                Draw(chart, rows[i].Bars[k], middle + ((k - (rows[i].Bars.Count / 2.0)) * thickness), thickness);
        }
        return chart.Finish();
    }

    private static void Draw(Chart chart, Bar bar, double top, double thickness)
    {
        if (!double.IsFinite(bar.Value))
            return;
        var (left, right) = (chart.X(Math.Min(bar.Value, 0)), chart.X(Math.Max(bar.Value, 0)));
        chart.Body.Add($"""<rect x="{left}" y="{top + 0.5}" width="{right - left}" height="{thickness - 1}" fill="{bar.Color}"/>""");
        chart.Text(right + 5, top + (thickness / 2) + 4, bar.Text, size: 11, color: Palette.Muted);
    }

    /// <summary>Height of heading and legend, found by laying them out.</summary>
    private static double Head(ChartOptions options, IReadOnlyList<(string Name, string Color, bool Dashed, bool Area)> legend)
    {
        var chart = new Chart(options, "");
        if (legend.Count > 0)
            chart.Legend(legend);
        return chart.Top;
    }
}
