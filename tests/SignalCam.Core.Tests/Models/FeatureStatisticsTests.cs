using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Core.Tests.Models;

public sealed class FeatureStatisticsTests
{
    private static readonly FeatureFacts s_facts = new(2.5, "ptb-xl", "1-8", "9", 0.995);

    [Fact]
    public void The_distance_is_Mahalanobis_to_the_nearest_group()
    {
        // Covariance [[4, 2], [2, 2]] = L L^T with L = [[2, 0], [1, 1]], whose inverse is [[0.5, 0], [-0.5, 1]].
        float[] whitening = [0.5f, 0, -0.5f, 1];
        // Means (0, 0) and (10, 10), whitened.
        var statistics = new FeatureStatistics([0, 0, 5, 5], whitening, s_facts);
        // (2, 0): inverse covariance [[0.5, -0.5], [-0.5, 1]], so the square is 0.5 * 4.
        Assert.Equal(Math.Sqrt(2), statistics.Distance([2, 0]), 1e-6);
        Assert.Equal(1, statistics.Distance([10, 11]), 1e-6);
    }

    [Fact]
    public void A_model_file_keeps_them_and_its_weights_stay_what_they_are()
    {
        var plain = Plain();
        var with = ModelFile.Read(plain.With(new FeatureStatistics([0, 0, 5, 5], [0.5f, 0, -0.5f, 1], s_facts)).ToBytes(), "m");
        Assert.Equal(s_facts, with.Features!.Facts);
        Assert.Equal(Math.Sqrt(2), with.Features.Distance([2, 0]), 1e-6);
        Assert.Equal(plain.Weights.Select(w => w.Name), with.Weights.Select(w => w.Name));
        Assert.Null(ModelFile.Read(plain.ToBytes(), "m").Features);
        Assert.Equal(plain.ToBytes(), ModelFile.Read(with.With(null).ToBytes(), "m").ToBytes());
    }

    [Theory]
    [InlineData(3, "a number above 0", -1.0)]
    [InlineData(2, "as many rows as columns", 1.0)]
    public void Statistics_that_contradict_each_other_are_refused(int columns, string expected, double limit)
    {
        var tensors = new[]
        {
            new NamedTensor("signalcam.features/means", [1, columns], new float[columns]),
            new NamedTensor("signalcam.features/whitening", [3, columns], new float[3 * columns]),
        };
        var text = new FeatureStatistics([0], [1], s_facts with { Limit = limit }).ToText();
        var error = Assert.Throws<ModelFormatException>(() => FeatureStatistics.Read(text, tensors, "m"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => FeatureStatistics.Read(text, [], "m"));
        Assert.Throws<ModelFormatException>(() => FeatureStatistics.Read("{}", tensors, "m"));
    }

    private static ModelFile Plain() => new(
        new ModelManifest
        {
            Architecture = new ComponentSpec("a"), Head = new ComponentSpec("b"), Task = "t", TaskKind = TaskKind.Binary,
            Classes = ["x"], Thresholds = [0.5], Leads = ["II"], Length = 100, SamplingRate = 100, Preprocessing = [],
        },
        [new NamedTensor("w", [2], new float[] { 1, 2 })]);
}
