using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Preprocessing;

namespace SignalCam.Torch.Training;

/// <summary>Named sets of training options. docs/presets.md describes the differences and reasons.</summary>
public static class TrainingPresets
{
    /// <summary>The name "paper".</summary>
    public const string PaperName = "paper";

    /// <summary>The name "recommended".</summary>
    public const string RecommendedName = "recommended";

    /// <summary>The name "small-data".</summary>
    public const string SmallDataName = "small-data";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.AsReadOnly([PaperName, RecommendedName, SmallDataName]);

    /// <summary>Returns new options of a preset, which may be changed.</summary>
    /// <exception cref="PluginException">There is no such preset; the message lists the available ones.</exception>
    public static TrainingOptions Create(string name) => name?.ToLowerInvariant() switch
    {
        PaperName => Paper(),
        RecommendedName => Recommended(),
        SmallDataName => SmallData(),
        _ => throw new PluginException($"no preset is called '{name}'; available: {string.Join(", ", Names)}"),
    };

    /// <summary>As published by Augustauskas et al., EMBC 2025, quirks included, so that results can be compared.</summary>
    public static TrainingOptions Paper() => new()
    {
        Preset = PaperName,
        Preprocessing = PreprocessingPresets.Paper,
        Augmentation = AugmentationPresets.Paper,
        Epochs = 25,
        BatchSize = 128,
        Optimizer = OptimizerKind.Adam,
        LearningRate = 5e-4,
        WeightDecay = 0,
        AverageDecay = 0,
        Schedule = LearningRateSchedule.PublishedPlateau,
        Selection = ModelSelection.Accuracy,
        ValidateAsPublished = true,
    };

    /// <summary>The same network with the published training's mistakes corrected; amplitudes are kept.</summary>
    public static TrainingOptions Recommended() => new();

    /// <summary>
    /// For hundreds to thousands of recordings, starting from a trained model (<see cref="TrainingOptions.From"/>): few epochs of small
    /// batches at high rates, the head's three times the backbone's.
    /// </summary>
    public static TrainingOptions SmallData()
    {
        var options = Recommended();
        options.Preset = SmallDataName;
        options.BatchSize = 32;
        options.Epochs = 10;
        options.LearningRate = 1e-2;
        options.HeadLearningRate = 3e-2;
        options.AverageDecay = 0.99;
        return options;
    }
}
