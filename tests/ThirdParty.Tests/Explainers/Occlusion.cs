using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;

namespace ThirdParty.Tests.Explainers;

// How much each class's logit falls when a part of all leads is set to zero (Zeiler and Fergus 2014).
// services.AddSignalCam().AddExplainer<Occlusion, OcclusionOptions>("occlusion");

public sealed class OcclusionOptions
{
    [Range(1, 1000)]
    public int Parts { get; set; } = 20;
}

public sealed class Occlusion(OcclusionOptions options) : IEcgExplainer
{
    public string Name => "occlusion";

    public IReadOnlyList<EcgExplanation> Explain(EcgModel model, float[] samples, int count)
    {
        var (classes, length, full) = (model.Manifest.Classes, model.Input.Length, model.Run(samples, count));
        var cells = new float[count * classes.Count, options.Parts];
        for (var part = 0; part < options.Parts; part++)
        {
            var (start, end) = (part * length / options.Parts, (part + 1) * length / options.Parts);
            var hidden = samples.ToArray();
            for (var lead = 0; lead < count * model.Input.LeadCount; lead++)
                hidden.AsSpan(lead * length + start, end - start).Clear();
            var logits = model.Run(hidden, count).Logits;
            for (var i = 0; i < logits.Length; i++)
                cells[i, part] = full.Logits[i] - logits[i];
        }
        return [.. full.Logits.Chunk(classes.Count).Zip(CalibratedScores.Probabilities(model.Manifest, full).Chunk(classes.Count)).Select((scores, recording) => new EcgExplanation(
            scores.First, scores.Second,
            [.. classes.Select((name, c) => CellMaps.ToHeatMap(name, Row(recording * classes.Count + c), length, CamKind.Exact))]))];

        float[] Row(int row) => [.. Enumerable.Range(0, options.Parts).Select(part => cells[row, part])];
    }
}
