using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Explainers;

namespace SignalCam.Torch.Audit;

/// <summary>
/// Maximal sensitivity (Yeh et al. 2019, arXiv 1901.09392), estimated as there by drawing: the largest relative distance
/// between a recording's strip and those of copies whose samples were each moved a little.
/// </summary>
internal static class Sensitivity
{
    public static void Measure(AuditPlan plan, IEcgExplainer explainer, AuditTally tally)
    {
        for (var draw = 0; draw < plan.Options.SensitivityDraws; draw++)
            foreach (var rows in plan.Subset)
            {
                var maps = plan.Maps(explainer, plan.Model, rows, [.. rows.SelectMany(row => Moved(plan, row, draw))]);
                for (var r = 0; r < rows.Length; r++)
                {
                    var earlier = tally.Values.TryGetValue(AuditMeasures.MaxSensitivity, out var values) ? values[rows[r]] : null;
                    var distance = MapMeasures.RelativeDistance(tally.Strips[rows[r]], maps[r].Samples.AsSpan());
                    tally.Set(AuditMeasures.MaxSensitivity, rows[r], earlier > distance ? earlier : distance);
                }
            }
    }

    private static float[] Moved(AuditPlan plan, int row, int draw)
    {
        // The same move for every explainer.
        var random = EcgRandom.For(plan.Options.Seed, 2 + draw, row);
        var samples = plan.Recordings[row].Prepared;
        var mean = samples.Average(v => (double)v);
        var radius = plan.Options.SensitivityRadius * Math.Sqrt(samples.Average(v => (v - mean) * (v - mean)));
        return Array.ConvertAll(samples, v => (float)(v + random.Uniform(-radius, radius)));
    }
}
