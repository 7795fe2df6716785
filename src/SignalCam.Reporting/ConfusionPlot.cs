namespace SignalCam.Reporting;

/// <summary>Draws a confusion matrix as SVG: counts, and the share of each true class's recordings.</summary>
/// <remarks>The same input gives the same text.</remarks>
public static class ConfusionPlot
{
    private const double Edge = 16;

    /// <summary>Draws a matrix; its size in px follows from the number of classes.</summary>
    /// <param name="classes">Names of the classes, at least one.</param>
    /// <param name="counts">Square: row = true class, column = predicted class; no negative counts.</param>
    /// <param name="title">Heading.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">The matrix does not fit the classes, or a count is negative.</exception>
    public static string Render(IReadOnlyList<string> classes, long[,] counts, string title = "Confusion matrix")
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(counts);
        var n = classes.Count;
        if (n == 0 || counts.GetLength(0) != n || counts.GetLength(1) != n)
            throw new ArgumentException(
                $"{n} classes take a matrix of {n} x {n}, found {counts.GetLength(0)} x {counts.GetLength(1)}", nameof(counts));
        if (counts.Cast<long>().Any(c => c < 0))
            throw new ArgumentException("a count is negative", nameof(counts));

        var cell = Math.Clamp(Math.Round(460.0 / n), 46, 120);
        var names = classes.Select(c => TextWidth.Fit(c, Chart.FontSize, 150)).ToArray();
        var widest = names.Max(c => TextWidth.Of(c, Chart.FontSize));
        var slanted = widest > cell - 8;
        var left = Edge + 26 + widest + 8;
        var below = slanted ? (widest * 0.71) + 14 : 20;
        var width = Math.Max(left + (n * cell) + Edge + (slanted ? 0 : 8), 320);
        var chart = new Chart(new ChartOptions { Title = title, Width = width }, Describe(classes, counts));
        var top = chart.Top;
        for (var row = 0; row < n; row++)
        {
            var total = Enumerable.Range(0, n).Sum(column => counts[row, column]);
            chart.Text(left - 8, top + ((row + 0.5) * cell) + 4.5, names[row], "end");
            for (var column = 0; column < n; column++)
                Cell(chart, left + (column * cell), top + (row * cell), cell, counts[row, column], total);
        }
        var bottom = top + (n * cell);
        for (var column = 0; column < n; column++)
        {
            var x = left + ((column + 0.5) * cell);
            if (slanted)
                chart.Body.Add($"""<text transform="translate({x + 4} {bottom + 14}) rotate(-45)" text-anchor="end" """
                    + $"""font-size="{Chart.FontSize}" fill="{Palette.Ink}">{names[column]}</text>""");
            else
                chart.Text(x, bottom + 18, names[column], "middle");
        }
        chart.Text(left + (n * cell / 2), bottom + below + 20, "predicted", "middle", color: Palette.Muted);
        chart.Body.Add($"""<text transform="translate({Edge + 8} {(top + bottom) / 2}) rotate(-90)" text-anchor="middle" """
            + $"""font-size="{Chart.FontSize}" fill="{Palette.Muted}">true</text>""");
        return chart.Finish(bottom + below + 20 + Edge);
    }

    private static void Cell(Chart chart, double x, double y, double size, long count, long total)
    {
        var share = total == 0 ? 0 : (double)count / total;
        var ink = share > 0.55 ? Palette.Paper : Palette.Ink;
        // White to the palette's blue, by the share of the row.
        var color = FormattableString.Invariant(
            $"#{(int)Math.Round(255 - (255 * share)):x2}{(int)Math.Round(255 - (141 * share)):x2}{(int)Math.Round(255 - (77 * share)):x2}");
        chart.Body.Add($"""<rect x="{x}" y="{y}" width="{size}" height="{size}" fill="{color}" stroke="{Palette.Rule}"/>""");
        var large = size >= 80;
        chart.Text(x + (size / 2), y + (size / 2) + (large ? -2 : 0), Nice.Text(count), "middle", large ? 18 : 13, bold: true, color: ink);
        chart.Text(x + (size / 2), y + (size / 2) + (large ? 18 : 14), total == 0 ? "\u2013" : Nice.Percent(share),
            "middle", large ? 13 : 11, color: ink);
    }

    private static string Describe(IReadOnlyList<string> classes, long[,] counts) =>
        "rows are true classes, columns predicted ones, percentages are of the row: " + string.Join("; ", classes.Select((name, row) =>
            $"{name}: {string.Join(", ", classes.Select((other, column) => $"{Nice.Text(counts[row, column])} as {other}"))}"));
}
