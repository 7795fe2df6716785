using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Core.Tests.Preprocessing;

public class TransformTests
{
    private static readonly PluginRegistry<ISignalTransform> Registry =
        BuiltInTransforms.Register(new PluginRegistry<ISignalTransform>("transform"));

    [Theory]
    [InlineData(1000, 10)]
    [InlineData(5000, 32)]
    [InlineData(33, 32)]
    [InlineData(1, 0)]
    public void The_basis_is_orthonormal_to_rounding(int length, int degree)
    {
        var basis = OrthonormalPolynomials.For(length, degree);
        for (var i = 0; i <= degree; i++)
            for (var j = 0; j <= i; j++)
            {
                var dot = 0.0;
                for (var t = 0; t < length; t++)
                    dot += basis[i][t] * basis[j][t];
                Assert.Equal(i == j ? 1 : 0, dot, 1e-13);
            }
    }

    [Fact]
    public void A_basis_is_remembered_but_not_every_basis_for_ever()
    {
        var first = OrthonormalPolynomials.For(9_000, 10);
        Assert.Same(first, OrthonormalPolynomials.For(9_000, 10));
        for (var length = 9_001; length < 9_050; length++)
            OrthonormalPolynomials.For(length, 10);
        Assert.NotSame(first, OrthonormalPolynomials.For(9_000, 10));
    }

    [Fact]
    public void A_polynomial_up_to_the_degree_is_taken_out_and_what_is_orthogonal_to_it_stays()
    {
        var pulse = new float[200];
        pulse[100] = 1;
        var polynomial = Enumerable.Range(0, 200).Select(t => t / 100.0 - 1).Select(x => (float)(3 - 2 * x + x * x * x)).ToArray();
        var detrend = new PolynomialDetrend(new PolynomialDetrendOptions { Degree = 3 });
        var ofPulse = detrend.Apply(OneLead(pulse)).Lead(0).ToArray();
        var ofSum = detrend.Apply(OneLead([.. pulse.Zip(polynomial, (a, b) => a + b)])).Lead(0).ToArray();
        Assert.All(ofPulse.Zip(ofSum), p => Assert.Equal(p.First, p.Second, 1e-6));
        Assert.True(ofPulse[100] > 0.97);
    }

    [Fact]
    public void Trend_and_detrended_recording_add_up_to_the_recording()
    {
        var signal = Noise(12, 1000);
        var detrend = new PolynomialDetrend();
        var (trend, rest) = (detrend.Trend(signal), detrend.Apply(signal));
        for (var i = 0; i < signal.Samples.Length; i++)
            Assert.Equal(signal.Samples.Span[i], trend.Samples.Span[i] + rest.Samples.Span[i], 1e-6);
    }

