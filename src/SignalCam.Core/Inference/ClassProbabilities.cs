using System.Numerics.Tensors;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>From logits to probabilities.</summary>
internal static class ClassProbabilities
{
    /// <summary>
    /// Calibrates each class's logit where there is a calibration (scale and intercept, or an isotonic curve, which gives the probability
    /// itself), then sigmoid or softmax.
    /// </summary>
    /// <param name="logits">One per class.</param>
    /// <param name="calibration">One per class; null for none.</param>
    /// <param name="isSoftmax">Softmax over the classes, or else a sigmoid for each.</param>
    /// <param name="probabilities">One per class.</param>
    public static void Compute(
        ReadOnlySpan<float> logits, IReadOnlyList<ClassCalibration>? calibration, bool isSoftmax, Span<float> probabilities)
    {
        if (!isSoftmax && calibration is not null)
        {
            for (var c = 0; c < probabilities.Length; c++)
                probabilities[c] = (float)calibration[c].Probability(logits[c]);
            return;
        }
        if (!isSoftmax)
        {
            TensorPrimitives.Sigmoid(logits, probabilities);
            return;
        }
        for (var c = 0; c < probabilities.Length; c++)
            probabilities[c] = calibration is null ? logits[c] : (float)calibration[c].Apply(logits[c]);
        // Softmax of values above about 88 would overflow; it does not change when all are shifted.
        TensorPrimitives.Subtract(probabilities, TensorPrimitives.Max<float>(probabilities), probabilities);
        TensorPrimitives.SoftMax<float>(probabilities, probabilities);
    }
}
