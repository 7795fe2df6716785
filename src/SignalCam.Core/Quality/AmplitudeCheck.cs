using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "amplitude".</summary>
public sealed class AmplitudeOptions
{
    /// <summary>Peak to peak of a lead, in mV, above which it is reported. Default 15.</summary>
    [Range(1.0, 1000.0)]
    public double HighestLead { get; set; } = 15;

    /// <summary>
    /// Median over the leads of their peak to peak, in mV, above which the unit cannot be right and the recording is unusable. Default 20.
    /// </summary>
    [Range(1.0, 1000.0)]
    public double HighestMedian { get; set; } = 20;

    /// <summary>
    /// Peak to peak of the largest lead, in mV, below which the unit cannot be right and the recording is unusable. Default 0.1.
    /// </summary>
    [Range(0.0, 1.0)]
    public double LowestLead { get; set; } = 0.1;

    /// <summary>Size of a lead's mean, in mV, above which it is reported. Default 2.</summary>
    [Range(0.0, 1000.0)]
    public double HighestOffset { get; set; } = 2;
}

/// <summary>
/// Voltages that no surface ECG has, with the unit that they are likely to be in, and offsets. A QRS complex reaches 0.5 to 5 mV; electrode
/// offsets of up to 300 mV are to be removed by the recorder (IEC 60601-2-25).
/// </summary>
internal sealed class AmplitudeCheck(AmplitudeOptions options) : IRecordingCheck
{
    // Where the median of clean recordings lies: a unit is named by how far the found one is from it.
    private const double Usual = 1.2;

    public string Name => "amplitude";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        var (findings, names) = (new FindingList(), recording.Signal.Leads);
        var (high, offset) = (new LeadList(names), new LeadList(names));
        var (largest, above, largestOffset) = (0.0, 0, 0.0);
        foreach (ref readonly var lead in analysis.Leads)
        {
            largest = Math.Max(largest, lead.Range);
            above += lead.Range > options.HighestMedian ? 1 : 0;
        }
        if (2 * above > names.Count)
            findings.Add(
                "amplitude-unit", FindingSeverity.Unusable,
                $"No ECG has peaks of {Told.Millivolt(largest)}: the unit is probably {UnitOf(largest)}, not millivolt.", value: largest);
        else if (largest < options.LowestLead && largest > LeadMeasures.Same)
            findings.Add(
                "amplitude-unit", FindingSeverity.Unusable,
                $"No lead exceeds {largest * 1000:0.#} microvolt peak to peak: the unit is probably {UnitOf(largest)}, not millivolt.",
                value: largest);
        for (var lead = 0; lead < names.Count && 2 * above <= names.Count; lead++)
        {
            ref readonly var own = ref analysis.Leads[lead];
            if (own.Range > options.HighestLead)
                high.Add(lead);
            if (Math.Abs(own.Mean) <= options.HighestOffset)
                continue;
            offset.Add(lead);
            largestOffset = Math.Max(largestOffset, Math.Abs(own.Mean));
        }
        if (high.Count > 0)
            findings.Add(
                "amplitude", FindingSeverity.Warning,
                $"{high.Subject()} {high.Verb("reaches", "reach")} {Told.Millivolt(largest)} peak to peak, more than an ECG does.",
                high.Names, largest);
        if (offset.Count > 0)
            findings.Add(
                "offset", FindingSeverity.Warning,
                $"{offset.Subject()} {offset.Verb("lies", "lie")} {Told.Millivolt(largestOffset)} off zero.", offset.Names, largestOffset);
        return findings.All;
    }

    private static string UnitOf(double largest) => (largest / Usual) switch
    {
        > 3e5 => "nanovolt",
        > 300 => "microvolt (or millivolt declared as volt)",
        > 1 => "a step of the converter",
        > 1e-4 => "volt",
        _ => "another unit",
    };
}
