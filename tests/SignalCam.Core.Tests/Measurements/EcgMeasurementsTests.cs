using SignalCam.Abstractions;
using SignalCam.Core.Measurements;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Tests.Measurements;

public sealed class EcgMeasurementsTests
{
    [Theory]
    [InlineData(500)]
    [InlineData(100)]
    public void At_20_decibel_the_median_error_is_below_1_a_minute_12_ms_of_PR_and_QRS_and_20_ms_of_QT(double rate)
    {
        var made = Enumerable.Range(0, 40).Select(i =>
        {
            var random = EcgRandom.For(7, 3, i);
            var recording = SyntheticEcg.Generate(
                new SyntheticOptions
                {
                    SamplingRate = rate,
                    HeartRate = 45 + (75.0 * i / 40),
                    MuscleNoise = 0,
                    Statements = i % 2 == 0 ? [] : [SyntheticEcg.Statements[i % 9]],
                }, random);
            return (Truth: recording.Intervals!, Found: EcgMeasurements.Of(WithNoise(recording.Signal, 20, random)));
        }).ToArray();

        Assert.InRange(Error(t => t.HeartRate, v => v.HeartRate, 40), 0, 1);
        Assert.InRange(Error(t => 1000 * t.Pr, v => v.PrInterval, 38), 0, 12);
        Assert.InRange(Error(t => 1000 * t.Qrs, v => v.QrsDuration, 38), 0, 12);
        Assert.InRange(Error(t => 1000 * t.Qt, v => v.QtInterval, 35), 0, 20);

        double Error(Func<SyntheticIntervals, double> truth, Func<EcgMeasurements, EcgMeasurement?> value, int atLeast)
        {
            double[] errors = [.. made.Where(m => value(m.Found) is not null)
                .Select(m => Math.Abs(value(m.Found)!.Value - truth(m.Truth))).Order()];
            Assert.InRange(errors.Length, atLeast, made.Length);
            return errors[errors.Length / 2];
        }
    }

