namespace SignalCam.Formats.Channels;

/// <summary>Sampling rates out of what files state instead.</summary>
internal static class SamplingRates
{
    private const double RoundingOfWriters = 1e-6;

    /// <summary>
    /// The rate of samples that are this many seconds apart. 0.002777778 is 360 Hz: writers round the interval, and rates are whole
    /// numbers.
    /// </summary>
    public static double FromInterval(double seconds)
    {
        var rate = 1 / seconds;
        var whole = Math.Round(rate);
        return whole >= 1 && Math.Abs(rate - whole) <= RoundingOfWriters * whole ? whole : rate;
    }
}
