namespace SignalCam.Reporting;

/// <summary>What a layer costs for one recording.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="MultiplyAdds">Multiply-add operations.</param>
/// <param name="ForCam">Whether the layer is there for the class activation map alone; default false.</param>
internal sealed record LayerCost(string Layer, long MultiplyAdds, bool ForCam = false);

/// <summary>Draws a network's multiply-adds layer by layer as SVG, and their sum with and without the class activation map.</summary>
/// <remarks>The same input gives the same text.</remarks>
internal static class CostPlot
{
    /// <summary>Draws one bar for each layer, in the order given, and two for the sums.</summary>
    /// <param name="layers">At least one.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <returns>A complete SVG document.</returns>
    /// <exception cref="ArgumentException">No layer, or a negative cost.</exception>
    public static string Render(IReadOnlyList<LayerCost> layers, ChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0 || layers.Any(l => l.MultiplyAdds < 0))
            throw new ArgumentException("costs are at least one layer's, and none is negative", nameof(layers));
        options ??= new ChartOptions { Title = "Multiply-adds for one recording" };
        var without = layers.Where(l => !l.ForCam).Sum(l => l.MultiplyAdds);
        var with = layers.Sum(l => l.MultiplyAdds);
        var (network, cam) = (Palette.Series(0), Palette.Series(1));

        List<BarRow> rows = [.. layers.Select(
            l => new BarRow(l.Layer, [new Bar(l.MultiplyAdds, l.ForCam ? cam : network, Cost(l.MultiplyAdds, with))]))];
        var extra = without == 0 ? "" : $" (+{Nice.Percent((double)(with - without) / without, 2)})";
        rows.Add(new BarRow("sum without CAM", [new Bar(without, network, Nice.Text(without))]) { Ruled = true });
        rows.Add(new BarRow("sum with CAM", [new Bar(with, cam, Nice.Text(with) + extra)]));
        return HorizontalBars.Render(rows, options, options.XLabel ?? "multiply-adds",
            $"{Nice.Text(without)} multiply-adds without, {Nice.Text(with)} with the class activation map{extra}",
            [("network", network, false, true), ("class activation map", cam, false, true)]);
    }

    private static string Cost(long cost, long sum) =>
        sum == 0 ? Nice.Text(cost) : $"{Nice.Text(cost)} ({Nice.Percent((double)cost / sum, 2)})";
}
