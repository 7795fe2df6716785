using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Tests.Signals;

public class ResamplerTests
{
    /// <summary>Of the sines' amplitude 1; 80 dB is 1e-4, the rest is rounding to float.</summary>
    private const double EightyDecibel = 1.001e-4;

    public static TheoryData<double, double> Rates => new()
    {
        { 500, 100 }, { 1000, 100 }, { 360, 100 }, { 257, 100 }, { 128, 100 }, { 977, 100 }, { 100, 500 },
        { 250, 360 }, { 100, 257 }, { 500, 400 },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void A_sine_in_the_pass_band_stays_the_same_sine_in_height_and_time(double from, double to)
    {
        var half = Math.Min(from, to) / 2;
        foreach (var share in new[] { 0.01, 0.1, 0.3, 0.5, 0.7, 0.75, 0.8 })
            Assert.InRange(LargestError(from, to, share * half), 0, EightyDecibel);
    }

    [Theory]
    [InlineData(249.89, 100)]
    [InlineData(333.333, 100)]
    [InlineData(500, 62.4725)]
    [InlineData(99.97, 257)]
    public void Rates_without_a_small_fraction_place_every_sample_to_a_4096th_of_the_lower_rates(double from, double to)
    {
        Assert.False(PolyphaseFilter.TryFindFraction(to / from, out _, out _));
        var lower = Math.Min(from, to);
        foreach (var frequency in new[] { 0.01 * lower, 0.1 * lower, 0.25 * lower, 0.4 * lower })
            Assert.InRange(LargestError(from, to, frequency), 0, EightyDecibel + (2 * Math.PI * frequency / lower / 4096));
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void What_the_new_rate_cannot_hold_is_80_dB_down(double from, double to)
    {
        if (to >= from)
            return;
        var (nyquist, top) = (to / 2, from / 2);
        foreach (var frequency in new[] { nyquist, 1.02 * nyquist, 1.1 * nyquist, 0.5 * (nyquist + top), 0.99 * top }
            .Where(f => f >= nyquist))
            Assert.InRange(Interior(Sine(from, frequency, seconds: 10), from, to).Max(x => Math.Abs(x.Value)), 0, EightyDecibel);
    }

    [Theory]
    [InlineData(500, 100)]
    [InlineData(360, 100)]
    [InlineData(257, 100)]
    [InlineData(249.89, 100)]
    [InlineData(100, 500)]
    public void The_peak_of_a_QRS_stays_at_its_time(double from, double to)
    {
        foreach (var peak in new[] { 1.0, 2.0037, 3.9972, 7.1234 })
        {
            var resampled = Resample(Make(from, 10, t => Math.Exp(-0.5 * Math.Pow((t - peak) / 0.015, 2))), from, to);
            var top = Array.IndexOf(resampled, resampled.Max());
            // The logarithm of a Gaussian is a parabola: three samples give its vertex.
            var (a, b, c) = (Math.Log(resampled[top - 1]), Math.Log(resampled[top]), Math.Log(resampled[top + 1]));
            var vertex = top + (0.5 * (a - c) / (a - (2 * b) + c));
            Assert.Equal(peak * to, vertex, 0.002);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(40)]
    [InlineData(5000)]
    public void A_constant_stays_constant_to_the_ends(int length)
    {
        var lead = new float[length];
        Array.Fill(lead, 1.7f);
        foreach (var (from, to) in new[] { (500.0, 100.0), (257, 100), (249.89, 100), (100, 500), (100, 250) })
            Assert.All(Resample(lead, from, to), sample => Assert.Equal(1.7f, sample, 3e-7f));
    }

    [Theory]
    [InlineData(500, 100)]
    [InlineData(360, 100)]
    [InlineData(100, 500)]
    public void A_drift_goes_on_to_the_ends_without_a_transient(double from, double to)
    {
        var resampled = Resample(Make(from, 10, t => 3 - (0.5 * t)), from, to);
        // Up-sampling ends with samples behind the last one of the lead.
        for (var i = 0; i < resampled.Length; i++)
            Assert.Equal(3 - (0.5 * i / to), resampled[i], 1e-5);
    }

    [Fact]
    public void Resampling_is_linear()
    {
        var random = new EcgRandom(5);
        var (x, y) = (Noise(random, 2570), Noise(random, 2570));
        var (ofX, ofY) = (Resample(x, 257, 100), Resample(y, 257, 100));
        var ofSum = Resample([.. x.Zip(y, (a, b) => (2 * a) - (3 * b))], 257, 100);
        for (var i = 0; i < ofSum.Length; i++)
            Assert.Equal((2 * ofX[i]) - (3 * ofY[i]), ofSum[i], 3e-6);
    }

    [Theory]
    [InlineData(5000, 500, 100, 1000)]
    [InlineData(3600, 360, 100, 1000)]
    [InlineData(2570, 257, 100, 1000)]
    [InlineData(2499, 249.89, 100, 1000)]
    [InlineData(1000, 100, 500, 5000)]
    [InlineData(12, 500, 100, 2)]
    [InlineData(13, 500, 100, 3)]
    [InlineData(5, 200, 100, 3)]
    [InlineData(1, 500, 100, 1)]
    [InlineData(1, 1, 1000, 1000)]
    public void The_length_is_rounded_to_the_nearest(int length, double from, double to, int expected)
    {
        Assert.Equal(expected, Resampler.LengthAfter(length, from, to));
        var signal = Resampler.Resample(new EcgSignal(new float[2 * length], new SignalLayout(["I", "V1"], length, from)), to);
        Assert.Equal(new SignalLayout(["I", "V1"], expected, to), signal.Layout);
    }

    [Theory]
    [InlineData(500, 100, 1, 5)]
    [InlineData(1000, 100, 1, 10)]
    [InlineData(100, 500, 5, 1)]
    [InlineData(360, 100, 5, 18)]
    [InlineData(257, 100, 100, 257)]
    [InlineData(977, 100, 100, 977)]
    [InlineData(100, 62.5, 5, 8)]
    [InlineData(99.5, 100.3, 1003, 995)]
    [InlineData(1000.0 / 3, 100, 3, 10)]
    [InlineData(2048, 2047, 2047, 2048)]
    public void Rates_with_a_small_fraction_are_met_exactly(double from, double to, int up, int down)
    {
        Assert.True(PolyphaseFilter.TryFindFraction(to / from, out var foundUp, out var foundDown));
        Assert.Equal((up, down), (foundUp, foundDown));
        Assert.Equal((up, down), PolyphaseFilter.For(from, to).Spacing);
    }

    [Fact]
    public void An_odd_rate_does_not_drift_in_a_long_recording()
    {
        const double hour = 3600;
        var resampled = Resample(Make(249.89, hour, t => Math.Sin(2 * Math.PI * t)), 249.89, 100);
        for (var i = resampled.Length - 1000; i < resampled.Length - 28; i++)
            Assert.Equal(Math.Sin(2 * Math.PI * i / 100), resampled[i], EightyDecibel);
    }

    [Fact]
    public void A_gap_does_not_spread_beyond_the_filter()
    {
        var lead = Sine(500, 5, seconds: 10);
        var whole = Resample(lead, 500, 100);
        lead[2500] = float.NaN;
        var resampled = Resample(lead, 500, 100);
        Assert.True(float.IsNaN(resampled[500]));
        for (var i = 0; i < resampled.Length; i++)
            if (Math.Abs(i - 500) > 27)
                Assert.Equal(whole[i], resampled[i]);
    }

    [Fact]
    public void Concurrent_callers_with_more_rates_than_are_kept_get_what_one_caller_gets()
    {
        var lead = Sine(500, 7, seconds: 2);
        var rates = Enumerable.Range(0, 40).Select(i => 90.0 + i).ToArray();
        var alone = rates.Select(rate => Resample(lead, 500, rate)).ToArray();
        Parallel.For(0, 400, i => Assert.Equal(alone[i % 40], Resample(lead, 500, rates[i % 40])));
    }

    [Fact]
    public void The_same_rate_gives_the_same_instance_and_one_equal_to_rounding_the_same_samples()
    {
        var signal = new EcgSignal(Sine(500, 7, seconds: 1), new SignalLayout(["II"], 500, 500));
        Assert.Same(signal, Resampler.Resample(signal, 500));
        Assert.Equal(signal.Samples.ToArray(), Resampler.Resample(signal, 500 * (1 + 1e-15)).Samples.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-100)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_is_a_positive_number(double rate)
    {
        var signal = new EcgSignal(new float[10], new SignalLayout(["II"], 10, 500));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.Resample(signal, rate));
        Assert.StartsWith("a sampling rate is a positive, finite number of samples per second", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Assert.StartsWith("a recording at 500 Hz can be brought to 0.5 to 500000 Hz",
            Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.LengthAfter(10, 500, 0.4)).Message, StringComparison.Ordinal);
        Assert.StartsWith("5000 samples at 500 Hz make 1000 at 100 Hz; there is room for 999",
            Assert.Throws<ArgumentException>(() => Resampler.Resample(new float[5000], 500, new float[999], 100)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("a lead has at least one sample",
            Assert.Throws<ArgumentException>(() => Resampler.Resample([], 500, new float[1], 100)).Message, StringComparison.Ordinal);
        Assert.Throws<OverflowException>(() => Resampler.LengthAfter(int.MaxValue, 100, 500));
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampler.LengthAfter(0, 100, 500));
    }

    private static double LargestError(double from, double to, double frequency) =>
        Interior(Sine(from, frequency, seconds: 10), from, to).Max(x => Math.Abs(x.Value - SineAt(frequency, x.Time)));

    /// <summary>
    /// The resampled lead with its times, without the 27 samples of the lower rate at both ends that depend on the extension.
    /// </summary>
    private static IEnumerable<(double Time, float Value)> Interior(float[] lead, double from, double to)
    {
        var margin = 27 / Math.Min(from, to);
        return Resample(lead, from, to).Select((value, i) => (Time: i / to, value))
            .Where(x => x.Time > margin && x.Time < (lead.Length / from) - margin);
    }

    private static float[] Resample(float[] lead, double from, double to)
    {
        var resampled = new float[Resampler.LengthAfter(lead.Length, from, to)];
        Resampler.Resample(lead, from, resampled, to);
        return resampled;
    }

    // The phase keeps a sine of half the rate from being sampled at its zeros alone.
    private static double SineAt(double frequency, double time) => Math.Sin((2 * Math.PI * frequency * time) + 1);

    private static float[] Sine(double rate, double frequency, double seconds) => Make(rate, seconds, t => SineAt(frequency, t));

    private static float[] Make(double rate, double seconds, Func<double, double> value) =>
        [.. Enumerable.Range(0, (int)Math.Round(rate * seconds)).Select(i => (float)value(i / rate))];

    private static float[] Noise(EcgRandom random, int length) => [.. Enumerable.Range(0, length).Select(_ => (float)random.Normal())];
}
