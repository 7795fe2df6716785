using System.Globalization;
using SignalCam.Core.Metrics;

namespace SignalCam.Cli;

/// <summary>Numbers as people read them, in every country the same.</summary>
internal static class Format
{
    public static string Number(double? value, int decimals = 4) =>
        value is { } number && !double.IsNaN(number)
            ? number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : "-";

    /// <summary>A figure and, where there is one, its 95 % interval.</summary>
    public static string Figure(Figure figure, int decimals = 4, char separator = ' ') => figure.Interval is { } interval
        ? $"{Number(figure.Value, decimals)}{separator}({Number(interval.Low, 3)} to {Number(interval.High, 3)})"
        : Number(figure.Value, decimals);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
