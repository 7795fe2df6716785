using SignalCam.Abstractions;

namespace SignalCam.Core.Quality;

/// <summary>Leads that hold the same samples: a copy in place of a lead that was not recorded.</summary>
internal sealed class DuplicateLeadsCheck : IRecordingCheck
{
    public string Name => "duplicate-leads";

    public IReadOnlyList<EcgFinding> Check(EcgRecording recording)
    {
        var (analysis, signal) = (RecordingAnalysis.Of(recording), recording.Signal);
        var findings = new FindingList();
        for (var i = 0; i < analysis.Leads.Length; i++)
        {
            ref readonly var first = ref analysis.Leads[i];
            if (first.Range <= LeadMeasures.Same)
                continue;
            for (var j = i + 1; j < analysis.Leads.Length; j++)
            {
                ref readonly var second = ref analysis.Leads[j];
                if (Math.Abs(first.Max - second.Max) > LeadMeasures.Same || Math.Abs(first.Min - second.Min) > LeadMeasures.Same
                    || !AreSame(signal.Lead(i), signal.Lead(j)))
                    continue;
                findings.Add(
                    "duplicate-leads", FindingSeverity.Warning, $"Leads {signal.Leads[i]} and {signal.Leads[j]} hold the same samples.",
                    [signal.Leads[i], signal.Leads[j]]);
            }
        }
        return findings.All;
    }

    private static bool AreSame(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        for (var t = 0; t < first.Length; t++)
            if (MathF.Abs(first[t] - second[t]) > LeadMeasures.Same)
                return false;
        return true;
    }
}
