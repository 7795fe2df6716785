using SignalCam.Abstractions;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Signals;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Quality;

/// <summary>What holds of real recordings; docs/quality.md has the figures of all.</summary>
public sealed class RealRecordingsTests
{
    private const int Count = 200;

    [SkippableFact]
    public void Recordings_without_a_remark_are_believed_but_for_a_few()
    {
        var clean = Clean();
        var findings = clean.Select(s => Made.Findings(s)).ToArray();
        Assert.Equal(0, findings.Count(f => f.Any(x => x.Severity == FindingSeverity.Unusable)));
        Assert.InRange(findings.Count(f => f.Any(x => x.Severity == FindingSeverity.Warning)), 0, Count / 5);
        Assert.InRange(findings.Count(f => f.Any(x => x.Code.StartsWith("electrodes", StringComparison.Ordinal))), 0, 6);
    }

    [SkippableFact]
    public void Interchanged_arms_are_found_in_most()
    {
        var found = Clean().Count(s =>
        {
            var (one, two) = (s.Lead("I").ToArray(), s.Lead("II").ToArray());
            var swapped = Made.Change(s, (lead, t, v) => lead switch
            {
                0 => -one[t], 1 => two[t] - one[t], 2 => two[t], 3 => one[t] - two[t] / 2, 4 =>
                    -(one[t] + two[t]) / 2, 5 => two[t] - one[t] / 2, _ => v,
            });
            return Made.Findings(swapped).Any(f => f.Code == "electrodes-arms");
        });
        Assert.InRange(found, (int)(0.85 * Count), Count);
    }

    [SkippableFact]
    public void A_rate_declared_too_low_is_found_in_most()
    {
        var found = Clean().Count(s => Made.Findings(Made.Declare(Resampler.Resample(s, 250), 100)).Any(f => f.Code == "sampling-rate"));
        Assert.InRange(found, (int)(0.9 * Count), Count);
    }

    private static EcgSignal[] Clean()
    {
        var dataset = PtbXlDataset.Open(TestData.PtbXl());
        return [.. dataset.Entries
            .Where(e => e.Fold == 9 && string.IsNullOrWhiteSpace(e.StaticNoise + e.BurstNoise + e.BaselineDrift + e.ElectrodesProblems))
            .Take(Count).Select(e => dataset.ReadAsync(e).AsTask().GetAwaiter().GetResult())];
    }
}
