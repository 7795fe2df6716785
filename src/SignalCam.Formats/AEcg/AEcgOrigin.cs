using SignalCam.Abstractions;

namespace SignalCam.Formats.AEcg;

/// <summary>Where the time axis of a series begins, and where its sequence sets and annotations are on it.</summary>
internal sealed class AEcgOrigin
{
    private readonly Dictionary<AEcgSequenceSet, double> _seconds = new(ReferenceEqualityComparer.Instance);

    private AEcgOrigin(EcgStart? start, double relativeHead) => (Start, RelativeHead) = (start, relativeHead);

    /// <summary>The first sample's date and time, where a time axis states it.</summary>
    public EcgStart? Start { get; }

    /// <summary>The first sample's time on a relative axis.</summary>
    private double RelativeHead { get; }

    /// <exception cref="EcgFormatException">Several sequence sets have time axes that cannot be compared.</exception>
    public static AEcgOrigin Of(AEcgSeries series, string file, List<string> warnings)
    {
        var absolute = series.Sets.Where(s => s.Time is { IsAbsolute: true }).ToArray();
        if (absolute.Length > 0 && absolute.Length < series.Sets.Count)
            throw new EcgFormatException(file, null, "sequence sets with absolute and with relative time in one series",
                "one kind of time axis");
        return absolute.Length > 0 ? Absolute(series.Sets, file, warnings) : Relative(series.Sets, file);
    }

    /// <summary>The sample of the time axis at which a sequence set begins.</summary>
    public long Offset(AEcgSequenceSet set, double rate) =>
        (long)Math.Round(Math.Min(_seconds.GetValueOrDefault(set) * rate, long.MaxValue / 4));

    /// <summary>An annotation with its time in seconds from the first sample.</summary>
    public EcgAnnotation Place(AEcgAnnotation annotation, EcgStart? start)
    {
        var low = annotation.Low is { } l ? Seconds(l, start) : null;
        var high = annotation.High is { } h ? Seconds(h, start) : null;
        return new EcgAnnotation(annotation.Text, low ?? high)
        {
            Duration = high - low is { } duration and >= 0 ? Math.Round(duration, 6) : null,
            Lead = annotation.Lead,
            Value = annotation.Value,
        };
    }

    private double? Seconds(AEcgMoment moment, EcgStart? start)
    {
        if (!moment.IsAbsolute)
            return AEcgTime.Seconds(moment.Value, moment.Unit) - RelativeHead;
        return AEcgTime.Parse(moment.Value) is { } time && start is { } begin ? Between(begin, time) : null;
    }

    private static AEcgOrigin Absolute(List<AEcgSequenceSet> sets, string file, List<string> warnings)
    {
        var heads = sets.Select(s => AEcgTime.Parse(s.Time!.Head)).ToArray();
        if (Array.FindIndex(heads, h => h is null) is >= 0 and var bad)
        {
            var found = $"'{sets[bad].Time!.Head}' as the time of the first sample";
            if (sets.Count > 1)
                throw new EcgFormatException(file, null, found, "a time stamp such as 20021122091000.000");
            warnings.Add($"{found} cannot be read; the start is not known from the samples");
            return new AEcgOrigin(null, 0);
        }
        var first = heads.MinBy(h => Between(heads[0]!.Value, h!.Value))!.Value;
        var origin = new AEcgOrigin(first, 0);
        for (var i = 0; i < sets.Count; i++)
            origin._seconds[sets[i]] = Between(first, heads[i]!.Value);
        return origin;
    }

    private static AEcgOrigin Relative(List<AEcgSequenceSet> sets, string file)
    {
        var heads = sets.Select(s => s.Time is null ? 0 : Head(s.Time, file)).ToArray();
        var first = heads.Min();
        var origin = new AEcgOrigin(null, first);
        for (var i = 0; i < sets.Count; i++)
            origin._seconds[sets[i]] = heads[i] - first;
        return origin;
    }

    private static double Head(AEcgTimeAxis time, string file) => time.Head is null
        ? 0
        : AEcgTime.Seconds(time.Head, time.HeadUnit)
            ?? throw new EcgFormatException(file, null, $"'{time.Head}' {time.HeadUnit} as the relative time of the first sample",
                "a number of seconds");

    /// <summary>Seconds between two times; by local time if one of them does not state its offset.</summary>
    private static double Between(EcgStart from, EcgStart to)
    {
        var ticks = to.Local.Ticks - from.Local.Ticks;
        if (from.Offset is { } fromOffset && to.Offset is { } toOffset)
            ticks -= (toOffset - fromOffset).Ticks;
        return ticks / (double)TimeSpan.TicksPerSecond;
    }
}
