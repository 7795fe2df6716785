using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Reporting;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Explainers;

namespace SignalCam.Cli.Reports;

/// <summary>The picture of an explained recording.</summary>
internal static class ExplanationPictures
{
    /// <summary>The picture as SVG.</summary>
    public static string Render(string id, EcgSignal signal, EcgExplanation explanation, ModelManifest manifest, EcgLayout layout = EcgLayout.Stacked, int columns = 1) =>
        CamPlot.Render(signal, Classes(explanation, manifest), Options(id, explanation.Maps[0]) with { Layout = layout, Columns = columns });

    /// <summary>The picture as a page to zoom in and to read values from.</summary>
    public static string RenderPage(string id, EcgSignal signal, EcgExplanation explanation, ModelManifest manifest, EcgLayout layout) =>
        CamPage.Render(signal, Classes(explanation, manifest), Options(id, explanation.Maps[0]) with { Layout = layout });

    private static CamClass[] Classes(EcgExplanation explanation, ModelManifest manifest)
    {
        var present = CalibratedScores.Decide(manifest, [.. explanation.Probabilities]);
        var byThreshold = manifest.TaskKind != TaskKind.Multiclass;
        return [.. explanation.Maps.Select(map =>
        {
            var c = IndexOf(manifest, map);
            return new CamClass(map, explanation.Probabilities[c], byThreshold ? manifest.Thresholds[c] : null) { Decision = present[c] ? "detected" : "not detected" };
        })];
    }

    /// <summary>The place of a map's class among the model's.</summary>
    public static int IndexOf(ModelManifest manifest, HeatMap map) => manifest.Classes.Index().First(c => c.Item == map.Class).Index;

    private static CamPlotOptions Options(string id, HeatMap map) => map.Method switch
    {
        CamExplainer.ExplainerName => new CamPlotOptions { Title = $"Recording {id}" },
        CamExplainer.PaperMethod => new CamPlotOptions { Title = $"Recording {id}, map as published", Colors = ColorScale.Jet, MapUnit = "share of the map's range" },
        var method => new CamPlotOptions
        {
            Title = $"Recording {id}, {method}",
            Colors = map.Sign == HeatMapSign.Magnitude ? ColorScale.Sequential : ColorScale.Diverging,
            MapUnit = method,
        },
    };
}
