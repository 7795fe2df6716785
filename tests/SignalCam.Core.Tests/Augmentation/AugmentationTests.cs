using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;

namespace SignalCam.Core.Tests.Augmentation;

public class AugmentationTests
{
    private static readonly SignalLayout Layout = Recordings.Standard;

    [Fact]
    public void A_shift_of_the_paper_goes_right_by_0_to_29_samples_equally_often_and_zeros_enter_on_the_left()
    {
        var counts = new int[30];
        var ramp = Enumerable.Range(0, 12_000).Select(i => (float)(i % 1000 + 1)).ToArray();
        var shift = new TimeShift(new TimeShiftOptions { Probability = 1 });
        var random = new EcgRandom(5);
        for (var round = 0; round < 3000; round++)
        {
            float[] samples = [.. ramp];
            shift.Apply(samples, Layout, random);
            var distance = 1000 - (int)samples[999];
            counts[distance]++;
            for (var lead = 0; lead < 12; lead++)
                for (var t = 0; t < 1000; t++)
                    if (samples[lead * 1000 + t] != (t < distance ? 0 : t - distance + 1))
                        Assert.Fail($"lead {lead}, sample {t} after a shift by {distance} is {samples[lead * 1000 + t]}");
        }
        // 100 expected per distance, standard deviation 9.8.
        Assert.All(counts, c => Assert.InRange(c, 60, 140));
    }

    [Fact]
    public void A_shift_both_ways_goes_left_as_often_as_right()
    {
        var shift = new TimeShift(new TimeShiftOptions { Probability = 1, Direction = ShiftDirection.Both });
        var random = new EcgRandom(5);
        var distances = new List<int>();
        for (var round = 0; round < 2000; round++)
        {
            var samples = Enumerable.Range(0, 12_000).Select(i => i % 1000 == 500 ? 1f : 0).ToArray();
            shift.Apply(samples, Layout, random);
            distances.Add(Array.IndexOf(samples, 1f) - 500);
            Assert.Equal(500 + distances[^1] + 11_000, Array.LastIndexOf(samples, 1f));
        }
        Assert.Equal(-29, distances.Min());
        Assert.Equal(29, distances.Max());
        Assert.InRange(distances.Count(d => d < 0), 880, 1060);
    }

    [Fact]
    public void Amplitude_is_one_factor_for_all_leads_uniform_on_0_8_to_1_2()
    {
        var scale = new AmplitudeScale(new AmplitudeScaleOptions { Probability = 1 });
        var random = new EcgRandom(5);
        var original = Recordings.Consistent(1);
        var factors = new List<double>();
        for (var round = 0; round < 2000; round++)
        {
            float[] samples = [.. original];
            scale.Apply(samples, Layout, random);
            var factor = samples[0] / original[0];
            factors.Add(factor);
            if (round < 10)
                Assert.All(samples.Zip(original), p => Assert.Equal(p.Second * factor, p.First, 1e-5));
        }
        Assert.InRange(factors.Min(), 0.8, 0.802);
        Assert.InRange(factors.Max(), 1.198, 1.2);
        Assert.Equal(1, factors.Average(), 0.01);
        Assert.Equal(0.4 / Math.Sqrt(12), Math.Sqrt(factors.Average(f => (f - 1) * (f - 1))), 0.005);
    }

    [Fact]
    public void Gaussian_noise_has_the_variance_and_is_independent_from_lead_to_lead()
    {
        var samples = new float[12_000];
        new GaussianNoise(new GaussianNoiseOptions { Probability = 1 }).Apply(samples, Layout, new EcgRandom(5));
        Assert.Equal(0, samples.Average(), 0.0015);
        Assert.Equal(0.001, samples.Average(v => (double)v * v), 0.00006);
        for (var lead = 1; lead < 12; lead++)
            Assert.InRange(Recordings.Correlation(samples.AsSpan(0, 1000), samples.AsSpan(lead * 1000, 1000)), -0.12, 0.12);
    }

    [Fact]
    public void A_sine_pulse_is_the_same_on_all_leads_and_its_time_grid_includes_the_end_point()
    {
        var random = new EcgRandom(5);
        var pulse = new SinePulse(new SinePulseOptions { Probability = 1 });
        for (ulong seed = 0; seed < 50; seed++)
        {
            var draws = new EcgRandom(seed);
            draws.Uniform();
            var (amplitude, frequency, phase) = (draws.Uniform() * 0.2, draws.Uniform(), draws.Uniform() * 2 * Math.PI);
            var samples = new float[12_000];
            pulse.Apply(samples, Layout, new EcgRandom(seed));
            for (var t = 0; t < 1000; t++)
                Assert.Equal(amplitude * Math.Sin(2 * Math.PI * frequency * (10.0 * t / 999) + phase), samples[t], 1e-6);
            for (var lead = 1; lead < 12; lead++)
                Assert.Equal(samples[..1000], samples[(lead * 1000)..((lead + 1) * 1000)]);
        }
    }

