using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Onnx;

public sealed class OnnxCalibrationTests
{
    private static readonly IsotonicCurve s_curve = new([-2, -1.5, -1.4999, 0.25, 3], [0.01, 0.2, 0.4, 0.4, 0.97]);

    // Recordings of one level each have that level as their logit. The curve's points are among them, and what lies beyond its ends.
    private static readonly float[] s_levels =
    [
        .. Enumerable.Range(0, 121).Select(i => -6 + 0.1f * i), -2, -1.5f, -1.49995f, 0.25f, 3, 30, -30,
    ];

    [SkippableFact]
    public void Scale_and_intercept_and_curves_give_the_probabilities_that_the_SDK_gives()
    {
        ClassCalibration[][] calibrations =
        [
            [new(2, 0.5), new(1, 0), new(0.3, -1)],
            [new(1, 0) { Isotonic = s_curve }, new(2, 0.5), new(0.5, 0.1) { Isotonic = new([0], [0.3]) }],
        ];
        var jobs = calibrations.Select(calibration => PassThrough.Job(
            PassThrough.File(PassThrough.Manifest(3, 10) with { Calibration = calibration }), Levels(3), preprocessing: false));
        foreach (var (i, outputs) in OnnxTools.Run([.. jobs]).Index())
            for (var at = 0; at < outputs["logits"].Values.Length; at++)
            {
                Assert.Equal(s_levels[at / 3], outputs["logits"].Values[at], 1e-5);
                Assert.Equal(calibrations[i][at % 3].Probability(outputs["logits"].Values[at]), outputs["probabilities"].Values[at], 1e-6);
            }
    }

    [SkippableFact]
    public void Softmax_is_of_the_calibrated_logits()
    {
        ClassCalibration[] calibration = [new(2, 0.5), new(1, 0), new(0.3, -1)];
        var manifest = PassThrough.Manifest(3, 10) with { TaskKind = TaskKind.Multiclass, Calibration = calibration };
        var outputs = OnnxTools.Run(PassThrough.Job(PassThrough.File(manifest), Levels(3), preprocessing: false))[0];
        for (var row = 0; row < s_levels.Length; row++)
        {
            var exponentials = calibration.Select((c, k) => Math.Exp(c.Apply(outputs["logits"].Values[row * 3 + k]))).ToArray();
            for (var k = 0; k < 3; k++)
                Assert.Equal(exponentials[k] / exponentials.Sum(), outputs["probabilities"].Values[row * 3 + k], 1e-5);
        }
    }

    private static float[] Levels(int leads) => [.. s_levels.SelectMany(level => Enumerable.Repeat(level, leads * 10))];
}
