using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;

namespace SignalCam.Core.Explanation;

/// <summary>Where the planted signs of a class are, in time and in lead x time: the ground truth that a map is held against.</summary>
/// <param name="Time">One per sample: whether a finding is there in any lead.</param>
/// <param name="LeadTime">(lead, time): whether a finding is there in a lead by which it is diagnosed.</param>
internal sealed record TruthMask(bool[] Time, bool[] LeadTime)
{
    /// <summary>
    /// The same with each mark made longer in time on both sides, in its own lead: a tolerance for <see cref="MapMeasures.PointingGame"/>.
    /// </summary>
    /// <param name="samples">How many samples longer on each side.</param>
    public TruthMask Widened(int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        return new TruthMask(Widened(Time, Time.Length, samples), Widened(LeadTime, Time.Length, samples));
    }

    /// <summary>Marks the findings of a class.</summary>
    /// <param name="findings">What was planted in the recording.</param>
    /// <param name="className">
    /// A diagnostic class (MI) or a statement (IMI), whose findings count alone; NORM, which no finding is a sign of; any other name, such
    /// as "abnormal", takes all of them.
    /// </param>
    /// <param name="layout">The recording's shape.</param>
    public static TruthMask Of(IReadOnlyList<SyntheticFinding> findings, string className, SignalLayout layout)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(className);
        ArgumentNullException.ThrowIfNull(layout);
        var (time, leadTime) = (new bool[layout.Length], new bool[layout.LeadCount * layout.Length]);
        foreach (var finding in findings.Where(f => IsOf(f, className)))
        {
            foreach (var interval in finding.Intervals)
            {
                var range = interval.Samples(layout.SamplingRate, layout.Length);
                time.AsSpan(range).Fill(true);
                for (var lead = 0; lead < layout.LeadCount; lead++)
                    if (finding.Leads.Contains(layout.Leads[lead], StringComparer.OrdinalIgnoreCase))
                        leadTime.AsSpan(lead * layout.Length, layout.Length)[range].Fill(true);
            }
        }
        return new TruthMask(time, leadTime);
    }

    private static bool IsOf(SyntheticFinding finding, string className)
    {
        var isName = s_names.Contains(className);
        return (!isName && className != "NORM") || finding.Class == className || finding.Statement == className;
    }

    private static bool[] Widened(bool[] mask, int length, int samples)
    {
        var wide = new bool[mask.Length];
        for (var i = 0; i < mask.Length; i++)
            if (mask[i])
            {
                var row = i / length * length;
                var (first, last) = (Math.Max(row, i - samples), Math.Min(row + length - 1, i + samples));
                wide.AsSpan(first, last - first + 1).Fill(true);
            }
        return wide;
    }

    private static readonly HashSet<string> s_names = [.. Pathology.All.SelectMany(p => new[] { p.Class, p.Statement })];
}
