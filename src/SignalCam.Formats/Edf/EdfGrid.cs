using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>Records of equal duration that fill the stretches of a recording.</summary>
/// <param name="SamplesPerRecord">Samples of a lead in a record.</param>
/// <param name="Duration">Seconds of a record as written, at most eight characters.</param>
internal sealed record EdfGrid(int SamplesPerRecord, string Duration)
{
    private const int FieldLength = 8;

    // The standard's limit, less room for annotations.
    private const int MostRecordBytes = 61440 - 2048;

    /// <exception cref="EcgFormatException">No number of samples divides all stretches and has a duration from which the rate comes out
    /// exactly.</exception>
    public static EdfGrid Of(string name, EcgSignal signal, IReadOnlyList<EdfStretch> stretches)
    {
        var common = stretches.Aggregate(0, (divisor, stretch) =>
            (int)System.Numerics.BigInteger.GreatestCommonDivisor(divisor, stretch.Length));
        var most = MostRecordBytes / 2 / signal.Layout.LeadCount;
        // A second is what most programs write; otherwise as long as it gets.
        foreach (var count in Divisors(common).Where(d => d <= most).OrderByDescending(d => d.Equals(signal.SamplingRate))
            .ThenByDescending(d => d))
            if (DurationOf(count, signal.SamplingRate) is { } duration)
                return new EdfGrid(count, duration);
        throw new EcgFormatException(name, null,
            FormattableString.Invariant(
                $"{signal.Length} samples at {signal.SamplingRate} Hz{(stretches.Count > 1 ? $" in {stretches.Count} stretches" : "")}"),
            "a recording that records of equal duration fill, with a duration of at most eight characters");
    }

    private static string? DurationOf(int count, double rate)
    {
        if (rate is < 1e-6 or > 1e9)
            return null;
        var exact = count / (decimal)rate;
        for (var digits = 0; digits < FieldLength - 1; digits++)
        {
            var rounded = decimal.Round(exact, digits);
            var text = rounded.ToString($"0.{new string('#', digits)}", CultureInfo.InvariantCulture);
            if (text.Length > FieldLength)
                return null;
            if (rounded > 0 && EdfTimeline.Rate(count, decimal.Parse(text, CultureInfo.InvariantCulture), text.Length).Equals(rate))
                return text;
        }
        return null;
    }

    private static IEnumerable<int> Divisors(int number)
    {
        for (var d = 1; d <= number / d; d++)
        {
            if (number % d != 0)
                continue;
            yield return d;
            if (d != number / d)
                yield return number / d;
        }
    }
}
