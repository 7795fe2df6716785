using System.Text;

namespace SignalCam.Reporting;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Values">One value per step; NaN leaves a gap.</param>
public sealed record LineSeries(string Name, IReadOnlyList<double> Values)
{
    /// <summary>
    /// Whether the line is dashed, so that pairs such as train and validation can be told apart without colour; default false.
    /// </summary>
    public bool Dashed { get; init; }
}

/// <summary>What a line chart shows besides the lines.</summary>
public sealed record LineChartOptions : ChartOptions
{
    /// <summary>The step that is marked with a vertical line, counted from 1; default none.</summary>
    public int? MarkedStep { get; init; }

    /// <summary>What is special about the marked step; default "best". The step's number follows.</summary>
    public string MarkedText { get; init; } = "best";
}

/// <summary>Draws values over steps as SVG: loss, accuracy, AUC or learning rate of a training, epoch by epoch.</summary>
/// <remarks>The same input gives the same text.</remarks>
public static class LineChart
{
    /// <summary>Draws one or more series on one pair of axes; steps count from 1.</summary>
    /// <param name="series">At least one, each with at least one value.</param>
    /// <param name="options">Null for the defaults; the horizontal axis is labelled "epoch".</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No series, a series without values, or a marked step that is not there.</exception>
    public static string Render(IReadOnlyList<LineSeries> series, LineChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        options ??= new LineChartOptions();
        if (series.Count == 0 || series.Any(s => s.Values.Count == 0))
            throw new ArgumentException("a line chart has at least one series, and each series at least one value", nameof(series));
        var steps = series.Max(s => s.Values.Count);
        if (options.MarkedStep is { } marked && (marked < 1 || marked > steps))
            throw new ArgumentException($"MarkedStep is {marked}; there are steps 1 to {steps}", nameof(options));

        var xLabel = options.XLabel ?? "epoch";
        var chart = new Chart(options,
            $"{options.YLabel ?? "values"} over {xLabel}, 1 to {steps}: {string.Join(", ", series.Select(s => s.Name))}");
        chart.Legend([.. series.Select((s, i) => (s.Name, Palette.Series(i), s.Dashed, false))]);
        if (options.MarkedStep is not null)
            chart.ReserveTop(16);
        chart.Axes(ChartAxis.Exactly(steps == 1 ? 0 : 1, steps == 1 ? 2 : steps, whole: true),
            ChartAxis.Around(series.SelectMany(s => s.Values), withZero: false), xLabel, options.YLabel ?? "");
        if (options.MarkedStep is { } step)
            Mark(chart, step, $"{options.MarkedText} {xLabel} {step}");
        for (var i = 0; i < series.Count; i++)
            Line(chart, series[i], Palette.Series(i), options.MarkedStep);
        return chart.Finish();
    }

    private static void Mark(Chart chart, int step, string text)
    {
        var x = chart.X(step);
        var half = TextWidth.Of(text, Chart.FontSize) / 2;
        chart.Body.Add($"""<path d="M{x} {chart.Top - 4}V{chart.Bottom}" stroke="{Palette.Muted}" stroke-dasharray="3 3"/>""");
        chart.Text(Math.Clamp(x, chart.Left + half, Math.Max(chart.Left + half, chart.Right - half)), chart.Top - 9, text, "middle");
    }

    private static void Line(Chart chart, LineSeries series, string color, int? marked)
    {
        var path = new StringBuilder();
        var open = false;
        for (var i = 0; i < series.Values.Count; i++)
        {
            if (!double.IsFinite(series.Values[i]))
            {
                open = false;
                continue;
            }
            var (x, y) = (chart.X(i + 1), chart.Y(series.Values[i]));
            path.Append(open ? 'L' : 'M').Append(Markup.Number(x)).Append(' ').Append(Markup.Number(y));
            var alone = !open && (i + 1 == series.Values.Count || !double.IsFinite(series.Values[i + 1]));
            if (alone || i + 1 == marked)
                chart.Body.Add($"""<circle cx="{x}" cy="{y}" r="4" fill="{color}"/>""");
            open = true;
        }
        chart.Body.Add($"""<path d="{path.ToString()}" fill="none" stroke="{color}" stroke-width="2.2" stroke-linejoin="round" """
            + $"""stroke-dasharray="{(series.Dashed ? "6 3.5" : "none")}"/>""");
    }
}
