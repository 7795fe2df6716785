using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Rendering;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Explainers;

namespace SignalCam.Cli.Reports;

/// <summary>The picture of an explained recording.</summary>
internal static class ExplanationPictures
{
    public static string Render(string id, EcgSignal signal, EcgExplanation explanation, CamKind kind, ModelManifest manifest)
    {
        var present = CalibratedScores.Decide(manifest, [.. explanation.Probabilities]);
        var byThreshold = manifest.TaskKind != TaskKind.Multiclass;
        var classes = explanation.Maps.Select((map, c) =>
            new CamClass(map, explanation.Probabilities[c], byThreshold ? manifest.Thresholds[c] : null) { Decision = present[c] ? "detected" : "not detected" });
        return CamPlot.Render(signal, [.. classes], kind == CamKind.Exact
            ? new CamPlotOptions { Title = $"Recording {id}" }
            : new CamPlotOptions { Title = $"Recording {id}, map as published", Colors = ColorScale.Jet, MapUnit = "share of the map's range" });
    }
}
