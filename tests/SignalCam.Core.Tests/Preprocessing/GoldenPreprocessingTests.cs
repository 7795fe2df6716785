using SignalCam.Abstractions;
using SignalCam.Core.Preprocessing;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Preprocessing;

public class GoldenPreprocessingTests
{
    private static readonly PluginRegistry<ISignalTransform> Registry =
        BuiltInTransforms.Register(new PluginRegistry<ISignalTransform>("transform"));
    private static readonly SignalLayout Layout = new(SignalLayout.StandardLeads, GoldenFile.Length, 100);

    /// <summary>
    /// In double precision from end to end, so that what is compared is the arithmetic. The reference solves a less well-conditioned
    /// system.
    /// </summary>
    [SkippableTheory]
    [InlineData("max-abs", "scaled_maxabs")]
    [InlineData("z-score", "scaled_zscore")]
    [InlineData("robust", "scaled_robust")]
    [InlineData("min-max", "scaled_minmax")]
    public void The_arithmetic_of_detrending_and_scaling_equals_the_reference_within_1e_7(string scaler, string tensor)
    {
        var golden = new GoldenFile(TestData.Shared("golden/preprocess.safetensors"));
        ILeadTransform[] steps = [new PolynomialDetrend(), (ILeadTransform)Registry.Create(new ComponentSpec(scaler))];
        for (var record = 0; record < GoldenFile.Records; record++)
            for (var lead = 0; lead < GoldenFile.Leads; lead++)
            {
                var actual = golden.Lead("raw_mV", record, lead);
                foreach (var step in steps)
                    step.Apply(actual, actual.Length, samplingRate: 100);
                AssertNear(golden.Lead(tensor, record, lead), actual, 1e-7, $"record {record}, lead {lead}");
            }
    }

    [SkippableTheory]
    [InlineData("max-abs", "scaled_maxabs", 1e-6)]
    [InlineData("min-max", "scaled_minmax", 1e-6)]
    // These two are not bounded by 1, and divide by as little as 0.02 mV: that makes more of the rounding of the input to floats.
    [InlineData("z-score", "scaled_zscore", 3e-6)]
    [InlineData("robust", "scaled_robust", 3e-5)]
    public void A_recording_stored_in_single_precision_is_scaled_as_the_reference_scales_it(
        string scaler, string tensor, double tolerance) =>
            AssertEqualsReference(new Preprocessor([new("detrend"), new(scaler)], Registry).Apply, tensor, tolerance);

    [SkippableFact]
    public void The_paper_preset_equals_the_reference_within_1e_6() =>
        AssertEqualsReference(new Preprocessor(PreprocessingPresets.Paper, Registry).Apply, "scaled_maxabs", 1e-6);

    [SkippableFact]
    public void The_trend_equals_the_reference_within_1e_6() => AssertEqualsReference(new PolynomialDetrend().Trend, "trend", 1e-6);

    [SkippableFact]
    public void The_detrended_recording_equals_the_reference_within_1e_6() =>
        AssertEqualsReference(new PolynomialDetrend().Apply, "detrended", 1e-6);

    private static void AssertEqualsReference(Func<EcgSignal, EcgSignal> transform, string tensor, double tolerance)
    {
        var golden = new GoldenFile(TestData.Shared("golden/preprocess.safetensors"));
        for (var record = 0; record < GoldenFile.Records; record++)
        {
            var actual = transform(new EcgSignal(golden.Recording("raw_mV", record), Layout));
            for (var lead = 0; lead < GoldenFile.Leads; lead++)
                AssertNear(golden.Lead(tensor, record, lead), [.. actual.Lead(lead).ToArray().Select(v => (double)v)], tolerance,
                    $"record {record}, lead {lead}");
        }
    }

    private static void AssertNear(double[] expected, double[] actual, double tolerance, string where)
    {
        var error = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(error <= tolerance, $"{where}: off by {error:g3}, allowed {tolerance:g3}");
    }
}
