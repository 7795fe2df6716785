using SignalCam.Core.Inference;
using SignalCam.Core.Models;

namespace SignalCam.Core.Tests.Inference;

public sealed class ClassProbabilitiesTests
{
    [Fact]
    public void An_isotonic_curve_gives_the_probability_itself_and_scale_and_intercept_go_through_the_sigmoid()
    {
        ClassCalibration[] calibration = [ClassCalibration.None with { Isotonic = new([-1, 1], [0.2, 0.6]) }, new(2, 1)];
        var probabilities = new float[2];
        ClassProbabilities.Compute([0.5f, -0.25f], calibration, isSoftmax: false, probabilities);
        // Three quarters of the way from 0.2 to 0.6; 1 / (1 + e^-0.5).
        Assert.Equal(0.5f, probabilities[0], 1e-6f);
        Assert.Equal(0.6224593f, probabilities[1], 1e-6f);
    }

    [Fact]
    public void Softmax_of_large_logits_does_not_overflow()
    {
        var probabilities = new float[3];
        ClassProbabilities.Compute([1000, 1000, 900], null, isSoftmax: true, probabilities);
        Assert.All(probabilities.Zip([0.5f, 0.5f, 0f]), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }
}
