using System.ComponentModel.DataAnnotations;
using SignalCam.Core.Explanation;

namespace SignalCam.Torch.Explainers;

/// <summary>Options that every built-in explainer has: what is done to its raw map.</summary>
public class ExplainerOptions
{
    /// <summary>How the map is brought to the recording's length. Default <see cref="MapResampling.Linear"/>.</summary>
    public MapResampling Resampling { get; set; } = MapResampling.Linear;

    /// <summary>What is done to its values, in this order. Default null: what the method's publication does, which is nothing but for CAM `paper`.</summary>
    public MapPostProcessing[]? PostProcessing { get; set; }

    /// <summary>Samples of the moving average of <see cref="MapPostProcessing.Smooth"/>, where that is asked for. Default 11: a tenth of a second at 100 Hz.</summary>
    [Range(1, 100_000)]
    public int SmoothingWidth { get; set; } = 11;

    internal MapSteps Steps(params MapPostProcessing[] published) => new() { Resampling = Resampling, PostProcessing = PostProcessing ?? published, SmoothingWidth = SmoothingWidth };
}
