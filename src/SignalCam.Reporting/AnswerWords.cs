using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Reporting;

/// <summary>Says in words what a probability means, and what it does not.</summary>
internal static class AnswerWords
{
    /// <summary>Probability, threshold and what follows from them, in two sentences.</summary>
    /// <param name="score">What the model says of the class.</param>
    /// <param name="kind">How the model's classes relate to each other.</param>
    public static string Decision(ClassScore score, TaskKind kind)
    {
        ArgumentNullException.ThrowIfNull(score);
        var (probability, threshold) = (Percent(score.Probability), Percent(score.Threshold));
        if (score.Decision == ClassDecision.Undecided)
            return $"The model gives {score.Class} {probability}. Nothing is decided, because the recording cannot be believed.";
        var isPresent = score.Decision == ClassDecision.Present;
        if (kind == TaskKind.Multiclass)
            return $"The model gives {score.Class} {probability}; it is "
                + (isPresent ? "the likeliest class, so the model calls it." : "not the likeliest class, so the model does not call it.");
        return $"The model gives {score.Class} {probability}. That is {(isPresent ? "above" : "not above")} its threshold of {threshold}, "
            + $"so it {(isPresent ? "calls it present" : "does not call it present")}.";
    }

    /// <summary>How far the probability can be read as a frequency.</summary>
    /// <param name="manifest">What the model file says.</param>
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
        return $"Calibrated ({about}): among recordings like those, about {Math.Round(100 * score.Probability)} of 100 with this figure "
            + "have the class. Of other recordings that is not known.";
    }

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
