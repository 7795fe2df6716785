using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "no-signal".</summary>
public sealed class SignalPresenceOptions
{
    /// <summary>Seconds without change from which a stretch of a lead is reported. Default 1.</summary>
    [Range(0.05, 3600.0)]
    public double FlatSeconds { get; set; } = 1;

    /// <summary>Share of the leads without signal from which the recording is unusable. Default 0.34: five of twelve.</summary>
    [Range(0.0, 1.0)]
    public double UnusableShare { get; set; } = 0.34;

    /// <summary>Share of the samples of a lead that may be missing before it is reported as a warning. Default 0: none.</summary>
    [Range(0.0, 1.0)]
    public double MissingShare { get; set; }
}

/// <summary>
/// Leads without signal, stretches without change, and missing samples. A lead that does not change, at zero or at the end of the
/// converter's range, has lost its electrode (flat-line and lead-off rules as in Clifford et al. 2012, doi 10.1088/0967-3334/33/9/1419,
/// section 3).
/// </summary>
internal sealed class SignalPresenceCheck(SignalPresenceOptions options) : IRecordingCheck
{
    public string Name => "no-signal";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        var (findings, names, rate) = (new FindingList(), recording.Signal.Leads, recording.Signal.SamplingRate);
        var (silent, missing) = (new LeadList(names), new LeadList(names));
        var lost = 0;
        for (var lead = 0; lead < analysis.Leads.Length; lead++)
        {
            ref readonly var own = ref analysis.Leads[lead];
            if (own.Range <= LeadMeasures.Same)
                silent.Add(lead);
            else if (own.FlatLength / rate >= options.FlatSeconds)
                findings.Add(
                    "flat-stretch", FindingSeverity.Warning,
                    $"Lead {names[lead]} does not change for {Told.Seconds(own.FlatLength / rate)}, from "
                    + $"{Told.Seconds(own.FlatStart / rate)} on.",
                    [names[lead]], own.FlatLength / rate, new EcgStretch(own.FlatStart / rate, own.FlatLength / rate));
            if (own.Missing <= options.MissingShare * recording.Signal.Length)
                continue;
            missing.Add(lead);
            lost = Math.Max(lost, own.Missing);
        }
        if (silent.Count == names.Count)
            findings.Add("no-signal", FindingSeverity.Unusable,
                "No lead holds a signal: nothing was recorded.", silent.Names, silent.Count);
        else if (silent.Count > 0)
            findings.Add(
                "lead-off", silent.Count >= options.UnusableShare * names.Count ? FindingSeverity.Unusable : FindingSeverity.Warning,
                $"{silent.Subject()} {silent.Verb("holds", "hold")} no signal: the electrode may be off.", silent.Names, silent.Count);
        if (missing.Count > 0)
            findings.Add(
                "missing-samples", FindingSeverity.Warning,
                $"{missing.Subject()} {missing.Verb("lacks", "lack")} samples: up to {lost} of {recording.Signal.Length}.",
                missing.Names, lost);
        return findings.All;
    }
}
