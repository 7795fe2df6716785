using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "noise".</summary>
public sealed class NoiseOptions
{
    /// <summary>Noise of a lead between the beats, in mV, from which it is reported. Default 0.02.</summary>
    [Range(0.0, 10.0)]
    public double Highest { get; set; } = 0.02;

    /// <summary>
    /// Noise as a share of the lead's standard deviation, median over the leads, from which the recording is unusable. Default 0.5.
    /// </summary>
    [Range(0.0, 10.0)]
    public double UnusableShare { get; set; } = 0.5;
}

/// <summary>
/// Broadband noise: the mean size of the second difference between the beats, which is what lies above a quarter of the working rate of 100
/// to 200 Hz. After the relative power in high bands of Clifford et al. (2012, doi 10.1088/0967-3334/33/9/1419) and Li et al. (2008,
/// doi 10.1088/0967-3334/29/1/002), computed where no QRS complex takes part.
/// </summary>
internal sealed class NoiseCheck(NoiseOptions options) : IRecordingCheck
{
    public string Name => "noise";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        var (findings, leads) = (new FindingList(), new LeadList(recording.Signal.Leads));
        var (above, highest, shares) = (0, 0.0, 0.0);
        for (var lead = 0; lead < analysis.Leads.Length; lead++)
        {
            ref readonly var own = ref analysis.Leads[lead];
            above += own.Noise > options.UnusableShare * own.Deviation ? 1 : 0;
            highest = Math.Max(highest, own.Noise);
            shares = own.Deviation > 0 ? Math.Max(shares, own.Noise / own.Deviation) : shares;
            if (own.Noise >= options.Highest)
                leads.Add(lead);
        }
        if (2 * above > analysis.Leads.Length)
            findings.Add(
                "noise", FindingSeverity.Unusable, "Most leads hold noise and little else.", recording.Signal.Leads, shares);
        else if (leads.Count > 0)
            findings.Add(
                "noise", FindingSeverity.Warning,
                $"{leads.Subject()} {leads.Verb("is", "are")} noisy: {Told.Number(1000 * highest)} microvolt between the beats.",
                leads.Names, highest);
        return findings.All;
    }
}

/// <summary>Options of the check "burst-noise".</summary>
public sealed class BurstNoiseOptions
{
    /// <summary>
    /// How many times the noise of the quietest second of a lead the noisiest exceeds it, from which it is reported. Default 3.
    /// </summary>
    [Range(0.0, 1000.0)]
    public double Highest { get; set; } = 3;
}

/// <summary>
/// Noise that comes and goes: the noisiest second of a lead against the quietest, above about 10 Hz, once the mean beat is taken off. What
/// is left after the mean beat is what Moody and Mark's noise measure looks at (the residual of the Karhunen-Loeve transform of beats,
/// Computers in Cardiology 1989).
/// </summary>
internal sealed class BurstNoiseCheck(BurstNoiseOptions options) : IRecordingCheck
{
    public string Name => "burst-noise";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        var leads = new LeadList(recording.Signal.Leads);
        var (highest, start) = (0.0, 0);
        for (var lead = 0; lead < analysis.Leads.Length; lead++)
        {
            ref readonly var own = ref analysis.Leads[lead];
            if (own.Burst < options.Highest)
                continue;
            leads.Add(lead);
            if (own.Burst > highest)
                (highest, start) = (own.Burst, own.BurstStart);
        }
        if (leads.Count == 0)
            return [];
        var findings = new FindingList();
        var stretch = new EcgStretch(
            start / analysis.Rate, Math.Min(ResidualNoise.WindowSeconds, analysis.Seconds - start / analysis.Rate));
        findings.Add(
            "burst-noise", FindingSeverity.Warning,
            $"{leads.Subject()} {leads.Verb("has", "have")} a burst of noise, from {Told.Seconds(stretch.Start)} on.",
            leads.Names, highest, stretch);
        return findings.All;
    }
}

/// <summary>Options of the check "baseline".</summary>
public sealed class BaselineOptions
{
    /// <summary>Peak to peak of the mean over a second, in mV, from which a lead is reported. Default 1.5.</summary>
    [Range(0.0, 1000.0)]
    public double Highest { get; set; } = 1.5;
}

/// <summary>
/// Baseline wander: peak to peak of the mean over a second, which is what lies below about 0.5 Hz (basSQI of Li et al. 2008, in mV).
/// </summary>
internal sealed class BaselineCheck(BaselineOptions options) : IRecordingCheck
{
    public string Name => "baseline";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        var leads = new LeadList(recording.Signal.Leads);
        var highest = 0.0;
        for (var lead = 0; lead < analysis.Leads.Length; lead++)
            if (analysis.Leads[lead].Wander is var wander && wander >= options.Highest)
            {
                leads.Add(lead);
                highest = Math.Max(highest, wander);
            }
        if (leads.Count == 0)
            return [];
        var findings = new FindingList();
        findings.Add(
            "baseline-wander", FindingSeverity.Warning,
            $"The baseline of {leads.Object()} wanders by {Told.Millivolt(highest)}.", leads.Names, highest);
        return findings.All;
    }
}
