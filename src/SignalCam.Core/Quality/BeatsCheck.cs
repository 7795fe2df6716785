using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "beats".</summary>
public sealed class BeatsOptions
{
    /// <summary>How many times as steep as the mean beats have to be; below, there are none. Default 1.8.</summary>
    [Range(1.0, 100.0)]
    public double LowestContrast { get; set; } = 1.8;

    /// <summary>Beats a minute below which the rate is reported. Default 20.</summary>
    [Range(0.0, 1000.0)]
    public double LowestRate { get; set; } = 20;

    /// <summary>Beats a minute above which the rate is reported. Default 300.</summary>
    [Range(0.0, 1000.0)]
    public double HighestRate { get; set; } = 300;

    /// <summary>
    /// Correlation of the beats with their mean, median over the leads, below which it is reported. Default 0.66, the limit of Orphanidou
    /// et al. A warning and no more: extrasystoles differ as much from their neighbours as noise does.
    /// </summary>
    [Range(-1.0, 1.0)]
    public double LowestCorrelation { get; set; } = 0.66;
}

/// <summary>
/// Whether there are beats, at a rate that a heart has, and whether they are alike: the template correlation of Orphanidou et al. (2015,
/// doi 10.1109/JBHI.2014.2338351), whose limits of 0.66 and of the rate it keeps.
/// </summary>
internal sealed class BeatsCheck(BeatsOptions options) : IRecordingCheck
{
    // Of fewer seconds nothing can be said: a pause may be as long.
    private const double ShortestSeconds = 4;

    public string Name => "beats";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        var (findings, beats) = (new FindingList(), analysis.Beats);
        var isSilent = true;
        foreach (ref readonly var lead in analysis.Leads)
            isSilent &= lead.Range <= LeadMeasures.Same;
        // What holds no signal has no beats either, and is reported as such.
        if (isSilent || analysis.Seconds < ShortestSeconds)
            return [];
        if (beats.Contrast < options.LowestContrast || beats.Count < 2)
            findings.Add("no-beats", FindingSeverity.Unusable,
                "No heartbeats stand out from the rest of the signal.", value: beats.Contrast);
        else if (beats.PerMinute < options.LowestRate || beats.PerMinute > options.HighestRate)
            findings.Add(
                "heart-rate", FindingSeverity.Warning, $"A heart rate of {Told.Number(beats.PerMinute)} a minute is not plausible.",
                value: beats.PerMinute);
        else if (beats.Used > 0)
            CompareBeats(analysis, ref findings);
        return findings.All;
    }

    private void CompareBeats(RecordingAnalysis analysis, ref FindingList findings)
    {
        var (low, sum) = (0, 0.0);
        foreach (ref readonly var lead in analysis.Leads)
        {
            low += lead.TemplateCorrelation < options.LowestCorrelation ? 1 : 0;
            sum += lead.TemplateCorrelation / analysis.Leads.Length;
        }
        if (2 * low > analysis.Leads.Length)
            findings.Add(
                "beats-differ", FindingSeverity.Warning,
                "The beats differ much from each other: noise, or an irregular rhythm.", value: sum);
    }
}
