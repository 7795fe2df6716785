using System.Globalization;

namespace SignalCam.Formats;

/// <summary>Units of voltage.</summary>
internal static class VoltUnit
{
    /// <summary>Millivolt per unit as a file states it; null for a unit that is no voltage, or none.</summary>
    public static double? Millivolt(string? unit) => unit?.Trim() switch
    {
        "mV" or "mv" or "MV" => 1,
        "uV" or "uv" or "UV" or "\u00b5V" or "\u03bcV" => 1e-3,
        "nV" or "nv" or "NV" => 1e-6,
        "V" or "v" => 1e3,
        _ => null,
    };

    /// <summary>Millivolt per unit as <see cref="Abstractions.EcgReadOptions.Unit"/> gives it: a unit of voltage or a number.</summary>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static double? OfOption(string? unit)
    {
        if (unit is null)
            return null;
        if (Millivolt(unit) is { } known)
            return known;
        if (double.TryParse(unit, NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && double.IsFinite(factor) && factor != 0)
            return factor;
        throw new ArgumentException($"unit '{unit}' is not mV, uV, nV, V or a number of millivolt per unit", nameof(unit));
    }
}
