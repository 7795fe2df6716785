using SignalCam.Abstractions;
using SignalCam.Core.Signals;

namespace SignalCam.Core.Tests.Signals;

public class SignalAdapterTests
{
    [Theory]
    [InlineData(5, LengthPolicy.Exact, new float[] { 1, 2, 3, 4, 5 })]
    [InlineData(4, LengthPolicy.Exact, new float[] { 1, 2, 3, 4 })]
    [InlineData(6, LengthPolicy.Exact, new float[] { 1, 2, 3, 4, 5, 5 })]
    [InlineData(3, LengthPolicy.Crop, new float[] { 2, 3, 4 })]
    [InlineData(2, LengthPolicy.Crop, new float[] { 2, 3 })]
    [InlineData(4, LengthPolicy.Crop, new float[] { 1, 2, 3, 4 })]
    [InlineData(8, LengthPolicy.Pad, new float[] { 1, 2, 3, 4, 5, 0, 0, 0 })]
    [InlineData(6, LengthPolicy.Pad, new float[] { 1, 2, 3, 4, 5, 5 })]
    [InlineData(1, LengthPolicy.Crop | LengthPolicy.Pad, new float[] { 3 })]
    [InlineData(7, LengthPolicy.Crop | LengthPolicy.Pad, new float[] { 1, 2, 3, 4, 5, 0, 0 })]
    public void A_recording_is_fitted_as_the_policy_says(int length, LengthPolicy policy, float[] expected)
    {
        var fitted = SignalLength.Fit(Recording(["I", "II"], 5, 100), length, policy);
        Assert.Equal(expected, fitted.Lead(0).ToArray());
        Assert.Equal(expected.Select(x => x == 0 ? 0 : x + 100), fitted.Lead(1).ToArray());
        Assert.Equal(100, fitted.SamplingRate);
    }

    [Theory]
    [InlineData(3, LengthPolicy.Exact, "the recording has 5 samples per lead at 100 Hz, 3 are wanted; LengthPolicy.Crop allows to cut it")]
    [InlineData(3, LengthPolicy.Pad, "the recording has 5 samples per lead at 100 Hz, 3 are wanted; LengthPolicy.Crop allows to cut it")]
    [InlineData(7, LengthPolicy.Exact,
        "the recording has 5 samples per lead at 100 Hz, 7 are wanted; LengthPolicy.Pad allows to fill it up with zeros")]
    [InlineData(7, LengthPolicy.Crop,
        "the recording has 5 samples per lead at 100 Hz, 7 are wanted; LengthPolicy.Pad allows to fill it up with zeros")]
    public void A_recording_that_the_policy_does_not_fit_is_refused(int length, LengthPolicy policy, string message)
    {
        var error = Assert.Throws<SignalMismatchException>(() => SignalLength.Fit(Recording(["I", "II"], 5, 100), length, policy));
        Assert.Equal(message, error.Message);
        Assert.Empty(error.MissingLeads);
    }

    [Fact]
    public void A_wanted_length_is_at_least_one() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SignalLength.Fit(Recording(["I"], 5, 100), 0, LengthPolicy.Crop));

    [Fact]
    public void The_wanted_layout_gives_the_same_instance()
    {
        var recording = Recording(["I", "AVR"], 5, 100);
        Assert.Same(recording, new SignalAdapter(new SignalLayout(["I", "aVR"], 5, 100)).Adapt(recording));
        Assert.Same(recording, SignalLength.Fit(recording, 5));
    }

    [Fact]
    public void Leads_then_rate_then_length_are_adapted()
    {
        var wanted = new SignalLayout(SignalLayout.StandardLeads.Take(6).ToArray(), 1000, 100);
        var recording = new EcgSignal(
            [.. Enumerable.Repeat(0.5f, 6000), .. Enumerable.Repeat(2f, 6000)], new SignalLayout(["ECG I", "ECG II"], 6000, 500));
        var error = Assert.Throws<SignalMismatchException>(() => new SignalAdapter(wanted).Adapt(recording));
        Assert.Equal(
            "the recording has 1200 samples per lead at 100 Hz, 1000 are wanted; LengthPolicy.Crop allows to cut it", error.Message);

        var adapted = new SignalAdapter(wanted, LengthPolicy.Crop).Adapt(recording);
        Assert.Equal(wanted, adapted.Layout);
        Assert.All([("I", 0.5), ("II", 2), ("III", 1.5), ("aVR", -1.25), ("aVL", -0.5), ("aVF", 1.75)],
            ((string Lead, double Value) expected) =>
                Assert.All(adapted.Lead(expected.Lead).ToArray(), sample => Assert.Equal(expected.Value, sample, 1e-6)));
    }

    [Theory]
    [InlineData(249.89, 2499)]
    [InlineData(257, 2568)]
    [InlineData(257, 2572)]
    [InlineData(360, 3601)]
    public void Ten_seconds_at_any_rate_are_a_thousand_samples_at_100_Hz(double rate, int length)
    {
        var wanted = new SignalLayout(["I"], 1000, 100);
        Assert.Equal(wanted, new SignalAdapter(wanted).Adapt(Recording(["I"], length, rate)).Layout);
    }

    /// <summary>Samples 1, 2, 3 ... in the first lead, 100 more in each further lead.</summary>
    [Fact]
    public void Missing_samples_are_named_as_they_are_stored()
    {
        var samples = Enumerable.Range(0, 10_000).Select(i => MathF.Sin(i / 50f)).ToArray();
        samples[5000 + 2500] = float.NaN;
        samples[5000 + 3000] = samples[5000 + 3001] = float.NaN;
        var stored = new EcgSignal(samples, new SignalLayout(["I", "V3"], 5000, 500));

        var resampled =
            Assert.Throws<SignalMismatchException>(() => new SignalAdapter(new SignalLayout(["I", "V3"], 1000, 100)).Adapt(stored));
        var cut = Assert.Throws<SignalMismatchException>(
            () => new SignalAdapter(new SignalLayout(["V3"], 1000, 500), LengthPolicy.Crop).Adapt(stored));

        Assert.Contains("lead V3, sample 2500 (at 5 s); lead V3, samples 3000 to 3001 (at 6 s)",
            resampled.Message, StringComparison.Ordinal);
        Assert.Contains("lead V3, sample 2500 (at 5 s)", cut.Message, StringComparison.Ordinal);
        // Gaps outside of the stretch do not matter, and a recording that is not changed goes on to transforms, which may fill them.
        Assert.Equal(500, new SignalAdapter(new SignalLayout(["I"], 500, 500), LengthPolicy.Crop).Adapt(stored).Length);
        Assert.Same(stored, new SignalAdapter(stored.Layout).Adapt(stored));
    }

    private static EcgSignal Recording(string[] leads, int length, double rate) =>
        new([.. leads.SelectMany((_, lead) => Enumerable.Range(1, length).Select(t => (float)(t + (100 * lead))))],
            new SignalLayout(leads, length, rate));
}
