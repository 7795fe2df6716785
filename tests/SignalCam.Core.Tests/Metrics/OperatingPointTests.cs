using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Core.Tests.Metrics;

public sealed class OperatingPointTests
{
    [Fact]
    public void Predictive_values_follow_from_sensitivity_specificity_and_prevalence()
    {
        // 4 of 5 with the class and 1 of 10 without it lie above 0.5.
        float[] targets = [.. Enumerable.Repeat(1f, 5), .. Enumerable.Repeat(0f, 10)];
        float[] probabilities = [.. Enumerable.Repeat(0.9f, 4), 0.1f, 0.9f, .. Enumerable.Repeat(0.1f, 9)];
        var scores = new ScoredRecordings(TaskKind.Binary, ["AF"], targets, probabilities);
        var point = OperatingPoint.At(scores, 0, 0.5, prevalence: 0.01);
        Assert.Equal((0.8, 0.9), (point.Sensitivity!.Value, point.Specificity!.Value));
        // 0.8 x 0.01 / (0.8 x 0.01 + 0.1 x 0.99) = 8 / 107; 0.9 x 0.99 / (0.9 x 0.99 + 0.2 x 0.01) = 891 / 893.
        Assert.Equal(8 / 107.0, point.PositivePredictiveValue!.Value, 12);
        Assert.Equal(891 / 893.0, point.NegativePredictiveValue!.Value, 12);
        // At the recordings' own prevalence they are the shares that are counted: 4 of 5, 9 of 10.
        var own = OperatingPoint.At(scores, 0, 0.5);
        Assert.Equal((1 / 3.0, 0.8, 0.9), (own.Prevalence, Math.Round(own.PositivePredictiveValue!.Value, 12),
            Math.Round(own.NegativePredictiveValue!.Value, 12)));
        Assert.Null(OperatingPoint.At(scores, 0, 1).PositivePredictiveValue);
    }
}
