using SignalCam.Core.Explanation;
using SignalCam.Torch.Networks;
using static TorchSharp.torch;

namespace SignalCam.Torch.Audit;

/// <summary>
/// Model parameter randomisation (Adebayo et al. 2018, arXiv 1810.03292, section 3), all layers at once: the strip's rank correlation with
/// that of a network of the same architecture with fresh weights. A map that stays similar shows the recording, not what was learnt.
/// </summary>
internal static class ParameterRandomisation
{
    public static void Measure(
        AuditPlan plan, SignalCamComponents components, IReadOnlyList<AuditedExplainer> explainers, List<AuditTally> tallies)
    {
        var (sums, magnitudes) = (new double?[tallies.Count, plan.Recordings.Count], new double?[tallies.Count, plan.Recordings.Count]);
        var networks = plan.Options.RandomNetworks;
        for (var n = 0; n < networks; n++)
        {
            // Fresh weights come from torch's own generator.
            manual_seed((long)(plan.Options.Seed + (ulong)n));
            using var fresh = new EcgModel(
                EcgModel.CreateNetwork(plan.Model.Manifest, components), plan.Model.Manifest, components,
                plan.Model.Network.Head.Bias.device.ToString());
            for (var e = 0; e < tallies.Count; e++)
                foreach (var rows in plan.Subset)
                {
                    var maps = plan.Maps(explainers[e].Explainer, fresh, rows);
                    for (var r = 0; r < rows.Length; r++)
                    {
                        // A constant map of the fresh network has nothing in common with the trained one's.
                        var correlation = MapMeasures.RankCorrelation(tallies[e].Strips[rows[r]], maps[r].Samples.AsSpan()) ?? 0;
                        sums[e, rows[r]] = (sums[e, rows[r]] ?? 0) + correlation / networks;
                        magnitudes[e, rows[r]] = (magnitudes[e, rows[r]] ?? 0) + Math.Abs(correlation) / networks;
                    }
                }
        }
        for (var e = 0; e < tallies.Count && networks > 0; e++)
            foreach (var row in plan.Subset.SelectMany(rows => rows))
            {
                tallies[e].Set(AuditMeasures.Randomisation, row, sums[e, row]);
                tallies[e].Set(AuditMeasures.RandomisationAbsolute, row, magnitudes[e, row]);
            }
    }
}
