namespace SignalCam.Reporting;

/// <summary>Values of one group.</summary>
/// <param name="Name">Name in the legend: "female", "male".</param>
/// <param name="Values">Any number of values; NaN and infinities are counted as missing.</param>
internal sealed record HistogramSeries(string Name, IReadOnlyList<double> Values);

/// <summary>What a histogram shows besides the bars.</summary>
internal sealed record HistogramOptions : ChartOptions
{
    /// <summary>
    /// Width of a bin in the values' unit; bins begin at multiples of it. Default: a round width that gives about 20 bins.
    /// </summary>
    public double? BinWidth { get; init; }
}

/// <summary>Draws how often values occur as SVG, groups on top of each other: ages of the patients by sex.</summary>
/// <remarks>The same input gives the same text.</remarks>
internal static class Histogram
{
    private const int MostBins = 400;

    /// <summary>Draws one or more groups. The description says how many values there are and how many are missing.</summary>
    /// <param name="series">At least one; all may be empty.</param>
    /// <param name="options">Null for the defaults; the vertical axis is labelled "recordings".</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No series, or a bin width that is not positive or would give more than 400 bins.</exception>
    public static string Render(IReadOnlyList<HistogramSeries> series, HistogramOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new HistogramOptions();
        if (series.Count == 0)
            throw new ArgumentException("there is nothing to draw: give at least one series", nameof(series));
        var values = series.SelectMany(s => s.Values).Where(double.IsFinite).ToArray();
        var (min, max) = values.Length == 0 ? (0.0, 1.0) : (values.Min(), values.Max());
        var width = options.BinWidth ?? (max > min ? Nice.AtLeast((max - min) / 20) : 1);
        if (!(width > 0) || (max - min) / width > MostBins)
            throw new ArgumentException(
                $"BinWidth is {width}; it is positive and gives at most {MostBins} bins between {min} and {max}", nameof(options));

        var first = Math.Floor(min / width);
        var bins = (int)(Math.Floor(max / width) - first) + 1;
        var counts = series.Select(s => Count(s.Values, first, width, bins)).ToArray();
        var missing = series.Sum(s => s.Values.Count) - values.Length;

        var chart = new Chart(options, $"{options.YLabel ?? "recordings"} by {options.XLabel ?? "value"}, {Nice.Text(values.Length)} "
            + $"values{(missing > 0 ? $", {Nice.Text(missing)} missing" : "")}, bins of {Nice.Text(width)}");
        if (series.Count > 1)
            chart.Legend([.. series.Select((s, i) => (s.Name, Palette.Series(i), false, true))]);
        var tallest = Enumerable.Range(0, bins).Max(bin => counts.Sum(c => c[bin]));
        chart.Axes(ChartAxis.Exactly(first * width, (first + bins) * width), ChartAxis.Around([tallest], withZero: true),
            options.XLabel ?? "", options.YLabel ?? "recordings");
        for (var bin = 0; bin < bins; bin++)
        {
            var below = 0;
            for (var i = 0; i < series.Count; i++)
            {
                var (left, right) = (chart.X((first + bin) * width), chart.X((first + bin + 1) * width));
                var (top, bottom) = (chart.Y(below + counts[i][bin]), chart.Y(below));
                if (counts[i][bin] > 0)
                    chart.Body.Add($"""<rect x="{left + 0.5}" y="{top}" width="{right - left - 1}" height="{bottom - top}" """
                        + $"""fill="{Palette.Series(i)}"/>""");
                below += counts[i][bin];
            }
        }
        return chart.Finish();
    }

    private static int[] Count(IReadOnlyList<double> values, double first, double width, int bins)
    {
        var counts = new int[bins];
        foreach (var value in values.Where(double.IsFinite))
            counts[Math.Clamp((int)(Math.Floor(value / width) - first), 0, bins - 1)]++;
        return counts;
    }
}
