using System.Globalization;

namespace SignalCam.Reporting;

/// <summary>Round numbers for people.</summary>
internal static class Nice
{
    private static readonly double[] s_mantissas = [1, 2, 2.5, 5, 10];

    /// <summary>The largest of 1, 2, 2.5, 5 times a power of ten that is not above the value.</summary>
    public static double AtMost(double value)
    {
        var power = PowerOfTen(value);
        return s_mantissas.Last(m => m * power <= value * (1 + 1e-9)) * power;
    }

    /// <summary>The smallest of 1, 2, 2.5, 5 times a power of ten that is not below the value.</summary>
    public static double AtLeast(double value)
    {
        var power = PowerOfTen(value);
        return s_mantissas.First(m => m * power >= value * (1 - 1e-9)) * power;
    }

    /// <summary>The value rounded up to two significant digits; what a float is off by does not count.</summary>
    public static double CeilingTwoDigits(double value)
    {
        var unit = PowerOfTen(value) / 10;
        return Math.Ceiling((value / unit) - 1e-4) * unit;
    }

    /// <summary>A number as a person writes it: thousands grouped, no needless zeros, powers of ten for the very small.</summary>
    public static string Text(double value, int decimals = 4)
    {
        if (!double.IsFinite(value))
            return "n/a";
        if (value != 0 && (Math.Abs(value) < 1e-3 || Math.Abs(value) >= 1e12))
            return value.ToString("0.##e-0", CultureInfo.InvariantCulture);
        var text = value.ToString("#,0." + new string('#', decimals), CultureInfo.InvariantCulture);
        return Sign(text == "-0" ? "0" : text);
    }

    /// <summary>With exactly this many decimals.</summary>
    public static string Fixed(double value, int decimals) =>
        double.IsFinite(value) ? Sign(value.ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture)) : "n/a";

    /// <summary>A share of 1 as percent: "8.3 %".</summary>
    public static string Percent(double share, int decimals = 1) => $"{Fixed(share * 100, decimals)} %";

    /// <summary>Typographic minus: as wide as a digit and never broken from its number.</summary>
    private static string Sign(string text) => text.Replace('-', '\u2212');

    private static double PowerOfTen(double value) => Math.Pow(10, Math.Floor(Math.Log10(value) + 1e-12));
}
