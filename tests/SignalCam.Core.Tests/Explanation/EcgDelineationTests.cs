using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Tests.Explanation;

public sealed class EcgDelineationTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(500)]
    public void Every_planted_beat_is_found_within_40_ms(double samplingRate)
    {
        var (planted, found, close) = (0, 0, 0);
        for (var seed = 0; seed < 40; seed++)
        {
            // An infarct's interval starts when QRS does, 36 to 48 ms before R.
            var recording = SyntheticEcg.Generate(
                new SyntheticOptions { Statements = ["IMI"], SamplingRate = samplingRate, HeartRate = 50 + 2 * seed },
                new EcgRandom((ulong)seed));
            var onsets = recording.Findings[0].Intervals.Select(i => i.Start).Where(t => t is > 0.1 and < 9.8).ToArray();
            var peaks = EcgDelineation.Of(recording.Signal).Peaks.Select(p => p / samplingRate).ToArray();
            planted += onsets.Length;
            found += peaks.Count(p => p is > 0.14 and < 9.84);
            close += onsets.Count(o => peaks.Any(p => Math.Abs(p - o - 0.042) <= 0.04));
        }
        Assert.InRange(close / (double)planted, 0.99, 1);
        Assert.InRange(found / (double)planted, 0.99, 1.01);
    }

    [Fact]
    public void Parts_of_the_beat_are_where_they_are_expected()
    {
        var signal = SyntheticEcg.Generate(
            new SyntheticOptions { HeartRate = 60, MuscleNoise = 0, BaselineWander = 0 }, new EcgRandom(1)).Signal;
        var delineation = EcgDelineation.Of(signal);
        var peak = delineation.Peaks[4];
        EcgWave At(double seconds) => delineation.Waves[peak + (int)Math.Round(seconds * 100)];
        Assert.Equal([EcgWave.None, EcgWave.P, EcgWave.Qrs, EcgWave.Qrs, EcgWave.T, EcgWave.T, EcgWave.None],
            new[] { -0.3, -0.15, -0.05, 0.05, 0.08, 0.3, 0.5 }.Select(At));
        Assert.Equal(signal.Length, Enum.GetValues<EcgWave>().Sum(w => delineation.Mask(w).Count(m => m)));
    }

    [Fact]
    public void A_flat_recording_has_no_beats() =>
        Assert.Empty(EcgDelineation.Of(new EcgSignal(new float[2 * 1000], new SignalLayout(["I", "II"], 1000, 100))).Peaks);
}
