using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Measurements;

/// <summary>Creates values of the beats and waves that were found. What is out of the range that a heart can do was not found.</summary>
internal static class RecordingMeasurer
{
    private const string Milliseconds = "ms";
    private const string Degrees = "deg";

    public static EcgMeasurements Measure(MeasuredLeads leads)
    {
        var marks = QrsDetector.Find(leads);
        double[] times = [.. marks.Select(m => Math.Round(m / leads.Rate, 3))];
        if (marks.Count < 3)
            return new EcgMeasurements { BeatTimes = times };
        double[] rr = [.. marks.Zip(marks.Skip(1), (a, b) => (b - a) / leads.Rate)];
        int[] all = [.. Enumerable.Range(0, marks.Count)];
        var result = new EcgMeasurements
        {
            BeatTimes = times,
            HeartRate = Value(60 / rr.Average(), "1/min", all, 15, 300),
            RrDeviation = new EcgMeasurement(Round(1000 * Deviation(rr)), Milliseconds, all),
            RrSuccessiveDifference = new EcgMeasurement(
                Round(1000 * Math.Sqrt(rr.Zip(rr.Skip(1), (a, b) => (b - a) * (b - a)).Average())), Milliseconds, all),
        };
        if (MedianBeat.TryCreate(leads, marks) is not { } beat)
            return result;
        result = result with { MedianBeat = Shown(beat) };
        return BeatDelineator.FindQrs(beat) is { } qrs ? WithWaves(result, beat, qrs, rr.Average()) : result;
    }

    private static EcgMedianBeat Shown(MedianBeat beat) => new(
        new EcgSignal([.. beat.Samples.SelectMany(lead => lead)], new SignalLayout(beat.Leads.Names, beat.Length, beat.Leads.Rate)),
        beat.At / beat.Leads.Rate, beat.Indices, [.. beat.Marks.Select(m => m / beat.Leads.Rate)]);

    private static EcgMeasurements WithWaves(EcgMeasurements result, MedianBeat beat, WaveBounds qrs, double rr)
    {
        var t = BeatDelineator.FindT(beat, qrs);
        // P comes after the T wave of the beat before.
        var afterT = t is { } recovery ? recovery.End - (int)(rr * beat.Leads.Rate) : 0;
        var p = BeatDelineator.FindP(beat, qrs, afterT);
        var qt = Interval(qrs.Onset, t?.End, 180, 720);
        var duration = Interval(qrs.Onset, qrs.End, 40, 260);
        var pr = Interval(p?.Onset, qrs.Onset, 60, 420);
        return result with
        {
            MedianBeat = result.MedianBeat! with
            {
                POnset = pr is null ? null : Seconds(p?.Onset),
                PEnd = pr is null ? null : Seconds(p?.End),
                QrsOnset = duration is null && qt is null && pr is null ? null : Seconds(qrs.Onset),
                QrsEnd = duration is null ? null : Seconds(qrs.End),
                TEnd = qt is null ? null : Seconds(t?.End),
            },
            QrsDuration = duration,
            QtInterval = qt,
            QtcBazett = Corrected(Math.Sqrt(rr)),
            QtcFridericia = Corrected(Math.Cbrt(rr)),
            PrInterval = pr,
            PAxis = p is { } atria ? Axis(beat, atria, isLevelled: true) : null,
            QrsAxis = Axis(beat, qrs, isLevelled: false),
            TAxis = t is { } wave ? Axis(beat, wave, isLevelled: false) : null,
        };

        double? Seconds(int? sample) => sample / beat.Leads.Rate;

        EcgMeasurement? Interval(int? from, int? to, double least, double most) =>
            from is { } a && to is { } b ? Value(1000 * (b - a) / beat.Leads.Rate, Milliseconds, beat.Indices, least, most) : null;

        EcgMeasurement? Corrected(double by) => qt is null ? null : qt with { Value = Round(qt.Value / by) };
    }

    /// <summary>
    /// The frontal axis of a wave's area, by I and aVF; aVF's scale is that of a lead of Einthoven's triangle times sqrt(3) / 2.
    /// </summary>
    private static EcgMeasurement? Axis(MedianBeat beat, WaveBounds wave, bool isLevelled)
    {
        var area = Area(beat, wave, isLevelled);
        if (area("I") is not { } lateral || (area("aVF") ?? (area("II") - (lateral / 2))) is not { } inferior)
            return null;
        // Less than a thousandth of a millivolt and second has no direction.
        return Math.Sqrt((lateral * lateral) + (inferior * inferior)) * 1000 < 0.2
            ? null
            : new EcgMeasurement(Round(Math.Atan2(inferior * 2 / Math.Sqrt(3), lateral) * 180 / Math.PI), Degrees, beat.Indices);
    }

    private static Func<string, double?> Area(MedianBeat beat, WaveBounds wave, bool isLevelled) => name =>
    {
        var lead = Enumerable.Range(0, beat.Leads.Count)
            .FirstOrDefault(l => beat.Leads.Names[l].Equals(name, StringComparison.OrdinalIgnoreCase), -1);
        if (lead < 0)
            return null;
        var samples = beat.Samples[lead];
        var sum = 0.0;
        for (var t = wave.Onset; t <= Math.Min(wave.End, samples.Length - 1); t++)
        {
            var level = isLevelled
                ? samples[wave.Onset]
                    + ((samples[wave.End] - samples[wave.Onset]) * (double)(t - wave.Onset) / Math.Max(1, wave.End - wave.Onset))
                : 0;
            sum += samples[t] - level;
        }
        return sum / beat.Leads.Rate;
    };

    private static EcgMeasurement? Value(double value, string unit, IReadOnlyList<int> beats, double least, double most) =>
        value >= least && value <= most ? new EcgMeasurement(Round(value), unit, beats) : null;

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Length - 1));
    }

    private static double Round(double value) => Math.Round(value, 1);
}
