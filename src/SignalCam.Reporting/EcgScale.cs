namespace SignalCam.Reporting;

/// <summary>How high a value is drawn.</summary>
/// <param name="Unit">Unit of the samples: "mV", "a.u.".</param>
/// <param name="MillimetresPerUnit">Millimetres on paper for a value of 1; above 0.</param>
public sealed record EcgScale(string Unit, double MillimetresPerUnit)
{
    /// <summary>The usual paper speed: 25 mm for a second, as on clinical ECG paper.</summary>
    public const double MillimetresPerSecond = 25;

    /// <summary>Millimetres on paper for a value of 1.</summary>
    public double MillimetresPerUnit { get; } = MillimetresPerUnit > 0 && double.IsFinite(MillimetresPerUnit)
        ? MillimetresPerUnit
        : throw new ArgumentOutOfRangeException(nameof(MillimetresPerUnit), MillimetresPerUnit, "a scale is a positive number of mm");

    /// <summary>Millimetres on paper for a second; default 25.</summary>
    public double Speed
    {
        get;
        init => field = value > 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Speed), value, "a paper speed is a positive number of mm");
    } = MillimetresPerSecond;

    /// <summary>10 mm/mV, as on clinical ECG paper.</summary>
    public static EcgScale Millivolt { get; } = new("mV", 10);

    /// <summary>
    /// A scale for samples that are not in mV: the steepest round one at which 99.8 % of the values stay within 15 mm of zero.
    /// </summary>
    /// <param name="signal">The scaled recording.</param>
    /// <param name="unit">Unit to show.</param>
    public static EcgScale Fit(Abstractions.EcgSignal signal, string unit = "a.u.")
    {
        ArgumentNullException.ThrowIfNull(signal);
        var values = new List<float>(signal.Samples.Length);
        foreach (var value in signal.Samples.Span)
            if (float.IsFinite(value))
                values.Add(Math.Abs(value));
        values.Sort();
        var high = values.Count == 0 ? 0 : values[(int)((values.Count - 1) * 0.998)];
        return new EcgScale(unit, high > 0 ? Nice.AtMost(15 / high) : 10);
    }

    /// <summary>Height of the calibration pulse in mm: that of the largest round value within 10 mm; 1 mV at 10 mm/mV.</summary>
    internal double PulseHeight => Nice.AtMost(10 / MillimetresPerUnit) * MillimetresPerUnit;

    internal string Text =>
        $"{Nice.Text(Speed)} mm/s, {Nice.Text(MillimetresPerUnit)} mm/{Unit}, pulse "
        + $"{Nice.Text(Nice.AtMost(10 / MillimetresPerUnit))} {Unit}";
}