    [Fact]
    public void Corrected_QT_follows_from_QT_and_rate_and_each_value_names_its_beats()
    {
        var signal = SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 500, HeartRate = 90 }, new EcgRandom(3)).Signal;
        var found = EcgMeasurements.Of(signal);

        var rr = 60 / found.HeartRate!.Value;
        Assert.Equal(found.QtInterval!.Value / Math.Sqrt(rr), found.QtcBazett!.Value, 1.0);
        Assert.Equal(found.QtInterval.Value / Math.Cbrt(rr), found.QtcFridericia!.Value, 1.0);
        Assert.All(found.Found(), value => Assert.All(value.Measurement.Beats, beat => Assert.InRange(beat, 0, found.BeatTimes.Count - 1)));
        Assert.Equal(found.BeatTimes.Count, found.HeartRate.Beats.Count);
        // A beat that is cut off by the recording's end is part of the rate, and not of the median beat.
        Assert.InRange(found.QtInterval.Beats.Count, 3, found.BeatTimes.Count);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(100)]
    public void The_median_beat_lies_on_the_recordings_beats_and_its_waves_are_the_intervals(double rate)
    {
        var options = new SyntheticOptions { SamplingRate = rate, HeartRate = 70, MuscleNoise = 0, BaselineWander = 0 };
        var signal = SyntheticEcg.Generate(options, new EcgRandom(5)).Signal;
        var found = EcgMeasurements.Of(signal);
        var beat = found.MedianBeat!;

        Assert.Equal(500, beat.Signal.SamplingRate);
        Assert.Equal(signal.Leads, beat.Signal.Leads);
        Assert.Equal(beat.Beats.Count, beat.Times.Count);
        Assert.All(beat.Beats.Zip(beat.Times), pair => Assert.Equal(found.BeatTimes[pair.First], pair.Second, 0.05));
        // 2 ms are a sample: what is written with one decimal is the same distance.
        Assert.Equal(found.PrInterval!.Value, 1000 * (beat.QrsOnset!.Value - beat.POnset!.Value), 0.1);
        Assert.Equal(found.QrsDuration!.Value, 1000 * (beat.QrsEnd!.Value - beat.QrsOnset.Value), 0.1);
        Assert.Equal(found.QtInterval!.Value, 1000 * (beat.TEnd!.Value - beat.QrsOnset.Value), 0.1);
        // Each lead is, but for its baseline, the recording's own around every beat.
        var (lead, median) = (signal.Lead("V5").ToArray(), beat.Signal.Lead("V5").ToArray());
        var peak = Enumerable.Range(0, median.Length).MaxBy(i => median[i]);
        foreach (var time in beat.Times)
        {
            var near = (int)Math.Round((time - beat.Before + (peak / 500.0)) * rate);
            var reach = (int)Math.Ceiling(0.02 * rate);
            var high = lead[Math.Max(0, near - reach)..Math.Min(lead.Length, near + reach)].Max();
            var level = lead[Math.Max(0, near - (int)(0.08 * rate))];
            Assert.InRange(high - level, 0.8 * median[peak], 1.25 * median[peak]);
        }
    }

    [Fact]
    public void A_recording_of_two_beats_has_no_median_beat()
    {
        var options = new SyntheticOptions { SamplingRate = 500, HeartRate = 60, Seconds = 2 };
        Assert.Null(EcgMeasurements.Of(SyntheticEcg.Generate(options, new EcgRandom(3)).Signal).MedianBeat);
    }

    [Fact]
    public void The_axis_is_the_direction_of_the_area_in_the_frontal_plane()
    {
        foreach (var degrees in new[] { -60.0, 0, 45, 110 })
        {
            var found =
                EcgMeasurements.Of(
                    Beats((lead, second) => Pulse(second, 0.5, 0.012) * Math.Cos((degrees - Angle(lead)) * Math.PI / 180)
                        * (lead is 3 or 4 or 5 ? Math.Sqrt(3) / 2 : 1)));
            Assert.Equal(degrees, found.QrsAxis!.Value, 3.0);
        }
        static double Angle(int lead) => lead switch { 0 => 0, 1 => 60, 2 => 120, 3 => -150, 4 => -30, 5 => 90, _ => 40 };
    }

    [Fact]
    public void What_is_not_there_is_absent_and_not_guessed()
    {
        var noise = new EcgRandom(5);
        var flat = EcgMeasurements.Of(Beats((_, _) => 0));
        Assert.Empty(flat.Found());
        Assert.DoesNotContain(EcgMeasurements.Of(Beats((_, _) => 0.02 * noise.Normal())).Found(),
            v => v.Name is "pr_interval" or "qt_interval");

        // QRS alone, at irregular times: neither P nor T.
        double[] times = [0.4, 1.1, 2.3, 2.9, 4.0, 4.6, 5.8, 6.3, 7.4, 8.6, 9.2];
        var only =
            EcgMeasurements.Of(
                Beats((lead, second) => (1 - (0.1 * lead)) * times.Sum(t => Math.Exp(-0.5 * Math.Pow((second - t) / 0.012, 2)))
                    + (0.004 * noise.Normal())));
        Assert.Equal(times.Length, only.BeatTimes.Count);
        Assert.All(times.Zip(only.BeatTimes), pair => Assert.Equal(pair.First, pair.Second, 0.05));
        Assert.NotNull(only.QrsDuration);
        Assert.Null(only.PrInterval);
        Assert.Null(only.QtInterval);
        Assert.Null(only.QtcBazett);
        Assert.InRange(only.RrDeviation!.Value, 200, 400);
    }

    [Fact]
    public void Two_beats_are_too_few_and_a_lead_with_gaps_is_left_out()
    {
        Assert.Empty(EcgMeasurements.Of(Beats((_, second) => Pulse(second, 0.5, 0.012), seconds: 2)).Found());

        var made = SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 500 }, new EcgRandom(9)).Signal;
        var samples = made.Samples.ToArray();
        samples[(6 * made.Length) + 100] = float.NaN;
        var found = EcgMeasurements.Of(new EcgSignal(samples, made.Layout));
        Assert.Equal(EcgMeasurements.Of(made).HeartRate!.Value, found.HeartRate!.Value, 0.2);
    }

    private static double Pulse(double second, double at, double width) => Math.Exp(-0.5 * Math.Pow((((second % 1) - at) / width), 2));

    private static EcgSignal Beats(Func<int, double, double> value, double seconds = 10)
    {
        const int rate = 500;
        var length = (int)(seconds * rate);
        var samples = new float[12 * length];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (float)value(i / length, i % length / (double)rate);
        return new EcgSignal(samples, new SignalLayout(SignalLayout.StandardLeads, length, rate));
    }

    private static EcgSignal WithNoise(EcgSignal signal, double decibel, EcgRandom random) => signal.MapLeads(lead =>
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in lead)
            (sum, squares) = (sum + value, squares + (value * value));
        var deviation = Math.Sqrt((squares / lead.Length) - Math.Pow(sum / lead.Length, 2)) * Math.Pow(10, -decibel / 20);
        for (var t = 0; t < lead.Length; t++)
            lead[t] += (float)(deviation * random.Normal());
    });
}
