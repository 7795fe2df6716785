using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;

namespace SignalCam.Core.Calibration;

/// <summary>The calibration method.</summary>
public enum CalibrationMethod
{
    /// <summary>The calibration that the model file has, or none, stays.</summary>
    Keep,

    /// <summary>
    /// Scale and intercept per class (<see cref="PlattScaling"/>); for a multiclass task, one scale for all
    /// (<see cref="TemperatureScaling"/>).
    /// </summary>
    Platt,

    /// <summary>A rising curve per class (<see cref="IsotonicRegression"/>); not for a multiclass task.</summary>
    Isotonic,
}

/// <summary>A calibration and thresholds fitted on scored recordings.</summary>
/// <param name="Manifest">The new manifest of the model file, including the folds used for fitting.</param>
/// <param name="Uncalibrated">
/// Classes that are not calibrated: the recordings have only one kind of label, or the logits do not increase with the class.
/// </param>
/// <param name="WithoutThreshold">Classes whose threshold stays at 0.5: the recordings have only one kind of label.</param>
internal sealed record CalibrationFit(ModelManifest Manifest, IReadOnlyList<string> Uncalibrated, IReadOnlyList<string> WithoutThreshold)
{
    /// <summary>Fits. Whether it may on these folds is asked of <see cref="ModelProvenance.EnsureMayFit"/>.</summary>
    /// <param name="manifest">The manifest of the model file.</param>
    /// <param name="targets">(recording, class): 1 where a class applies, otherwise 0.</param>
    /// <param name="logits">(recording, class): the network's, uncalibrated.</param>
    /// <param name="probabilities">(recording, class): as the model file gives them now.</param>
    /// <param name="method">How to calibrate.</param>
    /// <param name="rule">
    /// How to choose the thresholds, on the calibrated probabilities. Null: they stay where the calibration does, else they go back to 0.5,
    /// because a threshold means nothing for other probabilities than it was chosen on.
    /// </param>
    /// <param name="dataset">The dataset's name, for the record.</param>
    /// <param name="folds">The folds, for the record.</param>
    /// <exception cref="CalibrationException">The method or thresholds do not go with a multiclass task.</exception>
    public static CalibrationFit Fit(
        ModelManifest manifest, float[] targets, float[] logits, float[] probabilities, CalibrationMethod method, ThresholdRule? rule,
        string dataset, FoldSet folds)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(logits);
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(folds);
        EnsureFits(manifest.TaskKind, method, rule);
        var training = manifest.Training?.DeepClone().AsObject() ?? [];
        var count = targets.Length / manifest.Classes.Count;
        var fitted = manifest;
        List<string> uncalibrated = [], withoutThreshold = [];
        if (method != CalibrationMethod.Keep)
        {
            var calibration = Calibrate(manifest, targets, logits, method, uncalibrated);
            fitted = fitted with { Calibration = calibration, Thresholds = [.. manifest.Classes.Select(_ => 0.5)] };
            training["calibration"] = Record(dataset, folds, count, "method", method.ToString().ToLowerInvariant(), uncalibrated);
            training.Remove("thresholds");
            if (manifest.TaskKind != TaskKind.Multiclass)
            {
                probabilities = [.. logits.Select((logit, i) => (float)calibration[i % calibration.Length].Probability(logit))];
                training["calibration"]!["reliability"] = Reliability(manifest.Classes, targets, probabilities);
            }
        }
        if (rule is not null)
        {
            var thresholds = manifest.Classes.Select((name, c) =>
            {
                var threshold = rule.Fit(Column(targets, c, manifest.Classes.Count), Column(probabilities, c, manifest.Classes.Count));
                if (threshold is null)
                    withoutThreshold.Add(name);
                return threshold ?? 0.5;
            });
            fitted = fitted with { Thresholds = [.. thresholds] };
            training["thresholds"] = Record(dataset, folds, count, "rule", rule.ToString(), withoutThreshold);
        }
        return new CalibrationFit(fitted with { Training = training }, uncalibrated, withoutThreshold);
    }

    /// <summary>Refuses what does not go together, before any work is done.</summary>
    /// <exception cref="CalibrationException">The method or thresholds do not go with the kind of task.</exception>
    public static void EnsureFits(TaskKind kind, CalibrationMethod method, ThresholdRule? rule)
    {
        if (kind == TaskKind.Multiclass && method == CalibrationMethod.Isotonic)
            throw new CalibrationException(
                "isotonic curves do not work for a multiclass task, whose probabilities must add up to 1; use platt, which fits one "
                + "temperature");
        if (kind == TaskKind.Multiclass && rule is not null)
            throw new CalibrationException("a multiclass task has no thresholds: the class of the highest probability is called");
    }

    private static ClassCalibration[] Calibrate(
        ModelManifest manifest, float[] targets, float[] logits, CalibrationMethod method, List<string> uncalibrated)
    {
        var classes = manifest.Classes;
        if (manifest.TaskKind == TaskKind.Multiclass)
        {
            var shared = TemperatureScaling.Fit(targets, logits, classes.Count);
            if (shared is null)
                uncalibrated.AddRange(classes);
            return [.. classes.Select(_ => shared ?? ClassCalibration.None)];
        }
        return [.. classes.Select((name, c) =>
        {
            var (labels, scores) = (Column(targets, c, classes.Count), Column(logits, c, classes.Count));
            var calibration = method == CalibrationMethod.Platt ? PlattScaling.Fit(labels, scores) : IsotonicRegression.Fit(labels, scores);
            if (calibration is null)
                uncalibrated.Add(name);
            return calibration ?? ClassCalibration.None;
        })];
    }

    private static JsonObject Record(string dataset, FoldSet folds, int recordings, string how, string value, List<string> without)
    {
        var record = new JsonObject { ["dataset"] = dataset, ["folds"] = folds.ToString(), ["recordings"] = recordings, [how] = value };
        if (without.Count > 0)
            record["not_fitted"] = new JsonArray([.. without.Select(name => (JsonNode)name)]);
        return record;
    }

    /// <summary>Of each class, by tenths of the calibrated probability: how many recordings, and how many of them have the class.</summary>
    private static JsonObject Reliability(IReadOnlyList<string> classes, float[] targets, float[] probabilities)
    {
        var reliability = new JsonObject();
        for (var c = 0; c < classes.Count; c++)
        {
            var (counts, positives) = (new int[ReliabilityCurve.BinCount], new int[ReliabilityCurve.BinCount]);
            for (var i = c; i < targets.Length; i += classes.Count)
            {
                var bin = ReliabilityCurve.BinOf(probabilities[i]);
                counts[bin]++;
                positives[bin] += targets[i] > 0.5f ? 1 : 0;
            }
            reliability[classes[c]] = new JsonArray([.. counts.Zip(positives, (n, p) => (JsonNode)new JsonArray(n, p))]);
        }
        return reliability;
    }

    private static float[] Column(float[] block, int index, int classes) => [.. block.Where((_, i) => i % classes == index)];
}
