using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Scoring;

namespace SignalCam.Torch.Audit;

/// <summary>
/// Deletion and insertion (Petsiuk et al. 2018, arXiv 1806.07421; on windows as Samek et al. 2017): the class's probability while windows
/// of the prepared recording go, and the area below that curve.
/// </summary>
internal static class PerturbationCurves
{
    public static readonly (PerturbationBaseline Baseline, string Suffix)[] Baselines =
        [(PerturbationBaseline.Zero, "_zero"), (PerturbationBaseline.Mean, "_mean"), (PerturbationBaseline.Noise, "_noise")];

    private static readonly (PerturbationOrder Order, string Measure)[] s_orders =
        [(PerturbationOrder.MostRelevantFirst, AuditMeasures.Deletion), (PerturbationOrder.LeastRelevantFirst, AuditMeasures.Insertion)];

    public static void Measure(AuditPlan plan, AuditTally tally)
    {
        var (layout, steps) = (plan.Model.Input, plan.Options.Perturbation.Steps);
        var window = Math.Max(1, (int)Math.Round(plan.Options.Perturbation.Window * layout.SamplingRate));
        var size = layout.LeadCount * layout.Length;
        var curve = (steps + 1) * size;
        var changed = new float[Baselines.Length * s_orders.Length * curve];
        for (var row = 0; row < plan.Recordings.Count; row++)
        {
            plan.ThrowIfCancelled();
            var samples = plan.Recordings[row].Prepared;
            // The same noise for every explainer.
            var random = EcgRandom.For(plan.Options.Seed, 1, row);
            var ranked = Array.ConvertAll(s_orders, o => Perturbation.Rank(tally.Strips[row], window, o.Order));
            for (var b = 0; b < Baselines.Length; b++)
            {
                var replacement = Perturbation.Baseline(samples, layout.LeadCount, Baselines[b].Baseline, random);
                for (var o = 0; o < s_orders.Length; o++)
                    Perturbation.Steps(samples, replacement, layout.LeadCount, ranked[o], window, steps,
                        changed.AsSpan((b * s_orders.Length + o) * curve, curve));
            }
            var output = plan.Model.Run(changed, changed.Length / size);
            var (probabilities, chosen) = (
                ClassRules.Calibrated(plan.Model.Manifest, output.Logits, output.Probabilities), plan.ClassOf(row));
            for (var b = 0; b < Baselines.Length; b++)
                for (var o = 0; o < s_orders.Length; o++)
                {
                    var first = (b * s_orders.Length + o) * (steps + 1);
                    var scores = Enumerable.Range(first, steps + 1)
                        .Select(i => (double)probabilities[i * output.ClassCount + chosen]).ToArray();
                    tally.Set(s_orders[o].Measure + Baselines[b].Suffix, row, Perturbation.Area(scores));
                }
        }
    }
}
