using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;

namespace SignalCam.Core.Scoring;

/// <summary>From logits to calibrated probabilities and decisions, and from windows to one answer, as a model file says.</summary>
internal sealed class ClassRules
{
    private readonly ModelManifest _manifest;
    private readonly WindowCombination _combine;
    private readonly string _name;

    public ClassRules(ModelManifest manifest, WindowCombination combine, string name)
    {
        (_manifest, _combine, _name) = (manifest, combine, name);
        Classes = [.. manifest.Classes];
        Thresholds = [.. manifest.Thresholds];
        if (combine == WindowCombination.NoisyOr && IsMulticlass)
            throw new ModelNotSupportedException(
                $"model '{name}' is multiclass, whose probabilities have to add up to 1: windows cannot be combined by noisy-or, but by "
                + "mean or max");
    }

    public string[] Classes { get; }

    public double[] Thresholds { get; }

    private bool IsMulticlass => _manifest.TaskKind == TaskKind.Multiclass;

    /// <summary>
    /// The probabilities of one recording. Where the file has a calibration, each class's logit goes through it (scale and intercept, or an
    /// isotonic curve) and then, unless it has a curve, through the task's sigmoid or softmax; else they are the head's own.
    /// </summary>
    /// <param name="logits">One per class.</param>
    /// <param name="probabilities">The head's own; become the calibrated ones.</param>
    /// <exception cref="NonFiniteScoreException">A logit or a probability is no finite number.</exception>
    public void Calibrate(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        if (_manifest.Calibration is { } calibration)
            ClassProbabilities.Compute(logits, calibration, IsMulticlass, probabilities);
        for (var c = 0; c < logits.Length; c++)
        {
            if (!float.IsFinite(logits[c]))
                throw new NonFiniteScoreException(_name, Classes[c], FormattableString.Invariant($"logit {logits[c]}"));
            if (!float.IsFinite(probabilities[c]))
                throw new NonFiniteScoreException(_name, Classes[c], FormattableString.Invariant($"probability {probabilities[c]}"));
        }
    }

    /// <summary>
    /// The calibrated probabilities of a network's outputs (recording, class), for training and audits, which run networks of their own.
    /// </summary>
    public static float[] Calibrated(ModelManifest manifest, ReadOnlySpan<float> logits, ReadOnlySpan<float> probabilities)
    {
        var rules = new ClassRules(manifest, WindowCombination.Mean, manifest.Name ?? manifest.Task);
        var (classes, calibrated) = (rules.Classes.Length, probabilities.ToArray());
        for (var start = 0; start < calibrated.Length; start += classes)
            rules.Calibrate(logits.Slice(start, classes), calibrated.AsSpan(start, classes));
        return calibrated;
    }

    /// <summary>Whether each class is called: above its threshold; of a multiclass model, the first of the highest.</summary>
    public bool[] Call(ReadOnlySpan<float> probabilities)
    {
        var called = new bool[probabilities.Length];
        if (IsMulticlass)
            called[TensorPrimitives.IndexOfMax(probabilities)] = true;
        else
            for (var c = 0; c < called.Length; c++)
                called[c] = probabilities[c] > Thresholds[c];
        return called;
    }

    /// <summary>One answer of the windows'.</summary>
    /// <param name="logits">(window, class).</param>
    /// <param name="probabilities">(window, class), calibrated.</param>
    /// <returns>One per class each.</returns>
    public (float[] Logits, float[] Probabilities) Combine(ReadOnlySpan<float> logits, ReadOnlySpan<float> probabilities)
    {
        var classes = Classes.Length;
        var (logit, probability) = (logits[..classes].ToArray(), probabilities[..classes].ToArray());
        var windows = logits.Length / classes;
        for (var c = 0; c < classes && windows > 1; c++)
        {
            var (sum, logitSum, absent, best) = (0.0, 0.0, 1.0, 0);
            for (var w = 0; w < windows; w++)
            {
                var p = probabilities[w * classes + c];
                sum += p;
                logitSum += logits[w * classes + c];
                absent *= 1 - (double)p;
                if (p > probabilities[best * classes + c])
                    best = w;
            }
            logit[c] = _combine == WindowCombination.Mean ? (float)(logitSum / windows) : logits[best * classes + c];
            probability[c] = _combine switch
            {
                WindowCombination.Mean => (float)(sum / windows),
                WindowCombination.Max => probabilities[best * classes + c],
                _ => (float)(1 - absent),
            };
        }
        return (logit, probability);
    }

    /// <summary>The scores of all classes.</summary>
    public ClassScore[] Scores(ReadOnlySpan<float> logits, ReadOnlySpan<float> probabilities, bool[] called, bool isDecided)
    {
        var scores = new ClassScore[Classes.Length];
        for (var c = 0; c < scores.Length; c++)
            scores[c] = new ClassScore(
                Classes[c], probabilities[c], logits[c], Thresholds[c],
                !isDecided ? ClassDecision.Undecided : called[c] ? ClassDecision.Present : ClassDecision.Absent);
        return scores;
    }
}
