using SignalCam.Core.Signals;

namespace SignalCam.Formats.Channels;

/// <summary>Units of voltage as files spell them.</summary>
internal static class VoltageUnit
{
    /// <summary>Millivolt per unit: 0.001 for "uV"; null if the unit is not one of voltage or not stated.</summary>
    public static double? Millivolts(string? unit) => VoltageUnits.TryGetMillivolt(unit, out var millivolt) ? millivolt : null;
}
