using SignalCam.Core.Measurements;

namespace SignalCam.Reporting;

/// <summary>Measurements in the words and the order that they are read in.</summary>
internal static class MeasurementText
{
    /// <summary>What stands beside every set of values.</summary>
    public const string Source = "measured by software";

    /// <summary>Name and value of everything that was found.</summary>
    /// <param name="measured">The values.</param>
    /// <returns>The name as it is read ("PR") and the value with its unit ("162 ms").</returns>
    public static IReadOnlyList<(string Name, string Value)> Of(EcgMeasurements measured)
    {
        ArgumentNullException.ThrowIfNull(measured);
        return [.. measured.Found()
            .Select(found => (NameOf(found.Name), $"{Nice.Fixed(found.Measurement.Value, 0)}{UnitOf(found.Measurement.Unit)}"))];
    }

    /// <summary>The same, a line each; "none found" where nothing was.</summary>
    public static IReadOnlyList<string> Lines(EcgMeasurements measured)
    {
        var all = Of(measured);
        return all.Count == 0 ? ["none found"] : [.. all.Select(one => $"{one.Name} {one.Value}")];
    }

    private static string NameOf(string name) => name switch
    {
        "heart_rate" => "heart rate",
        "pr_interval" => "PR",
        "qrs_duration" => "QRS",
        "qt_interval" => "QT",
        "qtc_bazett" => "QTc (Bazett)",
        "qtc_fridericia" => "QTc (Fridericia)",
        "p_axis" => "P axis",
        "qrs_axis" => "QRS axis",
        "t_axis" => "T axis",
        "rr_deviation" => "R-R deviation",
        _ => "R-R successive difference",
    };

    private static string UnitOf(string unit) => unit switch { "deg" => "\u00b0", "1/min" => " / min", _ => " " + unit };
}
