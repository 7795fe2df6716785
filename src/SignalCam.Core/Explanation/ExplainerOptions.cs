using System.ComponentModel.DataAnnotations;
using SignalCam.Abstractions;

namespace SignalCam.Core.Explanation;

/// <summary>Options that every built-in explainer has: which classes are explained, and what is done to its raw map.</summary>
internal class ExplainerOptions
{
    /// <summary>How the map is brought to the recording's length. Default <see cref="MapResampling.Linear"/>.</summary>
    public MapResampling Resampling { get; set; } = MapResampling.Linear;

    /// <summary>
    /// What is done to its values, in this order. Default null: what the method's publication does, which is nothing but for CAM `paper`.
    /// </summary>
    public MapPostProcessing[]? PostProcessing { get; set; }

    /// <summary>
    /// Samples of the moving average of <see cref="MapPostProcessing.Smooth"/>, where that is asked for. Default 11: a tenth of a second at
    /// 100 Hz.
    /// </summary>
    [Range(1, 100_000)]
    public int SmoothingWidth { get; set; } = 11;

    /// <summary>
    /// Which classes are explained: names, "all", or "decided" (those called present, or else the most probable). Default null: all. A call
    /// may say otherwise.
    /// </summary>
    public string[]? Classes { get; set; }

    internal ClassChoice Choice => Classes is null or [] ? ClassChoice.All : ClassChoice.Parse(Classes);

    internal MapSteps Steps(params MapPostProcessing[] published) =>
        new() { Resampling = Resampling, PostProcessing = PostProcessing ?? published, SmoothingWidth = SmoothingWidth };
}

/// <summary>Options of the explainer "cam": class activation maps.</summary>
internal sealed class CamExplainerOptions : ExplainerOptions
{
    /// <summary>The explainer's name: "cam".</summary>
    public const string ExplainerName = "cam";

    /// <summary>Which feature maps the maps are made from. Default <see cref="CamKind.Exact"/>.</summary>
    public CamKind Kind { get; set; } = CamKind.Exact;

    /// <summary>The exact map keeps its values; CAM `paper` is stretched to [0, 1], as published.</summary>
    internal MapSteps KindSteps => Kind == CamKind.Paper ? Steps(MapPostProcessing.MinMax) : Steps();
}
