using SignalCam.Core.Metrics;

namespace SignalCam.Reporting;

/// <summary>
/// Draws a reliability diagram as SVG: the share of positives against the mean probability of each bin, with intervals, above the bins'
/// counts.
/// </summary>
/// <remarks>The same input gives the same text.</remarks>
internal static class ReliabilityPlot
{
    // Below the axis labels: a heading, numbers and bars.
    private const double CountsHeight = 74;
    private const double BarHeight = 34;
    private const double CountSize = 10;

    /// <summary>Draws the bins.</summary>
    /// <param name="curve">The bins that have a recording.</param>
    /// <param name="intervals">Share of positives in each of the <see cref="ReliabilityCurve.BinCount"/> bins with its interval, as
    /// <see cref="CurveBands"/> has it; null for none.</param>
    /// <param name="options">Null for the defaults: 400 x 470 px.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">There are intervals of another number of bins.</exception>
    public static string Render(ReliabilityCurve curve, IReadOnlyList<Figure>? intervals = null, ChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curve);
        options ??= new ChartOptions { Title = "Reliability", Width = 400, Height = 470 };
        if (intervals is not null && intervals.Count != ReliabilityCurve.BinCount)
            throw new ArgumentException($"there are {intervals.Count} intervals for {ReliabilityCurve.BinCount} bins", nameof(intervals));

        var chart = new Chart(options with { Height = options.Height - CountsHeight },
            $"share of positives against probability, calibration error {Nice.Fixed(curve.Ece, 4)}: "
                + string.Join(
                    "; ",
                    curve.Bins.Select(b => $"{Nice.Text(b.Count)} recordings of mean probability {Nice.Fixed(b.MeanProbability, 3)}, "
                        + $"{Nice.Fixed(b.Observed, 3)} of them positive")));
        chart.Axes(ChartAxis.Exactly(0, 1, ticks: 5), ChartAxis.Exactly(0, 1, ticks: 5), options.XLabel ?? "mean probability",
            options.YLabel ?? "share of positives");
        chart.Body.Add(
            $"""<path d="M{chart.X(0)} {chart.Y(0)}L{chart.X(1)} {chart.Y(1)}" stroke="{Palette.Muted}" stroke-dasharray="3 4"/>""");
        foreach (var bin in curve.Bins)
            if (intervals?[ReliabilityCurve.BinOf((bin.From + bin.To) / 2)].Interval is { } interval)
                Whisker(chart, chart.X(bin.MeanProbability), interval);
        if (curve.Bins.Count > 1)
        {
            var points = curve.Bins.Select(b => $"{Markup.Number(chart.X(b.MeanProbability))} {Markup.Number(chart.Y(b.Observed))}");
            chart.Body.Add(
                $"""<path d="M{string.Join('L', points)}" fill="none" stroke="{Palette.Series(0)}" stroke-width="1.2"/>""");
        }
        foreach (var bin in curve.Bins)
            chart.Body.Add(
                $"""<circle cx="{chart.X(bin.MeanProbability)}" cy="{chart.Y(bin.Observed)}" r="4.5" fill="{Palette.Series(0)}"/>""");
        Counts(chart, curve, options.Height);
        return chart.Finish(options.Height);
    }

    private static void Whisker(Chart chart, double x, Interval interval)
    {
        var (top, bottom) = (chart.Y(interval.High), chart.Y(interval.Low));
        chart.Body.Add(
            $"""<path d="M{x} {top}V{bottom}M{x - 4} {top}h8M{x - 4} {bottom}h8" stroke="{Palette.Series(0)}" stroke-width="1.5"/>""");
    }

    private static void Counts(Chart chart, ReliabilityCurve curve, double height)
    {
        var floor = height - 12;
        chart.Text(chart.Left, height - CountsHeight + 4, "recordings in each bin", size: 12, color: Palette.Muted);
        chart.Body.Add($"""<path d="M{chart.Left} {floor}H{chart.Right}" stroke="{Palette.Muted}"/>""");
        var most = curve.Bins.Count == 0 ? 1 : curve.Bins.Max(b => b.Count);
        foreach (var bin in curve.Bins)
        {
            var (left, right) = (chart.X(bin.From) + 1.5, chart.X(bin.To) - 1.5);
            var tall = BarHeight * bin.Count / most;
            chart.Body.Add($"""<rect x="{left}" y="{floor - tall}" width="{right - left}" height="{tall}" fill="{Palette.Series(5)}"/>""");
            chart.Text((left + right) / 2, floor - tall - 3, Nice.Text(bin.Count), "middle", CountSize, color: Palette.Muted);
        }
    }
}
