using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;

namespace ThirdParty.Tests.Explainers;

// How much each class's logit falls when a part of all leads is set to zero.
// services.AddSignalCam().AddExplainer<HiddenParts, HiddenPartsOptions>("hidden-parts");

public sealed class HiddenPartsOptions
{
    [Range(1, 1000)]
    public int Parts { get; set; } = 20;
}

public sealed class HiddenParts(HiddenPartsOptions options) : IEcgExplainer
{
    public string Name => "hidden-parts";

    public IReadOnlyList<EcgExplanation> Explain(EcgModel model, float[] samples, int count, ClassChoice? classes = null)
    {
        var (names, length, full) = (model.Manifest.Classes, model.Input.Length, model.Run(samples, count));
        var falls = new float[count, names.Count, options.Parts];
        for (var part = 0; part < options.Parts; part++)
        {
            var (start, end) = (part * length / options.Parts, (part + 1) * length / options.Parts);
            var hidden = samples.ToArray();
            for (var lead = 0; lead < count * model.Input.LeadCount; lead++)
                hidden.AsSpan(lead * length + start, end - start).Clear();
            var logits = model.Run(hidden, count).Logits;
            for (var i = 0; i < logits.Length; i++)
                falls[i / names.Count, i % names.Count, part] = full.Logits[i] - logits[i];
        }
        var (all, choice) = (CalibratedScores.Probabilities(model.Manifest, full).Chunk(names.Count).ToArray(), classes ?? ClassChoice.All);
        return [.. full.Logits.Chunk(names.Count).Select((logits, i) => new EcgExplanation(
            logits, all[i], [.. choice.Resolve(model.Manifest, all[i]).Select(c => Map(i, c))]))];

        HeatMap Map(int recording, int c)
        {
            var cells = Enumerable.Range(0, options.Parts).Select(part => falls[recording, c, part]).ToArray();
            return new MapSteps().Apply(new RawMap(names[c], Name, cells, HeatMapSign.ForAndAgainst), model.Input.LeadCount, length);
        }
    }
}
