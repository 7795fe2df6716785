using System.Text;
using SignalCam.Core.Metrics;

namespace SignalCam.Reporting;

/// <summary>A curve with a band around it.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="X">Places of the points, from 0 to 1, rising.</param>
/// <param name="Values">As many points, from 0 to 1, each with its interval; one without value leaves a gap in the line, one without
/// interval a gap in the band.</param>
internal sealed record BandPlotCurve(string Name, IReadOnlyList<double> X, IReadOnlyList<Figure> Values)
{
    /// <summary>A point that is marked, such as the decision at the model's threshold; default none.</summary>
    public (double X, double Y)? Mark { get; init; }
}

/// <summary>What a plot of curves with bands shows besides.</summary>
internal sealed record BandPlotOptions : ChartOptions
{
    /// <summary>Heights at 0 and at 1 of a dotted straight line: what chance reaches; default none.</summary>
    public (double Left, double Right)? Chance { get; init; }
}

/// <summary>Draws curves on a unit square as SVG, each above the band of its 95 % intervals: ROC, precision against recall.</summary>
/// <remarks>The same input gives the same text.</remarks>
internal static class BandPlot
{
    /// <summary>Draws one or more curves, as <see cref="CurveBands"/> has them.</summary>
    /// <param name="curves">At least one.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No curve, or one whose places and values differ in number.</exception>
    public static string Render(IReadOnlyList<BandPlotCurve> curves, BandPlotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        options ??= new BandPlotOptions();
        if (curves.Count == 0)
            throw new ArgumentException("there is nothing to draw: give at least one curve", nameof(curves));
        foreach (var curve in curves)
            if (curve.X.Count != curve.Values.Count)
                throw new ArgumentException($"'{curve.Name}' has {curve.X.Count} places for {curve.Values.Count} values", nameof(curves));

        var (xLabel, yLabel) = (options.XLabel ?? "", options.YLabel ?? "");
        var chart = new Chart(options, $"{(yLabel.Length > 0 ? yLabel : "values")} against {(xLabel.Length > 0 ? xLabel : "places")} with "
            + $"95 % bands: {string.Join("; ", curves.Select(c => c.Name))}");
        chart.Legend([.. curves.Select((curve, i) => (curve.Name, Palette.Series(i), i >= 7, false))]);
        chart.Axes(ChartAxis.Exactly(0, 1, ticks: 5), ChartAxis.Exactly(0, 1, ticks: 5), xLabel, yLabel);
        if (options.Chance is { } chance)
            chart.Body.Add($"""<path d="M{chart.X(0)} {chart.Y(chance.Left)}L{chart.X(1)} {chart.Y(chance.Right)}" """
                + $"""stroke="{Palette.Muted}" stroke-dasharray="3 4"/>""");
        // All bands first: none hides a line.
        for (var i = 0; i < curves.Count; i++)
            foreach (var run in Runs(curves[i], figure => figure.Interval is not null))
                Band(chart, curves[i], run, Palette.Series(i));
        for (var i = 0; i < curves.Count; i++)
            foreach (var run in Runs(curves[i], figure => figure.Value is not null))
                Line(chart, curves[i], run, Palette.Series(i), dashed: i >= 7);
        for (var i = 0; i < curves.Count; i++)
            if (curves[i].Mark is { } mark)
                chart.Body.Add($"""<circle cx="{chart.X(mark.X)}" cy="{chart.Y(mark.Y)}" r="5" fill="{Palette.Paper}" """
                    + $"""stroke="{Palette.Series(i)}" stroke-width="2.5"/>""");
        return chart.Finish();
    }

    /// <summary>First place and number of the points that follow each other without a gap.</summary>
    private static IEnumerable<(int Start, int Count)> Runs(BandPlotCurve curve, Func<Figure, bool> isThere)
    {
        for (var start = 0; start < curve.Values.Count; start++)
        {
            var end = start;
            while (end < curve.Values.Count && isThere(curve.Values[end]))
                end++;
            if (end > start)
                yield return (start, end - start);
            start = end;
        }
    }

    private static void Band(Chart chart, BandPlotCurve curve, (int Start, int Count) run, string color)
    {
        var path = new StringBuilder();
        for (var i = run.Start; i < run.Start + run.Count; i++)
            Append(path, chart.X(curve.X[i]), chart.Y(curve.Values[i].Interval!.Value.High));
        for (var i = run.Start + run.Count - 1; i >= run.Start; i--)
            Append(path, chart.X(curve.X[i]), chart.Y(curve.Values[i].Interval!.Value.Low));
        chart.Body.Add($"""<path d="{path.Append('Z').ToString()}" fill="{color}" fill-opacity="0.18"/>""");
    }

    private static void Line(Chart chart, BandPlotCurve curve, (int Start, int Count) run, string color, bool dashed)
    {
        if (run.Count == 1)
        {
            chart.Body.Add($"""<circle cx="{chart.X(curve.X[run.Start])}" cy="{chart.Y(curve.Values[run.Start].Value!.Value)}" r="3" """
                + $"""fill="{color}"/>""");
            return;
        }
        var path = new StringBuilder();
        for (var i = run.Start; i < run.Start + run.Count; i++)
            Append(path, chart.X(curve.X[i]), chart.Y(curve.Values[i].Value!.Value));
        chart.Body.Add($"""<path d="{path.ToString()}" fill="none" stroke="{color}" stroke-width="2.2" stroke-linejoin="round" """
            + $"""stroke-dasharray="{(dashed ? "5 3" : "none")}"/>""");
    }

    private static void Append(StringBuilder path, double x, double y) =>
        path.Append(path.Length == 0 ? 'M' : 'L').Append(Markup.Number(x)).Append(' ').Append(Markup.Number(y));
}
