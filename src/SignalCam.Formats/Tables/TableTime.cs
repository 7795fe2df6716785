using System.Buffers;
using System.Globalization;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Tables;

/// <summary>The kind of values in a time column.</summary>
internal enum TimeKind
{
    /// <summary>Numbers of a unit that the column states.</summary>
    Number,

    /// <summary>hours:minutes:seconds or minutes:seconds, perhaps with a date.</summary>
    Clock,
}

/// <summary>Reads the times of a table and finds the sampling rate in them.</summary>
/// <param name="kind">What its fields are.</param>
/// <param name="secondsPerUnit">For a number; null if the table states no unit.</param>
/// <param name="isCommaDecimal">Whether a comma is the decimal point.</param>
internal sealed class TableTime(TimeKind kind, double? secondsPerUnit, bool isCommaDecimal)
{
    /// <summary>
    /// Numbers from here on, and of no stated unit, count from 1970: in seconds, and a thousand times as much in each smaller unit.
    /// </summary>
    private const double LeastEpoch = 3e8;
    private const double MostEpoch = 3e10;

    /// <summary>Without a unit, steps up to here are seconds: nobody samples an ECG more slowly.</summary>
    private const double LongestStep = 0.1;

    private const double SecondsPerDay = 86400;

    private static readonly SearchValues<byte> BehindClock = SearchValues.Create("0123456789+-Zz:/. "u8);

    private readonly List<double> _seconds = [];
    private double _first;
    private double _unit = secondsPerUnit ?? 1;

    /// <summary>Half of the last decimal place that is written, in seconds: what the times are rounded by.</summary>
    private double _rounding = double.MaxValue;

    /// <summary>Whether the unit had to be taken for seconds.</summary>
    public bool IsUnitAssumed => kind == TimeKind.Number && secondsPerUnit is null && !IsEpoch;

    private bool IsEpoch { get; set; }

    /// <summary>Date and time of the first row; null if it has no date, or one of which day and month cannot be told apart.</summary>
    public EcgStart? Start { get; private set; }

    /// <summary>The day of the first row, for a clock time that stands in a column without one.</summary>
    public DateTime? Day { get; init; }

    /// <summary>Number of rows.</summary>
    public int Count => _seconds.Count;

    /// <summary>Whether a field is a clock time.</summary>
    public static bool IsClock(ReadOnlySpan<byte> field) => field.Contains((byte)':') && TryClock(field, out _, out _);

    /// <summary>Whether a field is a date alone, in whatever order.</summary>
    public static bool IsDate(ReadOnlySpan<byte> field)
    {
        if (field.Length is < 8 or > 10 || field.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is not (> 0 and var first)
            || field[first] is not ((byte)'-' or (byte)'/' or (byte)'.'))
            return false;
        var rest = field[(first + 1)..];
        var second = rest.IndexOf(field[first]);
        return second > 0 && !rest[..second].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !rest[(second + 1)..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>The length of a time unit in seconds; null for any other unit.</summary>
    public static double? SecondsIn(string unit) => unit.Trim('.').ToLowerInvariant() switch
    {
        "s" or "sec" or "secs" or "second" or "seconds" or "sek" or "sekunden" or "\u0441" or "\u0441\u0435\u043A" => 1,
        "ms" or "msec" or "msecs" or "millisecond" or "milliseconds" or "\u043C\u0441" => 1e-3,
        "us" or "usec" or "\u00B5s" or "\u03BCs" or "microsecond" or "microseconds" => 1e-6,
        "ns" or "nsec" or "nanosecond" or "nanoseconds" => 1e-9,
        "min" or "minute" or "minutes" => 60,
        _ => null,
    };

    /// <summary>Takes the field of the next row.</summary>
    /// <returns>Whether it is a time.</returns>
    public bool TryAdd(ReadOnlySpan<byte> field)
    {
        if (kind == TimeKind.Clock)
            return TryAddClock(field);
        if (!TableNumber.TryRead(field, isCommaDecimal, out var value))
            return false;
        if (_seconds.Count == 0)
            Begin(value);
        _rounding = Math.Min(_rounding, Rounding(field, value) * _unit);
        _seconds.Add((value - _first) * _unit);
        return true;
    }

    /// <summary>Samples per second.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="row">Gives the position of a row for messages.</param>
    /// <exception cref="EcgFormatException">The times are not at equal distances.</exception>
    public double Rate(string file, Func<int, string> row)
    {
        var count = _seconds.Count;
        var step = (_seconds[^1] - _seconds[0]) / (count - 1);
        if (!(step > 0) || !double.IsFinite(1 / step))
            throw new EcgFormatException(file, row(count - 1), FormattableString.Invariant($"time {_seconds[^1] + _first * Shown} s"),
                "times that rise");
        if (IsUnitAssumed && step > LongestStep)
            throw new EcgFormatException(file, row(0), FormattableString.Invariant($"times in steps of {step} without a unit"),
                "a unit in the name of the column, as in 'time (ms)', or the rate by EcgReadOptions.SamplingRate");
        // A recorder's clock may tick more slowly than its samples come.
        var allowed = Math.Max(0.5 * step, 2 * _rounding);
        for (var i = 0; i < count; i++)
            if (Math.Abs(_seconds[i] - _seconds[0] - (i * step)) > allowed * (1 + 1e-9))
                throw new EcgFormatException(file, row(i), FormattableString.Invariant($"time {_seconds[i] + (_first * Shown):0.######} s"),
                    FormattableString.Invariant($"{_seconds[0] + (i * step) + (_first * Shown):0.######} s: samples at equal distances"));
        return Rounded(1 / step, step * (count - 1));
    }

    private double Shown => kind == TimeKind.Number && !IsEpoch ? _unit : 0;

    /// <summary>A whole number, if it is one within what the times are rounded by.</summary>
    private double Rounded(double rate, double duration)
    {
        var (whole, uncertainty) = (Math.Round(rate), rate * Math.Min(2 * _rounding / duration, 1e-3));
        return whole >= 1 && Math.Abs(rate - whole) <= Math.Max(uncertainty, 1e-9 * rate) ? whole : rate;
    }

    private void Begin(double value)
    {
        _first = value;
        if (secondsPerUnit is not null || value < LeastEpoch)
            return;
        for (var unit = 1.0; unit >= 1e-9; unit /= 1000)
        {
            var seconds = value * unit;
            if (seconds is not (>= LeastEpoch and < MostEpoch))
                continue;
            (IsEpoch, _unit) = (true, unit);
            Start = new EcgStart(DateTime.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)), TimeSpan.Zero);
            return;
        }
    }

