namespace SignalCam.Formats.Channels;

/// <summary>Units of voltage as files spell them.</summary>
internal static class VoltageUnit
{
    /// <summary>Millivolt per unit: 0.001 for "uV", "µV" or "MICROVOLTS"; null where the unit is none of voltage or not stated.</summary>
    public static double? Millivolts(string? unit) => unit?.Trim() switch
    {
        null => null,
        "V" or "v" => 1000,
        // Both code points of the letter: MICRO SIGN and GREEK SMALL LETTER MU.
        "\u00B5V" or "\u03BCV" or "\u00B5v" or "\u03BCv" => 1e-3,
        { } other => other.ToUpperInvariant() switch
        {
            "VOLT" or "VOLTS" => 1000,
            "MV" or "MILLIVOLT" or "MILLIVOLTS" => 1,
            "UV" or "MICROVOLT" or "MICROVOLTS" or "MICROV" => 1e-3,
            "NV" or "NANOVOLT" or "NANOVOLTS" => 1e-6,
            _ => null,
        },
    };
}
