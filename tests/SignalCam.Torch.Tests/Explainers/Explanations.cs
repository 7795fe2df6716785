using SignalCam.Abstractions;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Tests.Explainers;

/// <summary>A recording's logits and one map per explained class.</summary>
internal sealed record Explained(float[] Logits, IReadOnlyList<HeatMap> Maps);

/// <summary>Runs explainers on prepared recordings, class by class, as scoring does.</summary>
internal static class Explanations
{
    /// <summary>Explains classes of prepared recordings; every class where none is named.</summary>
    public static IReadOnlyList<Explained> Explain(
        this IEcgExplainer explainer, EcgModel model, float[] samples, int count, params string[] classes)
    {
        var output = model.Run(samples, count);
        var chosen = classes.Length == 0
            ? [.. Enumerable.Range(0, output.ClassCount)]
            : classes.Select(name => model.Manifest.Classes.Index().Single(c => c.Item == name).Index).ToArray();
        var maps = chosen.Select(c => explainer.Explain(ClassBatch.Of(model, samples, [.. Enumerable.Repeat(c, count)]))).ToArray();
        return [.. Enumerable.Range(0, count).Select(i => new Explained(
            output.Logits[(i * output.ClassCount)..((i + 1) * output.ClassCount)],
            [.. maps.Select(m => explainer.Steps.Apply(m[i], model.Input))]))];
    }

    /// <summary>Prepares raw recordings and explains every class.</summary>
    public static IReadOnlyList<Explained> Explain(this IEcgExplainer explainer, EcgModel model, IReadOnlyList<EcgSignal> recordings) =>
        explainer.Explain(model, [.. recordings.SelectMany(r => model.Prepare(r).Samples.ToArray())], recordings.Count);

    /// <summary>The map by lead: (lead, time).</summary>
    public static float[] ByLead(this HeatMap map) => [.. map.LeadSamples!.Values.SelectMany(lead => lead)];

    /// <summary>Every value of a map.</summary>
    public static IEnumerable<float> Values(this HeatMap map) =>
        map.Samples.Concat((map.LeadSamples?.Values ?? []).SelectMany(lead => lead));
}
