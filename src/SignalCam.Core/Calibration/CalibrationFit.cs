using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Models;

namespace SignalCam.Core.Calibration;

/// <summary>How probabilities are calibrated.</summary>
public enum CalibrationMethod
{
    /// <summary>The calibration that the model file has, or none, stays.</summary>
    Keep,

    /// <summary>
    /// Scale and intercept per class (<see cref="PlattScaling"/>); of a multiclass task one scale for all
    /// (<see cref="TemperatureScaling"/>).
    /// </summary>
    Platt,

    /// <summary>A rising curve per class (<see cref="IsotonicRegression"/>); not for a multiclass task.</summary>
    Isotonic,
}

/// <summary>A calibration and thresholds fitted on scored recordings.</summary>
/// <param name="Manifest">What the model file is to say from now on, on which folds they were fitted included.</param>
/// <param name="Uncalibrated">
/// Classes whose logits stay as they are: the recordings have one kind of label only, or the logits do not rise with the class.
/// </param>
/// <param name="WithoutThreshold">Classes whose threshold stays at 0.5: the recordings have one kind of label only.</param>
internal sealed record CalibrationFit(ModelManifest Manifest, IReadOnlyList<string> Uncalibrated, IReadOnlyList<string> WithoutThreshold)
{
    /// <summary>Fits. Whether it may on these folds is asked of <see cref="ModelProvenance.EnsureMayFit"/>.</summary>
    /// <param name="manifest">What the model file says.</param>
    /// <param name="targets">(recording, class): 1 where a class applies, else 0.</param>
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
                probabilities = [.. logits.Select((logit, i) => (float)calibration[i % calibration.Length].Probability(logit))];
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
                "isotonic curves do not go with a multiclass task, whose probabilities have to add up to 1; use platt, which fits one "
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

    private static float[] Column(float[] block, int index, int classes) => [.. block.Where((_, i) => i % classes == index)];
}