    private static double Rounding(ReadOnlySpan<byte> field, double value)
    {
        var point = field.IndexOfAny((byte)'.', (byte)',');
        var decimals = point < 0 ? 0 : field[(point + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is >= 0 and var end ? end
            : field.Length - point - 1;
        // In an exponent's notation the number's own precision is as good a guess.
        return field.ContainsAny((byte)'e', (byte)'E') ? Math.Abs(value) * 1e-7 : 0.5 * Math.Pow(10, -decimals);
    }

    private bool TryAddClock(ReadOnlySpan<byte> field)
    {
        if (!TryClock(field, out var seconds, out var decimals))
            return false;
        if (_seconds.Count == 0)
        {
            _first = seconds;
            var day = DateIn(field) ?? (Day is { } known ? (known, null) : null);
            Start = day is { } date ? new EcgStart(date.Date.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)), date.Offset)
                : null;
        }
        _rounding = Math.Min(_rounding, 0.5 * Math.Pow(10, -decimals));
        var since = seconds - _first;
        // Past midnight.
        var last = _seconds.Count > 0 ? _seconds[^1] : 0;
        if (since < last - (SecondsPerDay / 2))
            since += SecondsPerDay * Math.Ceiling((last - (SecondsPerDay / 2) - since) / SecondsPerDay);
        _seconds.Add(since);
        return true;
    }

    /// <summary>Finds [hours:]minutes:seconds in a field.</summary>
    private static bool TryClock(ReadOnlySpan<byte> field, out double seconds, out int decimals)
    {
        (seconds, decimals) = (0, 0);
        var at = field.IndexOf((byte)':');
        while (at > 0 && char.IsAsciiDigit((char)field[at - 1]))
            at--;
        if (at < 0)
            return false;
        var parts = 0;
        while (true)
        {
            var (value, digits) = (0, 0);
            for (; at < field.Length && char.IsAsciiDigit((char)field[at]) && digits < 6; at++, digits++)
                value = (10 * value) + (field[at] - '0');
            if (digits == 0 || (parts > 0 && value >= 60))
                return false;
            seconds = (60 * seconds) + value;
            if (++parts == 3 || at >= field.Length || field[at] != ':')
                break;
            at++;
        }
        if (parts < 2)
            return false;
        if (at < field.Length && field[at] is (byte)'.' or (byte)',')
            for (at++; at < field.Length && char.IsAsciiDigit((char)field[at]) && decimals < 9; at++, decimals++)
                seconds += (field[at] - '0') * Math.Pow(10, -decimals - 1);
        return IsHalfDay(field[at..], ref seconds);
    }

    /// <summary>What may follow a clock time: AM or PM, a zone, or a date.</summary>
    private static bool IsHalfDay(ReadOnlySpan<byte> rest, ref double seconds)
    {
        rest = rest.Trim(" \t]"u8);
        if (rest is [(byte)'A' or (byte)'a' or (byte)'P' or (byte)'p', (byte)'M' or (byte)'m'])
        {
            seconds = (seconds % (SecondsPerDay / 2)) + (rest[0] is (byte)'P' or (byte)'p' ? SecondsPerDay / 2 : 0);
            return true;
        }
        return rest.IndexOfAnyExcept(BehindClock) < 0;
    }

    /// <summary>The date of a field, and its zone; null if there is none, or day and month cannot be told apart.</summary>
    public static (DateTime Date, TimeSpan? Offset)? DateIn(ReadOnlySpan<byte> field)
    {
        const string Brackets = "[] ";
        var text = System.Text.Encoding.ASCII.GetString(field).Trim(Brackets.ToCharArray());
        if (DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var iso))
            return (iso.DateTime.Date, text[^1] is 'Z' or 'z' || text.LastIndexOf('+') > 0 || text.LastIndexOf('-') > 10 ? iso.Offset
                : null);
        foreach (var part in text.Split(' ', 'T'))
        {
            if (DateTime.TryParseExact(part, ["yyyy-MM-dd", "yyyy/MM/dd", "dd.MM.yyyy", "d.M.yyyy"], CultureInfo.InvariantCulture,
                DateTimeStyles.None, out var date))
                return (date, null);
            var isDayFirst = DateTime.TryParseExact(part, "d/M/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var dayFirst);
            var isMonthFirst = DateTime.TryParseExact(part, "M/d/yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var monthFirst);
            if (isDayFirst != isMonthFirst || (isDayFirst && dayFirst == monthFirst))
                return (isDayFirst ? dayFirst : monthFirst, null);
        }
        return null;
    }
}
