namespace SignalCam.Reporting;

/// <summary>A range of values with round tick marks.</summary>
internal sealed class ChartAxis
{
    private readonly int _decimals;

    private ChartAxis(double min, double max, double step, double firstTick)
    {
        Min = min;
        Max = max;
        _decimals = Enumerable.Range(0, 9).FirstOrDefault(d => IsWhole(step * Math.Pow(10, d)), 9);
        Ticks = [.. Enumerable.Range(0, (int)Math.Floor(((max - firstTick) / step) + 1e-9) + 1).Select(i => firstTick + (i * step))];
    }

    private ChartAxis(double max)
    {
        Max = max;
        Ticks = [];
    }

    public double Min { get; }

    public double Max { get; }

    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis that begins and ends at a tick and has all values between; NaN and infinities are not counted.</summary>
    public static ChartAxis Around(IEnumerable<double> values, bool withZero, int ticks = 6)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        var (min, max) = finite.Length == 0 ? (0.0, 1.0) : (finite.Min(), finite.Max());
        if (withZero)
            (min, max) = (Math.Min(min, 0), Math.Max(max, 0));
        if (max - min <= 1e-12 * Math.Max(Math.Abs(min), Math.Abs(max)))
            (min, max) = max == 0 ? (0, 1) : (Math.Min(0, max), Math.Max(0, max));
        var step = Nice.AtLeast((max - min) / ticks);
        var (low, high) = (Math.Floor((min / step) + 1e-9) * step, Math.Ceiling((max / step) - 1e-9) * step);
        return new ChartAxis(low, high, step, low);
    }

    /// <summary>An axis from exactly min to exactly max.</summary>
    /// <param name="min">First value.</param>
    /// <param name="max">Last value, above the first.</param>
    /// <param name="whole">Whether only whole numbers are marked, as for epochs.</param>
    /// <param name="ticks">About how many ticks.</param>
    public static ChartAxis Exactly(double min, double max, bool whole = false, int ticks = 8)
    {
        var step = Nice.AtLeast((max - min) / ticks);
        if (whole)
            step = Math.Max(1, Math.Ceiling(step));
        return new ChartAxis(min, max, step, Math.Ceiling((min / step) - 1e-9) * step);
    }

    /// <summary>An axis without ticks from 0 to the number of categories, which the chart names itself.</summary>
    public static ChartAxis Categories(int count) => new(count);

    /// <summary>A tick's value, with as many decimals as the step has.</summary>
    public string Label(double value) =>
        _decimals > 4 ? Nice.Text(value) : Nice.Fixed(Math.Abs(value) < 1e-12 ? 0 : value, _decimals);

    /// <summary>Share of the way from Min to Max.</summary>
    public double Share(double value) => (value - Min) / (Max - Min);

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < 1e-6;
}
