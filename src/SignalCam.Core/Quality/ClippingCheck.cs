using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "clipping".</summary>
public sealed class ClippingOptions
{
    /// <summary>
    /// Samples per ten seconds at a lead's highest or lowest value from which it is clipped where another lead is too. Default 8.
    /// </summary>
    [Range(2, 100000)]
    public int SamplesOfTwo { get; set; } = 8;

    /// <summary>The same from which a single lead is clipped. Default 20.</summary>
    [Range(2, 100000)]
    public int SamplesOfOne { get; set; } = 20;
}

/// <summary>
/// Peaks that are cut off: many samples at the very highest or lowest value of a lead, which an unclipped signal reaches once or twice
/// (saturation as in Clifford et al. 2012, doi 10.1088/0967-3334/33/9/1419).
/// </summary>
internal sealed class ClippingCheck(ClippingOptions options) : IRecordingCheck
{
    public string Name => "clipping";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        // Rates above the working one repeat the top of every peak that the converter rounds.
        var scale = Math.Max(1, analysis.Seconds / 10) * Math.Max(1, recording.Signal.SamplingRate / 200);
        var (two, one, most) = (0, false, 0);
        foreach (ref readonly var lead in analysis.Leads)
        {
            var count = Clipped(lead);
            most = Math.Max(most, count);
            two += count >= scale * options.SamplesOfTwo ? 1 : 0;
            one |= count >= scale * options.SamplesOfOne;
        }
        if (two < 2 && !one)
            return [];
        var leads = new LeadList(recording.Signal.Leads);
        for (var lead = 0; lead < analysis.Leads.Length; lead++)
            if (Clipped(analysis.Leads[lead]) >= scale * (two >= 2 ? options.SamplesOfTwo : options.SamplesOfOne))
                leads.Add(lead);
        var findings = new FindingList();
        findings.Add(
            "clipping", FindingSeverity.Warning,
            $"{leads.Subject()} {leads.Verb("is", "are")} clipped: {most} samples lie at the same extreme value.", leads.Names, most);
        return findings.All;
    }

    /// <summary>Samples at the more frequent extreme; those of a stretch without change are no peak's.</summary>
    private static int Clipped(in LeadStatistics lead) =>
        lead.Range <= LeadMeasures.Same ? 0 : Math.Max(lead.AtMin, lead.AtMax) - lead.FlatLength;
}