    [Fact]
    public void Respiration_is_a_sine_of_12_to_18_breaths_a_minute()
    {
        var layout = new SignalLayout(["II"], 100_000, 100);
        var noise = new RespirationNoise(new RespirationNoiseOptions { Probability = 1 });
        var frequencies = new List<double>();
        for (ulong seed = 0; seed < 200; seed++)
        {
            var samples = new float[100_000];
            noise.Apply(samples, layout, new EcgRandom(seed));
            Assert.InRange(samples.Max(), 0, 0.2f);
            var crossings = Enumerable.Range(1, samples.Length - 1).Count(t => samples[t - 1] < 0 != samples[t] < 0);
            frequencies.Add(crossings / 2.0 / 1000);
        }
        Assert.InRange(frequencies.Min(), 0.1995, 0.205);
        Assert.InRange(frequencies.Max(), 0.295, 0.3005);
        Assert.Equal(0.25, frequencies.Average(), 0.01);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1003)]
    public void A_time_warp_keeps_end_points_and_moves_the_borders_by_at_most_a_hundredth(int length)
    {
        var layout = new SignalLayout(["I", "II"], length, 100);
        var warp = new TimeWarp(new TimeWarpOptions { Probability = 1 });
        var random = new EcgRandom(5);
        var ramp = Enumerable.Range(0, 2 * length).Select(i => (float)(i % length)).ToArray();
        double farthest = 0;
        for (var round = 0; round < 200; round++)
        {
            float[] samples = [.. ramp];
            warp.Apply(samples, layout, random);
            Assert.Equal(samples[..length], samples[length..]);
            Assert.Equal(0, samples[0]);
            Assert.Equal(length - 1, samples[length - 1]);
            Assert.All(samples[..length].Zip(samples[1..length]), p => Assert.True(p.First < p.Second));
            farthest = Math.Max(farthest, Enumerable.Range(0, length).Max(t => Math.Abs(samples[t] - t)));
        }
        // limit / 2 / (steps + 1) of the length = 10 samples, and one for truncation.
        Assert.InRange(farthest, 8, 11);
    }

    [Fact]
    public void A_time_warp_leaves_a_recording_alone_that_is_too_short_for_its_segments()
    {
        float[] samples = [1, 2, 3, 4, 5, 6, 7];
        new TimeWarp(new TimeWarpOptions { Probability = 1 }).Apply(samples, new SignalLayout(["I"], 7, 100), new EcgRandom(1));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], samples);
    }

    [Fact]
    public void Lead_dropout_zeroes_whole_leads_five_in_a_hundred()
    {
        var random = new EcgRandom(5);
        var dropout = new LeadDropout();
        var dropped = 0;
        for (var round = 0; round < 1000; round++)
        {
            var samples = Enumerable.Repeat(1f, 12 * 20).ToArray();
            dropout.Apply(samples, new SignalLayout(SignalLayout.StandardLeads, 20, 100), random);
            for (var lead = 0; lead < 12; lead++)
            {
                var sum = samples.AsSpan(lead * 20, 20).ToArray().Sum();
                Assert.True(sum is 0 or 20);
                dropped += sum == 0 ? 1 : 0;
            }
        }
        // 600 expected, standard deviation 24.
        Assert.InRange(dropped, 500, 700);
    }

    public static TheoryData<string> Noises => ["gaussian-noise", "sine-pulse", "respiration-noise"];

    [Theory]
    [MemberData(nameof(Noises))]
    public void Consistent_noise_keeps_the_relations_between_the_leads_and_independent_noise_does_not(string name)
    {
        var registry = BuiltInAugmentations.Register(new PluginRegistry<IAugmentation>("augmentation"));
        foreach (var relation in Enum.GetValues<LeadRelation>())
        {
            var options = new System.Text.Json.Nodes.JsonObject
            {
                ["probability"] = 1,
                ["leads"] = relation == LeadRelation.Consistent ? "consistent" : "independent",
            };
            var samples = Recordings.Consistent(1);
            registry.Create(new ComponentSpec(name, options)).Apply(samples, Layout, new EcgRandom(5));
            var signal = new EcgSignal(samples, Layout);
            double error = 0;
            for (var t = 0; t < 1000; t++)
            {
                var (i, ii) = (signal.Lead("I")[t], signal.Lead("II")[t]);
                error = Math.Max(error, Math.Abs(signal.Lead("III")[t] - (ii - i)));
                error = Math.Max(error, Math.Abs(signal.Lead("aVR")[t] + (i + ii) / 2));
                error = Math.Max(error, Math.Abs(signal.Lead("aVL")[t] - (i - ii / 2)));
                error = Math.Max(error, Math.Abs(signal.Lead("aVF")[t] - (ii - i / 2)));
            }
            Assert.True(relation == LeadRelation.Consistent ? error < 2e-6 : error > 0.01, $"{relation}: {error}");
            Assert.NotEqual(Recordings.Consistent(1)[..1000], samples[..1000]);
            Assert.NotEqual(Recordings.Consistent(1)[11_000..], samples[11_000..]);
        }
    }

    [Fact]
    public void Samples_that_do_not_fit_the_layout_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new TimeShift().Apply(new float[11_999], Layout, new EcgRandom(1)));
        Assert.Contains("12 leads x 1000 samples", error.Message, StringComparison.Ordinal);
        Assert.Contains("11999", error.Message, StringComparison.Ordinal);
    }
}