    [Theory]
    [InlineData("max-abs")]
    [InlineData("z-score")]
    [InlineData("robust")]
    [InlineData("min-max")]
    [InlineData("fixed-scale")]
    [InlineData("detrend")]
    public void A_constant_lead_becomes_zeros(string name)
    {
        var transform = Registry.Create(new ComponentSpec(name));
        foreach (var value in new[] { 0f, 0.1f, -3.3f })
        {
            var constant = Enumerable.Repeat(value, 1000).ToArray();
            Assert.All(transform.Apply(OneLead(constant)).Samples.ToArray(), v => Assert.Equal(0, v));
            Assert.All(
                new Preprocessor(new PolynomialDetrend(), transform).Apply(OneLead(constant)).Samples.ToArray(), v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void A_straight_ramp_is_not_blown_up_to_scaled_rounding_errors()
    {
        var ramp = Enumerable.Range(0, 1000).Select(t => 0.1f + 0.001f * t).ToArray();
        var scaled = new Preprocessor(PreprocessingPresets.Paper, Registry).Apply(OneLead(ramp));
        Assert.All(scaled.Samples.ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_lead_without_interquartile_range_is_only_centred()
    {
        float[] samples = [2, 2, 2, 2, 5, 2, 2, 2];
        Assert.Equal([0, 0, 0, 0, 3, 0, 0, 0], new RobustScaler().Apply(OneLead(samples)).Samples.ToArray());
    }

    [Fact]
    public void Fixed_scale_keeps_the_leads_voltages_relative_to_each_other_and_clips()
    {
        float[] samples = [1, 1.5f, 1, 1, 0, 9, 0, 0];
        var signal = new EcgSignal(samples, new SignalLayout(["I", "II"], 4, 100));
        Assert.Equal([0, 1, 0, 0, 0, 8, 0, 0], new FixedScale().Apply(signal).Samples.ToArray());
        var uncentred = new FixedScale(new FixedScaleOptions { Factor = 3, Clip = 4, SubtractMedian = false });
        Assert.Equal([3, 4, 3, 3, 0, 4, 0, 0], uncentred.Apply(signal).Samples.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(16_385)]
    [InlineData(33_000)]
    public void Selection_agrees_with_sorting(int count)
    {
        var random = new EcgRandom(3);
        for (var round = 0; round < 20; round++)
        {
            // Few distinct values in every second round: ties are what selection gets wrong.
            var values = Enumerable.Range(0, count).Select(_ => round % 2 == 0 ? random.Normal() : random.Below(5)).ToArray();
            // A far outlier, beside which all others look alike.
            if (round % 5 == 4 && count > 2)
                values[count / 3] = round % 2 == 0 ? 1e9 : -1e9;
            var sorted = values.Order().ToArray();
            Assert.Equal((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, OrderStatistics.Median(values), 1e-15);
            foreach (var fraction in new[] { 0, 0.25, 0.6, 1 })
            {
                var position = fraction * (count - 1);
                var (low, high) = (sorted[(int)position], sorted[(int)Math.Ceiling(position)]);
                Assert.Equal(low + (high - low) * (position - (int)position), OrderStatistics.Quantile([.. values], fraction), 1e-15);
            }
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void A_sample_that_is_no_number_is_named(float value)
    {
        var samples = new float[2 * 50];
        samples[50 + 7] = value;
        var signal = new EcgSignal(samples, new SignalLayout(["I", "V2"], 50, 100));
        var error = Assert.Throws<PreprocessingException>(() => new Preprocessor(PreprocessingPresets.Recommended, Registry).Apply(signal));
        Assert.Contains("lead V2, sample 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_short_a_recording_is_refused()
    {
        var error = Assert.Throws<PreprocessingException>(() => new PolynomialDetrend().Apply(OneLead(new float[10])));
        Assert.Contains("more than 10 samples", error.Message, StringComparison.Ordinal);
        Assert.Equal(11, new PolynomialDetrend().Apply(OneLead(new float[11])).Length);
    }

    [Fact]
    public void A_wrong_option_is_named_with_its_value_and_what_is_allowed()
    {
        var error = Assert.Throws<PluginException>(() => Registry.Create(new ComponentSpec("detrend", new JsonObject { ["degree"] = 40 })));
        Assert.Contains("'detrend'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Degree is 40", error.Message, StringComparison.Ordinal);
        Assert.Contains("between 0 and 32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_is_what_its_steps_are_one_after_the_other_and_leaves_the_recording_alone()
    {
        var signal = Noise(12, 500);
        var before = signal.Samples.ToArray();
        ISignalTransform[] steps = [new PolynomialDetrend(), new Negation(), new ZScoreScaler(), new MinMaxScaler()];
        var expected = steps.Aggregate(signal, (s, step) => step.Apply(s));
        var actual = new Preprocessor(steps).Apply(signal);
        for (var i = 0; i < actual.Samples.Length; i++)
            Assert.Equal(expected.Samples.Span[i], actual.Samples.Span[i], 1e-6);
        Assert.Equal(before, signal.Samples.ToArray());
        Assert.Same(signal, new Preprocessor().Apply(signal));
    }

    private static EcgSignal OneLead(float[] samples) => new(samples, new SignalLayout(["I"], samples.Length, 100));

    private static EcgSignal Noise(int leads, int length)
    {
        var random = new EcgRandom(1);
        var names = Enumerable.Range(1, leads).Select(i => $"L{i}").ToArray();
        return new EcgSignal([.. Enumerable.Range(0, leads * length).Select(_ => (float)random.Normal())],
            new SignalLayout(names, length, 100));
    }

    private sealed class Negation : ISignalTransform
    {
        public string Name => "negation";

        public EcgSignal Apply(EcgSignal signal) =>
            new([.. signal.Samples.ToArray().Select(v => -v)], signal.Layout);
    }
}
