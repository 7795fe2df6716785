using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;
using SignalCam.Core.Models;

namespace SignalCam.Reporting;

/// <summary>Says in words what a probability means, and what it does not.</summary>
internal static class AnswerWords
{
    // The interval of fewer says nothing.
    private const int FewestCounted = 10;

    /// <summary>Probability, threshold and what follows from them, in two sentences.</summary>
    /// <param name="score">What the model says of the class.</param>
    /// <param name="kind">How the model's classes relate to each other.</param>
    public static string Decision(ClassScore score, TaskKind kind)
    {
        ArgumentNullException.ThrowIfNull(score);
        var (probability, threshold) = (Percent(score.Probability), Percent(score.Threshold));
        if (score.Decision == ClassDecision.Undecided)
            return $"The model gives {score.Class} {probability}. Nothing is decided, because the recording is not reliable enough.";
        var isPresent = score.Decision == ClassDecision.Present;
        if (kind == TaskKind.Multiclass)
            return $"The model gives {score.Class} {probability}; it is "
                + (isPresent ? "the likeliest class, so the model calls it." : "not the likeliest class, so the model does not call it.");
        return $"The model gives {score.Class} {probability}. That is {(isPresent ? "above" : "not above")} its threshold of {threshold}, "
            + $"so it {(isPresent ? "calls it present" : "does not call it present")}.";
    }

    /// <summary>How far the probability can be read as a frequency.</summary>
    /// <param name="manifest">The manifest of the model file.</param>
    /// <param name="score">What the model says of the class.</param>
    public static string Calibration(ModelManifest manifest, ClassScore score)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(score);
        if (manifest.Calibration is null)
            return "The model is not calibrated: read the figure as a score from 0 to 1, not as how often it is right.";
        var source = manifest.Training?["calibration"] as JsonObject;
        var about = source is not null
            ? $"{Method(source)} on {Text(source, "recordings")} recordings of {Text(source, "dataset")}, fold {Text(source, "folds")}"
            : "on recordings that the file does not name";
        return $"Calibrated ({about}): {Observed(source, score) ?? Expected(score)} Other recordings may differ.";
    }

    /// <summary>What was counted among the recordings of the calibration whose probability lies in the same tenth.</summary>
    private static string? Observed(JsonObject? source, ClassScore score)
    {
        var bin = ReliabilityCurve.BinOf(score.Probability);
        if (((source?["reliability"] as JsonObject)?[score.Class] as JsonArray) is not { Count: ReliabilityCurve.BinCount } bins
            || bins[bin] is not JsonArray { Count: 2 } counted
            || counted[0] is not JsonValue total || !total.TryGetValue<int>(out var count)
            || counted[1] is not JsonValue having || !having.TryGetValue<int>(out var positives)
            || count < FewestCounted || positives < 0 || positives > count)
            return null;
        var (low, high) = ShareInterval.Of(positives, count);
        return $"of the {count} of them with a figure from {bin * 10} to {(bin + 1) * 10} %, {Percent((double)positives / count)} had the "
            + $"class (95 % interval {Percent(low)} to {Percent(high)}).";
    }

    private static string Expected(ClassScore score) =>
        $"among recordings like those, about {Math.Round(100 * score.Probability)} of 100 with this figure have the class.";

    private static string Method(JsonObject source) => Text(source, "method") switch
    {
        "platt" => "Platt scaling",
        "temperature" => "temperature scaling",
        "isotonic" => "isotonic regression",
        var other => other,
    };

    private static string Text(JsonObject source, string member) => source[member]?.ToString() ?? "unknown";

    private static string Percent(double share) => Nice.Text(100 * share, 1) + " %";
}
