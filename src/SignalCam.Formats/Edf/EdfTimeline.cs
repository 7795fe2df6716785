using SignalCam.Abstractions;

namespace SignalCam.Formats.Edf;

/// <summary>Sampling rates, and where the records of a discontinuous recording are.</summary>
internal static class EdfTimeline
{
    private const int RoundedLength = 7;

    /// <summary>
    /// Samples per second. A duration that fills its eight characters may be rounded: where a whole rate has just this duration when it is
    /// written in as many digits, that is the rate.
    /// </summary>
    public static double Rate(int samplesPerRecord, decimal seconds, int secondsLength)
    {
        // A quotient of whole numbers is rounded once.
        var power = PowerOfTen(seconds.Scale);
        var rate = (double)(samplesPerRecord * power) / (double)(seconds * power);
        var whole = decimal.Round(samplesPerRecord / seconds);
        if (secondsLength < RoundedLength || whole < 1)
            return rate;
        var exact = samplesPerRecord / whole;
        return decimal.Round(exact, seconds.Scale) == seconds || decimal.Truncate(exact * power) / power == seconds ? (double)whole : rate;
    }

    /// <summary>The sample at which each record begins; the last entry is the length.</summary>
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="onsets">Seconds of each record's beginning.</param>
    /// <param name="header">The header.</param>
    /// <param name="samplesPerRecord">Samples of the signal in a record.</param>
    /// <exception cref="EcgFormatException">A record begins before the one in front of it ends.</exception>
    public static long[] Places(string file, IReadOnlyList<decimal> onsets, EdfHeader header, int samplesPerRecord)
    {
        var rate = samplesPerRecord / header.RecordSeconds;
        var places = new long[onsets.Count + 1];
        for (var record = 1; record < onsets.Count; record++)
        {
            var end = places[record - 1] + samplesPerRecord;
            var gap = (onsets[record] - onsets[record - 1] - header.RecordSeconds) * rate;
            // Onsets are rounded: a sample more or less is not a gap.
            if (Math.Abs(gap) <= 1)
                places[record] = end;
            else if (gap > 0)
                places[record] = Math.Max(end, (long)Math.Min(decimal.Round((onsets[record] - onsets[0]) * rate), long.MaxValue / 4));
            else
                throw new EcgFormatException(file, $"record {record}", $"an onset of {onsets[record]} s",
                    $"at least the end of the preceding record, {onsets[record - 1] + header.RecordSeconds} s");
        }
        places[^1] = places[^2] + samplesPerRecord;
        return places;
    }

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var i = 0; i < exponent; i++)
            power *= 10;
        return power;
    }
}
