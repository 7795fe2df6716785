namespace SignalCam.Core.Metrics;

/// <summary>The 95 % interval of a share (Wilson 1927, doi 10.1080/01621459.1927.10502953).</summary>
internal static class ShareInterval
{
    private const double Z = 1.959964;

    /// <summary>Computes it.</summary>
    /// <param name="found">How many have it, 0 to <paramref name="count"/>.</param>
    /// <param name="count">Of how many; at least 1.</param>
    public static (double Low, double High) Of(int found, int count)
    {
        var (p, n) = ((double)found / count, (double)count);
        var (center, half) = (p + (Z * Z / (2 * n)), Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))));
        return (Math.Max(0, (center - half) / (1 + (Z * Z / n))), Math.Min(1, (center + half) / (1 + (Z * Z / n))));
    }
}
