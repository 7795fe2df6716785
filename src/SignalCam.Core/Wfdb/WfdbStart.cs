using System.Globalization;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// Reads the end of a record line: time and date. The specification has "13:05:00.5 25/04/1989"; writers in use also put the date first,
/// name the month, or write ISO 8601.
/// </summary>
internal static class WfdbStart
{
    private static readonly string[] DateFormats =
    [
        "d/M/yyyy", "yyyy-M-d", "yyyy/M/d", "d.M.yyyy", "d-M-yyyy", "d-MMM-yyyy", "d-MMMM-yyyy", "d MMM yyyy", "d MMMM yyyy", "MMM d yyyy",
            "MMMM d yyyy", "MMM d, yyyy", "MMMM d, yyyy",
    ];

    /// <summary>Parses the rest of a record line.</summary>
    /// <param name="text">What follows the number of samples.</param>
    /// <param name="isClear">False if part of it cannot be read; that part is null. A year of two digits is such: no century is
    /// guessed.</param>
    public static (TimeSpan? Time, DateOnly? Date, TimeSpan? Offset) Parse(ReadOnlySpan<char> text, out bool isClear)
    {
        isClear = true;
        if (text.IsWhiteSpace())
            return default;
        var fields = text.ToString().Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).ToList();
        SplitIso(fields);
        var at = fields.FindIndex(f => f.Contains(':'));
        // Without a colon the first field is the time all the same, as the specification allows seconds alone.
        if (at < 0 && double.TryParse(fields[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _))
            at = 0;
        TimeSpan? time = null, offset = null;
        if (at >= 0)
        {
            var half = at + 1 < fields.Count && fields[at + 1].ToUpperInvariant() is "AM" or "PM" ? fields[at + 1].ToUpperInvariant()
                : null;
            time = ReadTime(fields[at], half, out offset);
            isClear = time is not null;
            fields.RemoveRange(at, half is null ? 1 : 2);
        }
        if (fields.Count == 0)
            return (time, null, offset);
        DateOnly? date = DateOnly.TryParseExact(string.Join(' ', fields), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var found) ? found : null;
        isClear &= date is not null;
        return (time, date, offset);
    }

    /// <summary>"2014-05-08T05:05:15" as two fields.</summary>
    private static void SplitIso(List<string> fields)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var mark = fields[i].IndexOfAny(['T', 't']);
            if (mark <= 0 || mark + 1 >= fields[i].Length || !char.IsAsciiDigit(fields[i][mark - 1])
                || !char.IsAsciiDigit(fields[i][mark + 1]))
                continue;
            fields.Insert(i + 1, fields[i][(mark + 1)..]);
            fields[i] = fields[i][..mark];
            return;
        }
    }

    private static TimeSpan? ReadTime(string field, string? half, out TimeSpan? offset)
    {
        offset = null;
        var zone = field.IndexOfAny(['Z', 'z', '+', '-']);
        if (zone > 0)
        {
            offset = ReadOffset(field[zone..]);
            if (offset is null)
                return null;
            field = field[..zone];
        }
        var parts = field.Split(':');
        if (parts.Length > 3 || !TryPart(parts.Length > 2 ? parts[0] : "0", 23, out var hours)
            || !TryPart(parts.Length > 1 ? parts[^2] : "0", 59, out var minutes)
            || !double.TryParse(parts[^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                || seconds is not (>= 0 and < 60))
            return null;
        if (half is not null && hours is 0 or > 12)
            return null;
        hours = half switch { "AM" => hours % 12, "PM" => (hours % 12) + 12, _ => hours };
        return new TimeSpan(hours, minutes, 0) + TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
    }

    private static TimeSpan? ReadOffset(string text)
    {
        if (text is "Z" or "z")
            return TimeSpan.Zero;
        var digits = text[1..].Replace(":", "", StringComparison.Ordinal);
        if (digits.Length == 2)
            digits += "00";
        if (digits.Length != 4 || !TryPart(digits[..2], 14, out var hours) || !TryPart(digits[2..], 59, out var minutes) || hours * 60
            + minutes > 14 * 60)
            return null;
        return new TimeSpan(hours, minutes, 0) * (text[0] == '-' ? -1 : 1);
    }

    private static bool TryPart(string text, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most;
}
