using SignalCam.Abstractions;
using SignalCam.Formats.Channels;

namespace SignalCam.Formats.AEcg;

/// <summary>Puts the sequences of a series on one time axis, a channel for each code and rate.</summary>
internal static class AEcgChannels
{
    /// <param name="file">The file's name, for errors.</param>
    /// <param name="series">A series with at least one sequence.</param>
    /// <param name="origin">Where its time axis begins.</param>
    /// <param name="options">The limits, and the rate where a sequence set has no time axis.</param>
    /// <param name="warnings">Gets what was set aside.</param>
    public static List<StoredChannel> Of(string file, AEcgSeries series, AEcgOrigin origin, EcgReadOptions options, List<string> warnings)
    {
        List<StoredChannel> channels = [];
        var pieces = series.Sets.SelectMany(set => set.Leads.Select(lead => PieceOf(file, set, lead, origin, options))).ToArray();
        ValueLimit.RequireWithGaps(file, pieces.Length, pieces.Max(p => p.End), pieces.Sum(p => (long)p.Lead.Samples.Length), options);
        foreach (var group in pieces.GroupBy(p => (p.Lead.Code, p.Rate)))
        {
            var (code, rate) = group.Key;
            var unit = group.First().Lead.Unit;
            var isVoltage = VoltageUnit.Millivolts(unit) is not null;
            if (group.Any(p => VoltageUnit.Millivolts(p.Lead.Unit) is not null != isVoltage || (!isVoltage && p.Lead.Unit != unit)))
                throw new EcgFormatException(file, null, $"{code} in units of different kinds", "one unit");
            var (kept, aside) = WithoutOverlaps([.. group.OrderBy(p => p.Offset)]);
            channels.Add(new StoredChannel(code, isVoltage ? AEcgNames.Lead(code) : null, unit, rate, Join(kept), isVoltage));
            channels.AddRange(aside.Select(p => new StoredChannel(code, null, unit, rate, p.Lead.Samples, isVoltage)));
            if (aside.Count > 0)
                warnings.Add($"{code} is there several times for the same time; " +
                    "the longest stretch is in the signal, the others are set aside");
        }
        return channels;
    }

    private static Piece PieceOf(string file, AEcgSequenceSet set, AEcgSequence lead, AEcgOrigin origin, EcgReadOptions options)
    {
        var rate = set.Time is { } time
            ? SamplingRates.FromInterval(time.Increment)
            : options.SamplingRate
                ?? throw new EcgFormatException(file, null, "a sequence set without a time axis", "TIME_ABSOLUTE or TIME_RELATIVE");
        return new Piece(lead, rate, origin.Offset(set, rate));
    }

    /// <summary>Of pieces that overlap the longer one stays. A sample is not an overlap: the times of pieces are rounded.</summary>
    private static (List<Piece> Kept, List<Piece> Aside) WithoutOverlaps(Piece[] pieces)
    {
        List<Piece> kept = [], aside = [];
        foreach (var piece in pieces)
        {
            if (kept.Count == 0 || piece.Offset >= kept[^1].End - 1)
                kept.Add(piece);
            else if (piece.Lead.Samples.Length <= kept[^1].Lead.Samples.Length)
                aside.Add(piece);
            else
            {
                aside.Add(kept[^1]);
                kept[^1] = piece;
            }
        }
        return (kept, aside);
    }

    private static float[] Join(List<Piece> pieces)
    {
        if (pieces is [{ Offset: 0 } all])
            return all.Lead.Samples;
        var joined = new float[pieces[^1].End + pieces.Count];
        Array.Fill(joined, float.NaN);
        var end = 0L;
        foreach (var piece in pieces)
        {
            var at = Math.Max(piece.Offset, end);
            piece.Lead.Samples.CopyTo(joined, at);
            end = at + piece.Lead.Samples.Length;
        }
        Array.Resize(ref joined, (int)end);
        return joined;
    }

    private readonly record struct Piece(AEcgSequence Lead, double Rate, long Offset)
    {
        public long End => Offset + Lead.Samples.Length;
    }
}
