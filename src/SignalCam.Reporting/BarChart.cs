namespace SignalCam.Reporting;

/// <summary>One bar for each category.</summary>
/// <param name="Name">Name in the legend: "train", "validation", "test".</param>
/// <param name="Values">One value per category; NaN draws none.</param>
public sealed record BarSeries(string Name, IReadOnlyList<double> Values);

/// <summary>Draws grouped bars as SVG: counts of each class in each split.</summary>
/// <remarks>
/// Bars stand upright while their categories' names fit below them, and lie otherwise, in a picture as high as it needs to be.
/// The same input gives the same text.
/// </remarks>
public static class BarChart
{
    private const double GroupShare = 0.86;
    private const double LabelSize = 10.5;

    /// <summary>Draws one group of bars for each category.</summary>
    /// <param name="categories">Names, at least one.</param>
    /// <param name="series">At least one; each has as many values as there are categories.</param>
    /// <param name="options">Null for the defaults; the values' axis is labelled by <see cref="ChartOptions.YLabel"/>, "recordings" by
    /// default.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No category or series, or a series that does not fit the categories.</exception>
    public static string Render(IReadOnlyList<string> categories, IReadOnlyList<BarSeries> series, ChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(series);
        options ??= new ChartOptions();
        if (categories.Count == 0 || series.Count == 0)
            throw new ArgumentException("a bar chart has at least one category and one series", nameof(series));
        foreach (var s in series)
            if (s.Values.Count != categories.Count)
                throw new ArgumentException($"'{s.Name}' has {s.Values.Count} values for {categories.Count} categories", nameof(series));

        var slot = (options.Width - 100) / categories.Count;
        return categories.All(c => TextWidth.Of(c, 12) < slot - 4) && slot * GroupShare / series.Count >= 4
            ? Upright(categories, series, options)
            : HorizontalBars.Render(Rows(categories, series), options, options.YLabel ?? "recordings", Describe(categories, series),
                series.Count > 1 ? [.. series.Select((s, i) => (s.Name, Palette.Series(i), false, true))] : []);
    }

    private static string Upright(IReadOnlyList<string> categories, IReadOnlyList<BarSeries> series, ChartOptions options)
    {
        var chart = new Chart(options, Describe(categories, series));
        if (series.Count > 1)
            chart.Legend([.. series.Select((s, i) => (s.Name, Palette.Series(i), false, true))]);
        chart.ReserveTop(8);
        chart.Axes(ChartAxis.Categories(categories.Count), ChartAxis.Around(series.SelectMany(s => s.Values), withZero: true),
            options.XLabel ?? "", options.YLabel ?? "recordings");
        var slot = chart.X(1) - chart.X(0);
        var bar = Math.Min(slot * GroupShare / series.Count, 64);
        var labels = series.SelectMany(s => s.Values).All(v => TextWidth.Of(Nice.Text(v, 2), LabelSize) <= bar + 2);
        for (var category = 0; category < categories.Count; category++)
        {
            var middle = chart.X(category + 0.5);
            chart.Text(middle, chart.Bottom + 18, categories[category], "middle", 12);
            for (var i = 0; i < series.Count; i++)
            {
                var value = series[i].Values[category];
                if (!double.IsFinite(value))
                    continue;
                var x = middle + ((i - (series.Count / 2.0)) * bar);
                var (top, bottom) = (chart.Y(Math.Max(value, 0)), chart.Y(Math.Min(value, 0)));
                chart.Body.Add($"""<rect x="{x + 0.5}" y="{top}" width="{bar - 1}" height="{bottom - top}" fill="{Palette.Series(i)}"/>""");
                if (labels)
                    chart.Text(x + (bar / 2), top - 4, Nice.Text(value, 2), "middle", LabelSize, color: Palette.Muted);
            }
        }
        return chart.Finish();
    }

    private static List<BarRow> Rows(IReadOnlyList<string> categories, IReadOnlyList<BarSeries> series) =>
        [.. categories.Select((name, category) => new BarRow(
            name, [.. series.Select((s, i) => new Bar(s.Values[category], Palette.Series(i), Nice.Text(s.Values[category], 2)))]))];

    private static string Describe(IReadOnlyList<string> categories, IReadOnlyList<BarSeries> series) => categories.Count > 20
        ? $"{categories.Count} categories: {string.Join(", ", series.Select(s => s.Name))}"
        : string.Join(
            "; ", series.Select(s => $"{s.Name}: {string.Join(", ", categories.Select((c, i) => $"{c} {Nice.Text(s.Values[i])}"))}"));
}
