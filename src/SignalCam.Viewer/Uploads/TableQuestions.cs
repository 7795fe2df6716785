using System.Globalization;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>What a table may leave open, and the upload answers: the fields `rate` and `unit` of the form.</summary>
/// <param name="Rate">Samples per second; null where it was not said.</param>
/// <param name="MillivoltPerUnit">Millivolt in one unit of the table; null where it was not said.</param>
internal sealed record TableQuestions(double? Rate, double? MillivoltPerUnit)
{
    /// <summary>Reads the answers from the form.</summary>
    /// <exception cref="ViewerProblemException">A value is not allowed.</exception>
    public static TableQuestions Parse(IReadOnlyDictionary<string, string> fields) =>
        new(ParseRate(fields.GetValueOrDefault("rate")), ParseUnit(fields.GetValueOrDefault("unit")));

    /// <summary>Millivolt in a unit; null for a unit that is not known.</summary>
    public static double? MillivoltIn(string unit) => unit.Trim().ToUpperInvariant() switch
    {
        "MV" => 1,
        "UV" or "\u00B5V" or "\u039CV" => 1e-3,
        "V" => 1e3,
        _ => null,
    };

    private static double? ParseRate(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && RecordingLimits.IsRate(rate)
            ? rate
            : throw ViewerProblem.BadValue.With(
                $"rate is '{text}'; allowed are {RecordingLimits.LowestRate} to {RecordingLimits.HighestRate} samples per second");
    }

    private static double? ParseUnit(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        return MillivoltIn(text) ?? throw ViewerProblem.BadValue.With($"unit is '{text}'; allowed are mV, uV and V");
    }
}
