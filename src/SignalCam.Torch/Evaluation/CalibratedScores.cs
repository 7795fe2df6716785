using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Evaluation;

/// <summary>Probabilities and decisions as the model file wants them: calibrated, at its thresholds.</summary>
public static class CalibratedScores
{
    /// <summary>
    /// The probabilities of a forward pass. Where the manifest has a calibration, each class's logit goes through it (scale and
    /// intercept, or an isotonic curve) and then, unless it has a curve, through the task's sigmoid or softmax; else they are the head's own.
    /// </summary>
    /// <param name="manifest">What the model file says.</param>
    /// <param name="output">What the network gave.</param>
    /// <returns>(recording, class).</returns>
    public static float[] Probabilities(ModelManifest manifest, ModelOutput output)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(output);
        if (manifest.Calibration is not { } calibration)
            return output.Probabilities;
        var scores = new float[output.Logits.Length];
        for (var start = 0; start < scores.Length; start += output.ClassCount)
            ClassProbabilities.Compute(
                output.Logits.AsSpan(start, output.ClassCount), calibration, manifest.TaskKind == TaskKind.Multiclass, scores.AsSpan(start, output.ClassCount));
        return scores;
    }

    /// <summary>Whether each class of one recording is called present: above its threshold; of a multiclass model, the first of the highest.</summary>
    /// <param name="manifest">What the model file says.</param>
    /// <param name="probabilities">One per class.</param>
    public static bool[] Decide(ModelManifest manifest, ReadOnlySpan<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var present = new bool[probabilities.Length];
        if (manifest.TaskKind == TaskKind.Multiclass)
        {
            present[TensorPrimitives.IndexOfMax(probabilities)] = true;
            return present;
        }
        var thresholds = manifest.Thresholds;
        for (var c = 0; c < present.Length; c++)
            present[c] = probabilities[c] > thresholds[c];
        return present;
    }
}
