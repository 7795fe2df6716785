using SignalCam.Abstractions;
using SignalCam.Core.Quality;

namespace SignalCam.Core.Tests.Quality;

public sealed class RecordingAnalysisTests
{
    [Fact]
    public void Statistics_of_a_lead_are_those_that_a_plain_loop_gives()
    {
        var signal = Made.Clean();
        var analysis = RecordingAnalysis.Of(signal);
        for (var lead = 0; lead < 12; lead++)
        {
            var values = signal.Lead(lead).ToArray().Select(v => (double)v).ToArray();
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            ref readonly var own = ref analysis.Leads[lead];
            Assert.Equal(values.Min(), own.Min, 1e-6);
            Assert.Equal(values.Max(), own.Max, 1e-6);
            Assert.Equal(mean, own.Mean, 1e-5);
            Assert.Equal(deviation, own.Deviation, 1e-5);
            Assert.Equal(values.Count(v => v >= values.Max() - 5e-5), own.AtMax);
            Assert.Equal(values.Count(v => v <= values.Min() + 5e-5), own.AtMin);
            Assert.Equal(values.Average(v => Math.Pow(v - mean, 4)) / Math.Pow(deviation, 4), own.Kurtosis, 0.01);
        }
    }

    [Fact]
    public void An_offset_takes_nothing_from_the_deviation()
    {
        var (plain, far) = (Made.Clean(), Made.Change(Made.Clean(), (_, _, v) => v + 250));
        var expected = RecordingAnalysis.Of(plain).Leads[1].Deviation;
        Assert.Equal(expected, RecordingAnalysis.Of(far).Leads[1].Deviation, 1e-4);
    }

    [Fact]
    public void White_noise_has_the_kurtosis_of_a_normal_distribution_and_its_mean_second_difference()
    {
        ref readonly var lead = ref RecordingAnalysis.Of(Made.WhiteNoise(0.3)).Leads[0];
        Assert.Equal(3, lead.Kurtosis, 0.4);
        // The second difference x - (before + after) / 2 has the variance 1.5; the mean size of a normal value is sqrt(2 / pi).
        Assert.Equal(0.3 * Math.Sqrt(1.5) * Math.Sqrt(2 / Math.PI), lead.Noise, 0.03);
    }

    [Theory]
    [InlineData(40, 100)]
    [InlineData(70, 100)]
    [InlineData(70, 500)]
    [InlineData(150, 250)]
    public void Beats_are_counted_at_any_rate(double perMinute, double samplingRate)
    {
        var beats = RecordingAnalysis.Of(Made.Clean(samplingRate: samplingRate, heartRate: perMinute)).Beats;
        Assert.Equal(perMinute, beats.PerMinute, perMinute * 0.06);
        Assert.InRange(beats.Width, 0.03, 0.1);
    }

    [Fact]
    public void Beats_that_are_alike_correlate_and_noise_does_not()
    {
        Assert.InRange(RecordingAnalysis.Of(Made.Clean()).Leads[1].TemplateCorrelation, 0.95, 1);
        Assert.InRange(RecordingAnalysis.Of(Made.WhiteNoise(0.3)).Leads[1].TemplateCorrelation, -0.5, 0.5);
    }

    [Fact]
    public void One_analysis_serves_all_checks_of_a_recording_and_no_other()
    {
        var (first, second) = (Made.Clean(), Made.Clean(heartRate: 90));
        var analysis = RecordingAnalysis.Of(first);
        var noise = analysis.Leads[0].Noise;
        Assert.Same(analysis, RecordingAnalysis.Of(first));
        Assert.Same(first, analysis.Signal);
        Assert.Same(second, RecordingAnalysis.Of(second).Signal);
        Assert.Equal(noise, RecordingAnalysis.Of(first).Leads[0].Noise);
    }

    [Fact]
    public void Checking_recordings_without_findings_allocates_nothing_once_the_arrays_are_there()
    {
        EcgRecording[] recordings = [Made.Clean(), Made.Clean(seed: 4), Made.Clean(samplingRate: 500)];
        foreach (var recording in recordings.Concat(recordings))
            foreach (var check in BuiltInChecks.All)
                Assert.Empty(check.Check(recording));
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var recording in recordings)
            for (var i = 0; i < BuiltInChecks.All.Count; i++)
                _ = BuiltInChecks.All[i].Check(recording);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
