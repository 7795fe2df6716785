using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Quality;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Quality;

public sealed class BuiltInChecksTests
{
    [Theory]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(500)]
    [InlineData(1000)]
    public void A_clean_recording_has_no_finding_at_any_rate(double samplingRate) =>
        Assert.Empty(Made.Findings(Made.Clean(samplingRate: samplingRate)));

    [Fact]
    public void All_leads_zero_is_unusable_and_nothing_else_is_said()
    {
        var finding = Assert.Single(Made.Findings(Made.Change(Made.Clean(), (_, _, _) => 0)));
        Assert.Equal(("no-signal", FindingSeverity.Unusable), (finding.Code, finding.Severity));
        Assert.Equal(12, finding.Leads.Count);
    }

    [Theory]
    [InlineData(1, FindingSeverity.Warning)]
    [InlineData(4, FindingSeverity.Warning)]
    [InlineData(5, FindingSeverity.Unusable)]
    public void Leads_without_signal_are_named_and_from_five_on_the_recording_is_unusable(int leads, FindingSeverity severity)
    {
        // From V6 down, so that the limb leads stay what they are to each other.
        var finding = Assert.Single(
            Made.Findings(Made.Change(Made.Clean(), (lead, _, v) => lead >= 12 - leads ? 1.25f : v)), f => f.Code == "lead-off");
        Assert.Equal(severity, finding.Severity);
        Assert.Equal(SignalLayout.StandardLeads.Skip(12 - leads), finding.Leads);
    }

    [Fact]
    public void A_stretch_without_change_is_found_where_it_is()
    {
        var held = Made.Clean().Lead("V2")[300];
        var finding =
            Assert.Single(Made.Findings(Made.Change(Made.Clean(), (lead, t, v) => lead == 7 && t is >= 300 and < 600 ? held : v)));
        Assert.Equal(("flat-stretch", FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Equal(["V2"], finding.Leads);
        Assert.Equal(3.0, finding.Stretch!.Value.Start, 2);
        Assert.InRange(finding.Stretch!.Value.Duration, 3.0, 3.02);
    }

    [Fact]
    public void Missing_samples_are_counted_and_the_rest_is_still_judged()
    {
        var finding = Assert.Single(
            Made.Findings(Made.Change(Made.Clean(), (lead, t, v) => lead == 6 && t is >= 100 and < 140 ? float.NaN : v)),
            f => f.Code == "missing-samples");
        Assert.Equal((40.0, "V1"), (finding.Value, Assert.Single(finding.Leads)));
    }

    [Theory]
    [InlineData(1000f, "microvolt (or millivolt declared as volt)")]
    [InlineData(0.001f, "volt")]
    [InlineData(1e6f, "nanovolt")]
    public void A_wrong_unit_is_named(float factor, string unit)
    {
        var finding = Assert.Single(Made.Findings(Made.Change(Made.Clean(), (_, _, v) => v * factor)), f => f.Code == "amplitude-unit");
        Assert.Equal(FindingSeverity.Unusable, finding.Severity);
        Assert.Contains($"probably {unit}, not millivolt", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_offset_is_found()
    {
        var finding = Assert.Single(Made.Findings(Made.Change(Made.Clean(), (lead, _, v) => lead == 8 ? v + 3 : v)));
        Assert.Equal("offset", finding.Code);
        Assert.Equal(3, finding.Value!.Value, 0.1);
    }

    [Fact]
    public void White_noise_is_unusable() =>
        Assert.Contains(Made.Findings(Made.WhiteNoise(0.3)), f => f is { Code: "noise", Severity: FindingSeverity.Unusable });

    [Fact]
    public void Noise_between_the_beats_is_reported_for_the_lead_that_has_it()
    {
        var random = new EcgRandom(5);
        var finding =
            Assert.Single(Made.Findings(Made.Change(Made.Clean(), (lead, _, v) => lead == 9 ? v + 0.05f * (float)random.Normal() : v)));
        Assert.Equal(("noise", FindingSeverity.Warning), (finding.Code, finding.Severity));
        Assert.Equal(["V4"], finding.Leads);
    }

    [Fact]
    public void A_burst_of_noise_is_found_when_it_is()
    {
        var random = new EcgRandom(5);
        var noisy = Made.Change(Made.Clean(), (lead, t, v) => lead == 10 && t is >= 600 and < 730 ? v + 0.06f * (float)random.Normal() : v);
        var finding = Assert.Single(Made.Findings(noisy), f => f.Code == "burst-noise");
        Assert.Equal(["V5"], finding.Leads);
        Assert.InRange(finding.Stretch!.Value.Start, 5.5, 6.5);
    }

    [Fact]
    public void Baseline_wander_is_measured_in_millivolts()
    {
        var wandering = Made.Change(Made.Clean(), (lead, t, v) => lead == 11 ? v + 1.5f * MathF.Sin(2 * MathF.PI * 0.2f * t / 100) : v);
        var finding = Assert.Single(Made.Findings(wandering), f => f.Code == "baseline-wander");
        Assert.Equal(["V6"], finding.Leads);
        // A sine of 0.2 Hz keeps sin(pi 0.2) / (pi 0.2) = 0.935 of its 3 mV in the mean over a second.
        Assert.Equal(2.81, finding.Value!.Value, 0.15);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(60)]
    public void Hum_of_the_mains_is_measured_at_rates_that_can_hold_it(double line)
    {
        EcgSignal Hum(double rate) => Made.Change(
            Made.Clean(samplingRate: rate), (_, t, v) => v + 0.2f * (float)Math.Sin(2 * Math.PI * line * t / rate));
        var finding = Assert.Single(Made.Findings(Hum(500)), f => f.Code == "mains-hum");
        Assert.Equal(0.2, finding.Value!.Value, 0.01);
        Assert.Contains($"{line} Hz", finding.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Made.Findings(Hum(100)), f => f.Code == "mains-hum");
    }

    [Fact]
    public void Clipped_peaks_are_found()
    {
        var finding = Assert.Single(
            Made.Findings(Made.Change(Made.Clean(), (_, _, v) => Math.Clamp(v, -0.4f, 0.4f))), f => f.Code == "clipping");
        Assert.True(finding.Leads.Count >= 2);
    }

    [Theory]
    [InlineData(0, "I")]
    [InlineData(2, "III")]
    [InlineData(3, "aVR")]
    public void A_limb_lead_with_its_sign_changed_is_named(int changed, string name)
    {
        var finding = Assert.Single(
            Made.Findings(Made.Change(Made.Clean(), (lead, _, v) => lead == changed ? -v : v)), f => f.Code == "lead-inverted");
        Assert.Equal([name], finding.Leads);
    }

    [Fact]
    public void Limb_leads_that_contradict_each_other_otherwise_are_reported()
    {
        var v6 = Made.Clean().Lead("V6").ToArray();
        Assert.Contains(Made.Findings(Made.Change(Made.Clean(), (lead, t, v) => lead == 1 ? v6[t] : v)), f => f.Code == "limb-leads");
    }

    [Fact]
    public void A_lead_that_is_another_s_copy_is_found()
    {
        var v3 = Made.Clean().Lead("V3").ToArray();
        var finding = Assert.Single(
            Made.Findings(Made.Change(Made.Clean(), (lead, t, v) => lead == 10 ? v3[t] : v)), f => f.Code == "duplicate-leads");
        Assert.Equal(["V3", "V5"], finding.Leads);
    }

    [Fact]
    public void Beats_that_fit_a_higher_rate_are_found() =>
        Assert.Contains(Made.Findings(Made.Declare(Made.Clean(samplingRate: 250), 100)), f => f.Code == "sampling-rate");

    [Theory]
    [InlineData("13-microvolts-declared-as-millivolts", "amplitude-unit")]
    [InlineData("14-no-signal-at-all", "no-signal")]
    public void Files_that_users_complain_of_are_unusable(string folder, string code)
    {
        var signal = WfdbReader.ReadSignal(Path.Combine(TestData.Shared("cases"), folder, "Q0001"));
        Assert.Contains(Made.Findings(signal), f => f.Code == code && f.Severity == FindingSeverity.Unusable);
    }

    [Fact]
    public void Limits_are_options()
    {
        var registry = BuiltInChecks.Register(new PluginRegistry<IRecordingCheck>("check"));
        var strict = registry.Create(new ComponentSpec("baseline", new JsonObject { ["highest"] = 0.001 }));
        Assert.Empty(registry.Create(new ComponentSpec("baseline")).Check(Made.Clean()));
        Assert.Equal("baseline-wander", Assert.Single(strict.Check(Made.Clean())).Code);
        Assert.Throws<PluginException>(() => registry.Create(new ComponentSpec("baseline", new JsonObject { ["highest"] = -1 })));
    }

    [Fact]
    public void Recordings_of_one_lead_or_a_second_are_judged_without_error()
    {
        var clean = Made.Clean();
        var one = new EcgSignal(clean.Lead("II").ToArray(), new SignalLayout(["II"], clean.Length, 100));
        Assert.Empty(Made.Findings(one));
        foreach (var length in (int[])[1, 2, 15, 17, 100])
            _ = Made.Findings(new EcgSignal(clean.Lead("II")[..length].ToArray(), new SignalLayout(["II"], length, 100)));
    }
}
