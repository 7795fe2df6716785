using System.Collections.Immutable;
using SignalCam.Abstractions;
using SignalCam.Distributed.Messages;

namespace SignalCam.Distributed.Tests;

/// <summary>Results that no model gave.</summary>
internal static class Results
{
    /// <summary>A result; without an explainer where that is empty.</summary>
    public static ScoringResult Of(
        string id, string sha256, string explainer, string model, params ClassScore[] scores) => new(new EcgClassification
        {
            Recording = id,
            Model = model,
            ModelSha256 = sha256,
            Task = "test",
            TaskKind = TaskKind.Multilabel,
            Backend = "compiled",
            Explainer = explainer.Length == 0 ? null : explainer,
            Stretch = new EcgStretch(0, 10),
            SamplingRate = 100,
            Scores = scores,
        });

    /// <summary>A score, with a map where there are cells.</summary>
    public static ClassScore Score(
        string @class, double probability, double logit, double threshold, ClassDecision decision, params float[]? cells) =>
            new(@class, probability, logit, threshold, decision, cells is null ? null : Map(@class, [.. cells]));

    public static HeatMap Map(string @class, ImmutableArray<float> cells) =>
        new(@class, cells, []) { Method = "cam", Kind = CamKind.Exact, Unit = HeatMapUnits.Logit };

    /// <summary>A classifier's answer as a worker sends it.</summary>
    public static ScoringResult Of(EcgClassification answer, string id) => ScoringResult.Of(answer, id, "cam");
}
