using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.AEcg;

/// <summary>HL7 v3 time stamps (TS: YYYYMMDDHHMMSS.UUUU[+|-]ZZzz, which may end early) and time quantities.</summary>
internal static class AEcgTime
{
    private static readonly string[] Patterns = ["yyyyMMddHHmmss", "yyyyMMddHHmm", "yyyyMMddHH", "yyyyMMdd"];

    /// <summary>The start that a time stamp states; null if it is not one, or states no day.</summary>
    public static EcgStart? Parse(string? text)
    {
        if (text is null)
            return null;
        text = text.Trim();
        TimeSpan? offset = null;
        var sign = text.LastIndexOfAny(['+', '-']);
        if (sign > 0)
        {
            if (ParseOffset(text[sign..]) is not { } parsed)
                return null;
            offset = parsed;
            text = text[..sign];
        }
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? text : text[..point];
        if (!DateTime.TryParseExact(whole, Patterns, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return null;
        // Where an offset would lead out of the calendar.
        if (local.Year is 1 or 9999)
            return null;
        if (point < 0)
            return new EcgStart(local, offset);
        if (!decimal.TryParse("0" + text[point..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var fraction))
            return null;
        return new EcgStart(local.AddTicks((long)(fraction * TimeSpan.TicksPerSecond)), offset);
    }

    /// <summary>Seconds of a quantity in s, ms, us, min or h; null if it is not one.</summary>
    public static double? Seconds(string? value, string? unit)
    {
        if (value is null || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || !double.IsFinite(number))
            return null;
        // Divisions, because 2 / 1000.0 is the nearest number to 0.002 and 2 * 0.001 need not be.
        return unit switch
        {
            null or "s" or "sec" => number,
            "ms" => number / 1e3,
            "us" => number / 1e6,
            "min" => number * 60,
            "h" => number * 3600,
            _ => null,
        };
    }

    private static TimeSpan? ParseOffset(string text)
    {
        var digits = text[1..].Replace(":", "", StringComparison.Ordinal);
        if (digits.Length is not (2 or 4) || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;
        var (hours, minutes) = digits.Length == 2 ? (number, 0) : (number / 100, number % 100);
        if (hours > 14 || minutes > 59)
            return null;
        var offset = new TimeSpan(hours, minutes, 0);
        return text[0] == '-' ? -offset : offset;
    }
}
