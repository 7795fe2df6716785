using SignalCam.Core.Metrics;

namespace SignalCam.Reporting;

/// <summary>A curve of a ROC plot.</summary>
/// <param name="Name">Name in the legend, to which the AUC is added.</param>
/// <param name="Curve">The curve; one that is not defined (no positives or no negatives) cannot be drawn.</param>
public sealed record RocPlotCurve(string Name, RocCurve Curve)
{
    /// <summary>The probability above which a recording counts as positive, marked on the curve; default none.</summary>
    public double? Threshold { get; init; }
}

/// <summary>Draws receiver operating characteristics as SVG, with AUC, the diagonal of chance and operating points.</summary>
/// <remarks>The same input gives the same text.</remarks>
public static class RocPlot
{
    /// <summary>Draws one or more curves.</summary>
    /// <param name="curves">At least one.</param>
    /// <param name="options">Null for the defaults: 440 x 470 px.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No curve, or one that is not defined.</exception>
    public static string Render(IReadOnlyList<RocPlotCurve> curves, ChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        options ??= new ChartOptions { Title = "ROC", Width = 440, Height = 470 };
        if (curves.Count == 0)
            throw new ArgumentException("there is nothing to draw: give at least one curve", nameof(curves));
        foreach (var curve in curves)
            if (curve.Curve.Points.Count == 0)
                throw new ArgumentException($"'{curve.Name}' has no curve: it needs positives and negatives", nameof(curves));

        var names = curves.Select(c => $"{c.Name}, AUC {Nice.Fixed(c.Curve.Auc!.Value, 3)}").ToArray();
        var chart = new Chart(options, "receiver operating characteristic: " + string.Join("; ", names));
        chart.Legend([.. names.Select((name, i) => (name, Palette.Series(i), i >= 7, false))]);
        chart.Axes(ChartAxis.Exactly(0, 1, ticks: 5), ChartAxis.Exactly(0, 1, ticks: 5),
            options.XLabel ?? "false positive rate (1 \u2212 specificity)", options.YLabel ?? "true positive rate (sensitivity)");
        chart.Body.Add(
            $"""<path d="M{chart.X(0)} {chart.Y(0)}L{chart.X(1)} {chart.Y(1)}" stroke="{Palette.Muted}" stroke-dasharray="3 4"/>""");
        for (var i = 0; i < curves.Count; i++)
            chart.Body.Add($"""<path d="{Path(chart, curves[i].Curve)}" fill="none" stroke="{Palette.Series(i)}" stroke-width="2.2" """
                + $"""stroke-linejoin="round" stroke-dasharray="{(i >= 7 ? "5 3" : "none")}"/>""");
        for (var i = 0; i < curves.Count; i++)
            if (curves[i].Threshold is { } threshold)
                Operating(chart, OperatingPoint(curves[i].Curve, threshold), threshold, Palette.Series(i), curves.Count == 1);
        return chart.Finish();
    }

    private static void Operating(Chart chart, RocPoint point, double threshold, string color, bool inWords)
    {
        var (x, y) = (chart.X(point.FalsePositiveRate), chart.Y(point.TruePositiveRate));
        chart.Body.Add($"""<circle cx="{x}" cy="{y}" r="5" fill="{Palette.Paper}" stroke="{color}" stroke-width="2.5"/>""");
        if (!inWords)
            return;
        // The curve leaves the lower right free.
        var (textX, anchor) = point.FalsePositiveRate < 0.5 ? (x + 12, "start") : (x - 12, "end");
        // Three lines: below the point, or above it where they would run over the axis.
        var top = y + 54 < chart.Bottom ? y + 20 : y - 42;
        chart.HaloText(textX, top, $"threshold {Nice.Fixed(threshold, 3)}", anchor);
        chart.HaloText(textX, top + 17, $"sensitivity {Nice.Fixed(point.TruePositiveRate, 3)}", anchor);
        chart.HaloText(textX, top + 34, $"specificity {Nice.Fixed(1 - point.FalsePositiveRate, 3)}", anchor);
    }

    /// <summary>The last point whose recordings all lie above the threshold.</summary>
    private static RocPoint OperatingPoint(RocCurve curve, double threshold) => curve.Points.Last(p => p.Threshold > threshold);

    /// <summary>Points that fall on the pixel tenth of their predecessor, or go on in its direction along an axis, add nothing.</summary>
    private static string Path(Chart chart, RocCurve curve)
    {
        var points = new List<(double X, double Y)>();
        for (var i = 0; i < curve.Points.Count; i++)
        {
            var point =
                (X: Math.Round(chart.X(curve.Points[i].FalsePositiveRate), 1), Y: Math.Round(chart.Y(curve.Points[i].TruePositiveRate), 1));
            if (points.Count > 0 && points[^1] == point)
                continue;
            if (points.Count > 1
                && ((points[^1].X == point.X && points[^2].X == point.X) || (points[^1].Y == point.Y && points[^2].Y == point.Y)))
                points.RemoveAt(points.Count - 1);
            points.Add(point);
        }
        return points.Count == 0 ? "" : "M" + string.Join(' ', points.Select(p => $"{Markup.Number(p.X)} {Markup.Number(p.Y)}"));
    }
}
