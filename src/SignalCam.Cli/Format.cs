using System.Globalization;

namespace SignalCam.Cli;

/// <summary>Numbers as people read them, in every country the same.</summary>
internal static class Format
{
    public static string Number(double? value, int decimals = 4) =>
        value is { } number && !double.IsNaN(number) ? number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "-";

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) => share.ToString("P1", CultureInfo.InvariantCulture);
}
