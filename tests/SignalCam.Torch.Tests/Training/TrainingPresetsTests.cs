using SignalCam.Abstractions;
using SignalCam.Core.Augmentation;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Training;

namespace SignalCam.Torch.Tests.Training;

public sealed class TrainingPresetsTests
{
    public static TheoryData<string> Properties => [.. typeof(TrainingOptions).GetProperties().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void New_options_are_the_recommended_preset_in_full(string name)
    {
        var property = typeof(TrainingOptions).GetProperty(name)!;
        Assert.Equal(property.GetValue(TrainingPresets.Create("recommended")), property.GetValue(new TrainingOptions()));
    }

    [Fact]
    public void They_prepare_and_augment_as_recommended()
    {
        var options = new TrainingOptions();
        Assert.Equal(PreprocessingPresets.Recommended, options.Preprocessing);
        Assert.Equal(AugmentationPresets.Recommended, options.Augmentation);
        Assert.NotEmpty(options.Preprocessing);
        Assert.NotEmpty(options.Augmentation);
    }

    [Fact]
    public void Small_data_differs_from_recommended_in_steps_and_rates_alone()
    {
        var (small, recommended) = (TrainingPresets.SmallData(), TrainingPresets.Recommended());
        string[] different = [.. typeof(TrainingOptions).GetProperties().Where(p => p.PropertyType != typeof(IReadOnlyList<ComponentSpec>))
            .Where(p => !Equals(p.GetValue(small), p.GetValue(recommended)) && p.PropertyType != typeof(IReadOnlyList<string>))
            .Select(p => p.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [nameof(small.AverageDecay), nameof(small.BatchSize), nameof(small.Epochs), nameof(small.HeadLearningRate),
                nameof(small.LearningRate), nameof(small.Preset)],
            different);
        Assert.Equal(recommended.Augmentation, small.Augmentation);
        Assert.Equal(recommended.Preprocessing, small.Preprocessing);
        Assert.True(small.HeadLearningRate > small.LearningRate);
    }

    [Fact]
    public void Options_read_from_JSON_keep_what_it_does_not_say()
    {
        var read = PluginOptions.Read<TrainingOptions>("training", "own", new ComponentOptions { ["epochs"] = 3 });
        Assert.Equal(3, read.Epochs);
        Assert.Equal(new TrainingOptions().Preprocessing, read.Preprocessing);
    }
}
