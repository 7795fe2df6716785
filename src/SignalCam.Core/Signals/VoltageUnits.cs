using System.Collections.Frozen;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Signals;

/// <summary>The units of voltage that ECG files state, in all spellings in use.</summary>
/// <remarks>
/// Case is ignored ("mv" and "MV" are millivolt: no ECG is stored in megavolt). The micro sign may be u, U+00B5, U+03BC, "mc", or what is
/// left of it where a program read the file in the wrong encoding. Quotes and brackets around the unit are ignored.
/// </remarks>
public static class VoltageUnits
{
    private const int LongestUnit = 64;

    private static readonly FrozenDictionary<string, double> Known = new Dictionary<string, double>
    {
        ["mV"] = 1, ["mVolt"] = 1, ["mVolts"] = 1, ["millivolt"] = 1, ["millivolts"] = 1, ["MDC_DIM_MILLI_VOLT"] = 1, ["Millivolt(s)"] = 1,
        ["uV"] = 1e-3, ["uVolt"] = 1e-3, ["uVolts"] = 1e-3, ["mcV"] = 1e-3, ["microV"] = 1e-3, ["microvolt"] = 1e-3, ["microvolts"] = 1e-3,
        ["MDC_DIM_MICRO_VOLT"] = 1e-3, ["\u00C2uV"] = 1e-3, ["\u00CEuV"] = 1e-3, ["uuV"] = 1e-3, ["\u043C\u043A\u0412"] = 1e-3,
        ["nV"] = 1e-6, ["nVolt"] = 1e-6, ["nVolts"] = 1e-6, ["nanoV"] = 1e-6, ["nanovolt"] = 1e-6, ["nanovolts"] = 1e-6,
            ["MDC_DIM_NANO_VOLT"] = 1e-6,
        ["V"] = 1e3, ["volt"] = 1e3, ["volts"] = 1e3, ["MDC_DIM_VOLT"] = 1e3, ["\u043C\u0412"] = 1,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The size of a voltage unit in millivolts.</summary>
    /// <param name="unit">The unit as a file states it, such as "uV", "microvolts" or "[mV]".</param>
    /// <param name="millivolt">Millivolt per unit: 0.001 for microvolt.</param>
    /// <returns>Whether it is a known unit of voltage.</returns>
    public static bool TryGetMillivolt(string? unit, out double millivolt)
    {
        millivolt = 0;
        return unit is { Length: > 0 and <= LongestUnit } && (Known.TryGetValue(unit, out millivolt)
            || Known.TryGetValue(Plain(unit), out millivolt));
    }

    /// <summary>The size of the unit <see cref="EcgReadOptions.Unit"/> in millivolts.</summary>
    /// <param name="option">A unit, or a number of millivolt per unit such as "0.00488".</param>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static double ParseOption(string option)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(option);
        if (TryGetMillivolt(option, out var millivolt))
            return millivolt;
        return double.TryParse(option, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            && number != 0
            ? number
            : throw new ArgumentException(
                $"EcgReadOptions.Unit is '{option}'; allowed are mV, uV, nV, V, or a number of millivolt per unit", nameof(option));
    }

    /// <summary>Without quotes and brackets, and with u for any form of the micro sign.</summary>
    private static string Plain(string unit)
    {
        var text = unit.Trim().Trim('\'', '"', '(', ')', '[', ']', '{', '}').Trim();
        // What a micro sign becomes where bytes are read in another encoding: U+FFFD, or two letters of which the second is the sign's own
        // byte.
        return text.Replace('\u00B5', 'u').Replace('\u03BC', 'u').Replace('\u039C', 'u').Replace('\u00BC', 'u').Replace('\uFFFD', 'u');
    }
}
