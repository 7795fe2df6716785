using SignalCam.Abstractions;
using SignalCam.Reporting;

namespace SignalCam.Cli.Reports;

/// <summary>The picture of an explained recording.</summary>
internal static class ExplanationPictures
{
    /// <summary>The picture as SVG.</summary>
    /// <param name="id">What the recording is called.</param>
    /// <param name="seen">The stretch that was looked at.</param>
    /// <param name="answer">The answer, with at least one heat map.</param>
    /// <param name="layout">How the leads are put on the sheet.</param>
    /// <param name="columns">Classes side by side.</param>
    public static string Render(string id, EcgSignal seen, EcgClassification answer, EcgLayout layout = EcgLayout.Stacked, int columns = 1) =>
        CamPlot.Render(seen, Classes(answer), Options(id, answer) with { Layout = layout, Columns = columns });

    /// <summary>The picture as a page to zoom in and to read values from.</summary>
    public static string RenderPage(string id, EcgSignal seen, EcgClassification answer, EcgLayout layout) =>
        CamPage.Render(seen, Classes(answer), Options(id, answer) with { Layout = layout });

    private static CamClass[] Classes(EcgClassification answer) => [.. answer.Scores.Where(s => s.HeatMap is not null).Select(s =>
        new CamClass(s.HeatMap!, s.Probability, answer.TaskKind == TaskKind.Multiclass ? null : s.Threshold) { Decision = Decision(s.Decision) })];

    private static string Decision(ClassDecision decision) => decision switch
    {
        ClassDecision.Present => "detected",
        ClassDecision.Absent => "not detected",
        _ => "not decided",
    };

    private static CamPlotOptions Options(string id, EcgClassification answer) => answer.Scores.First(s => s.HeatMap is not null).HeatMap! switch
    {
        { Kind: CamKind.Exact } => new CamPlotOptions { Title = $"Recording {id}" },
        { Kind: CamKind.Paper } => new CamPlotOptions { Title = $"Recording {id}, map as published", Colors = ColorScale.Jet, MapUnit = "share of the map's range" },
        var map => new CamPlotOptions
        {
            Title = $"Recording {id}, {map.Method}",
            Colors = map.Sign == HeatMapSign.Magnitude ? ColorScale.Sequential : ColorScale.Diverging,
            MapUnit = map.Method,
        },
    };
}
