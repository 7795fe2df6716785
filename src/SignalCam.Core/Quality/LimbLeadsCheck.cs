using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Options of the check "limb-leads".</summary>
public sealed class LimbLeadsOptions
{
    /// <summary>Root mean square of a contradiction, in mV, up to which it is rounding. Default 0.02.</summary>
    [Range(0.0, 10.0)]
    public double Tolerance { get; set; } = 0.02;

    /// <summary>The same as a share of that of the limb leads. Default 0.1.</summary>
    [Range(0.0, 10.0)]
    public double ToleranceShare { get; set; } = 0.1;
}

/// <summary>
/// Limb leads that contradict each other. By Einthoven's law III = II - I, by Goldberger's definitions aVR = -(I + II) / 2, aVL = I - II /
/// 2 and aVF = II - I / 2, whatever the heart does: all six are differences of three electrodes.
/// </summary>
internal sealed class LimbLeadsCheck(LimbLeadsOptions options) : IRecordingCheck
{
    private const int Count = 6;

    public string Name => "limb-leads";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var analysis = RecordingAnalysis.Of(recording);
        if (!analysis.Places.HasLimbLeads)
            return [];
        Span<float> moments = stackalloc float[Count * Count];
        LeadMoments.Of(analysis, moments);
        var size = 0.0;
        for (var lead = 0; lead < Count; lead++)
            size = Math.Max(size, Math.Sqrt(moments[lead * Count + lead]));
        Span<int> signs = [1, 1, 1, 1, 1, 1];
        var limit = Math.Max(options.Tolerance, options.ToleranceShare * size);
        var contradiction = Contradiction(moments, signs);
        if (contradiction <= limit)
            return [];
        var findings = new FindingList();
        var inverted = FindInverted(moments, signs, limit);
        if (inverted is { } lead1)
            findings.Add(
                "lead-inverted", FindingSeverity.Warning,
                $"Lead {SignalLayout.StandardLeads[lead1]} contradicts the other limb leads, and fits them with its sign changed.",
                [SignalLayout.StandardLeads[lead1]], contradiction);
        else
            findings.Add(
                "limb-leads", FindingSeverity.Warning,
                $"The limb leads contradict each other by {Told.Millivolt(contradiction)}: III is not II less I, or aVR, aVL and aVF do "
                + $"not follow from them.",
                [.. SignalLayout.StandardLeads.Take(Count)], contradiction);
        return findings.All;
    }

    /// <summary>The limb lead with whose sign changed all fit; null where there is none, or more than one.</summary>
    private static int? FindInverted(ReadOnlySpan<float> moments, Span<int> signs, double limit)
    {
        int? found = null;
        for (var lead = 0; lead < Count; lead++)
        {
            signs[lead] = -1;
            var fits = Contradiction(moments, signs) <= limit;
            signs[lead] = 1;
            if (!fits)
                continue;
            if (found is not null)
                return null;
            found = lead;
        }
        return found;
    }

    /// <summary>The largest root mean square of the four laws' residuals.</summary>
    private static double Contradiction(ReadOnlySpan<float> moments, ReadOnlySpan<int> signs)
    {
        ReadOnlySpan<float> laws =
        [
            -1, 1, -1, 0, 0, 0,
            0.5f, 0.5f, 0, 1, 0, 0,
            -1, 0.5f, 0, 0, 1, 0,
            0.5f, -1, 0, 0, 0, 1,
        ];
        var largest = 0.0;
        for (var law = 0; law < laws.Length; law += Count)
        {
            var square = 0.0;
            for (var i = 0; i < Count; i++)
                for (var j = 0; j < Count; j++)
                    square += (double)laws[law + i] * laws[law + j] * signs[i] * signs[j] * moments[i * Count + j];
            largest = Math.Max(largest, Math.Sqrt(Math.Max(0, square)));
        }
        return largest;
    }
}
