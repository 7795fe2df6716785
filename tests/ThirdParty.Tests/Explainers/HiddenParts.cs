using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Torch.Explainers;

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

    public IReadOnlyList<RawMap> Explain(ClassBatch batch)
    {
        var falls = Enumerable.Range(0, batch.Count).Select(_ => new float[options.Parts]).ToArray();
        for (var part = 0; part < options.Parts; part++)
        {
            var (start, end) = (part * batch.Length / options.Parts, (part + 1) * batch.Length / options.Parts);
            var hidden = batch.Samples.ToArray();
            for (var lead = 0; lead < batch.Count * batch.Leads; lead++)
                hidden.AsSpan(lead * batch.Length + start, end - start).Clear();
            var output = batch.Model.Run(hidden, batch.Count);
            for (var i = 0; i < batch.Count; i++)
                falls[i][part] = batch.Logits[i] - output.Logits[i * output.ClassCount + batch.Classes[i]];
        }
        return [.. falls.Select(
            (cells, i) => new RawMap(batch.Name(i), Name, cells, HeatMapSign.ForAndAgainst) { Unit = HeatMapUnits.Logit })];
    }
}
