namespace SignalCam.Core.Rendering;

/// <summary>One receiver operating characteristic.</summary>
/// <param name="Name">Name in the legend, to which the AUC is added.</param>
/// <param name="FalsePositiveRate">1 - specificity, ascending from 0 to 1.</param>
/// <param name="TruePositiveRate">Sensitivity at the same thresholds; as many values.</param>
/// <param name="Auc">Area under the curve.</param>
public sealed record RocCurve(string Name, IReadOnlyList<double> FalsePositiveRate, IReadOnlyList<double> TruePositiveRate, double Auc)
{
    /// <summary>Where on the curve the decision is made; default none.</summary>
    public RocPoint? OperatingPoint { get; init; }
}

/// <summary>The point of a curve at which a model decides.</summary>
/// <param name="FalsePositiveRate">1 - specificity.</param>
/// <param name="TruePositiveRate">Sensitivity.</param>
/// <param name="Threshold">The probability from which on a recording counts as positive.</param>
public sealed record RocPoint(double FalsePositiveRate, double TruePositiveRate, double Threshold);

/// <summary>Draws receiver operating characteristics as SVG, with AUC, the diagonal of chance and operating points.</summary>
/// <remarks>The same input gives the same text.</remarks>
public static class RocPlot
{
    /// <summary>Draws one or more curves.</summary>
    /// <param name="curves">At least one.</param>
    /// <param name="options">Null for the defaults: 440 x 470 px.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No curve, or one whose rates are not equally many.</exception>
    public static string Render(IReadOnlyList<RocCurve> curves, ChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(curves);
        options ??= new ChartOptions { Title = "ROC", Width = 440, Height = 470 };
        if (curves.Count == 0)
            throw new ArgumentException("there is nothing to draw: give at least one curve", nameof(curves));
        foreach (var curve in curves)
            if (curve.FalsePositiveRate.Count != curve.TruePositiveRate.Count || curve.FalsePositiveRate.Count == 0)
                throw new ArgumentException($"'{curve.Name}' has {curve.FalsePositiveRate.Count} false and {curve.TruePositiveRate.Count} true positive rates; a curve has equally many, at least one", nameof(curves));

        var names = curves.Select(c => $"{c.Name}, AUC {Nice.Fixed(c.Auc, 3)}").ToArray();
        var chart = new Chart(options, "receiver operating characteristic: " + string.Join("; ", names));
        chart.Legend([.. names.Select((name, i) => (name, Palette.Series(i), i >= 7, false))]);
        chart.Axes(ChartAxis.Exactly(0, 1, ticks: 5), ChartAxis.Exactly(0, 1, ticks: 5), options.XLabel ?? "false positive rate (1 \u2212 specificity)", options.YLabel ?? "true positive rate (sensitivity)");
        chart.Body.Add($"""<path d="M{chart.X(0)} {chart.Y(0)}L{chart.X(1)} {chart.Y(1)}" stroke="{Palette.Muted}" stroke-dasharray="3 4"/>""");
        for (var i = 0; i < curves.Count; i++)
            chart.Body.Add($"""<path d="{Path(chart, curves[i])}" fill="none" stroke="{Palette.Series(i)}" stroke-width="2.2" stroke-linejoin="round" stroke-dasharray="{(i >= 7 ? "5 3" : "none")}"/>""");
        for (var i = 0; i < curves.Count; i++)
            if (curves[i].OperatingPoint is { } point)
                Operating(chart, point, Palette.Series(i), curves.Count == 1);
        return chart.Finish();
    }

    private static void Operating(Chart chart, RocPoint point, string color, bool inWords)
    {
        var (x, y) = (chart.X(point.FalsePositiveRate), chart.Y(point.TruePositiveRate));
        chart.Body.Add($"""<circle cx="{x}" cy="{y}" r="5" fill="{Palette.Paper}" stroke="{color}" stroke-width="2.5"/>""");
        if (!inWords)
            return;
        // The curve leaves the lower right free.
        var (textX, anchor) = point.FalsePositiveRate < 0.5 ? (x + 12, "start") : (x - 12, "end");
        chart.HaloText(textX, y + 20, $"threshold {Nice.Fixed(point.Threshold, 3)}", anchor);
        chart.HaloText(textX, y + 37, $"sensitivity {Nice.Fixed(point.TruePositiveRate, 3)}", anchor);
        chart.HaloText(textX, y + 54, $"specificity {Nice.Fixed(1 - point.FalsePositiveRate, 3)}", anchor);
    }

    /// <summary>Rates that are no numbers, of a class without recordings, are left out. Points that fall on the pixel tenth of their predecessor, or go on in its direction along an axis, add nothing.</summary>
    private static string Path(Chart chart, RocCurve curve)
    {
        var points = new List<(double X, double Y)>();
        for (var i = 0; i < curve.FalsePositiveRate.Count; i++)
        {
            if (!double.IsFinite(curve.FalsePositiveRate[i] + curve.TruePositiveRate[i]))
                continue;
            var point = (X: Math.Round(chart.X(curve.FalsePositiveRate[i]), 1), Y: Math.Round(chart.Y(curve.TruePositiveRate[i]), 1));
            if (points.Count > 0 && points[^1] == point)
                continue;
            if (points.Count > 1 && ((points[^1].X == point.X && points[^2].X == point.X) || (points[^1].Y == point.Y && points[^2].Y == point.Y)))
                points.RemoveAt(points.Count - 1);
            points.Add(point);
        }
        return points.Count == 0 ? "" : "M" + string.Join(' ', points.Select(p => $"{Markup.Number(p.X)} {Markup.Number(p.Y)}"));
    }
}
