using System.Globalization;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Viewer.Explanations;

/// <summary>Says in words what the figures mean, and what they do not.</summary>
internal static class Wording
{
    private static readonly Dictionary<string, string> s_classes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NORM"] = "normal ECG",
        ["MI"] = "myocardial infarction",
        ["STTC"] = "ST or T change",
        ["CD"] = "conduction disturbance",
        ["HYP"] = "hypertrophy",
        ["abnormal"] = "anything but a normal ECG",
    };

    private static readonly Dictionary<string, string> s_methods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["cam"] = "Class activation map: mean over time plus a constant is the logit. It says when, not in which lead.",
        ["cam-paper"] = "Class activation map as published: taken before batch norm and activation, stretched to 0 to 1. It adds up to nothing.",
        ["grad-cam"] = "Grad-CAM: feature maps weighted by their gradients.",
        ["hirescam"] = "HiResCAM: feature maps times their gradients, place by place.",
        ["grad-cam++"] = "Grad-CAM++: feature maps weighted by their positive gradients.",
        ["saliency"] = "Saliency: how strongly the logit would react to each sample. It has no sign.",
        ["cam-x-gradient"] = "Class activation map times gradient times input: the beat, and the place in it.",
        ["gradient-x-input"] = "Gradient times input, sample by sample and lead by lead.",
        ["smoothgrad"] = "SmoothGrad: saliency averaged over noisy copies.",
        ["integrated-gradients"] = "Integrated gradients: adds up to the logit's difference from a flat line.",
        ["occlusion"] = "Occlusion: how much the logit falls when a window is covered.",
        ["random"] = "Random: a control that knows nothing. A map worth reading looks different.",
    };

    /// <summary>What a class is called in full; the name itself where nothing more is known.</summary>
    public static string Class(string name) => s_classes.GetValueOrDefault(name, name);

    /// <summary>What an explainer does; null where nothing is known of it.</summary>
    public static string? Explainer(string name) => s_methods.GetValueOrDefault(name);

    /// <summary>Probability, threshold and what follows from them.</summary>
    public static string Decision(ClassScore score, TaskKind kind)
    {
        var (probability, threshold) = (Percent(score.Probability), Percent(score.Threshold));
        if (score.Decision == ClassDecision.Undecided)
            return $"The model gives {score.Class} {probability}. Nothing is decided, because the recording cannot be believed.";
        var isPresent = score.Decision == ClassDecision.Present;
        if (kind == TaskKind.Multiclass)
            return $"The model gives {score.Class} {probability}; it {(isPresent ? "is the likeliest class, so the model calls it" : "is not the likeliest class, so the model does not call it")}.";
        return $"The model gives {score.Class} {probability}. That is {(isPresent ? "above" : "not above")} its threshold of {threshold}, so it {(isPresent ? "calls it present" : "does not call it present")}.";
    }

    /// <summary>How far the probability can be read as a frequency.</summary>
    public static string Calibration(ModelManifest manifest, ClassScore score)
    {
        if (manifest.Calibration is null)
            return "The model is not calibrated: read the figure as a score from 0 to 1, not as how often it is right.";
        var about = (manifest.Training?["calibration"] as JsonObject) is { } source
            ? $"{Method(source)} on {Text(source, "recordings")} recordings of {Text(source, "dataset")}, fold {Text(source, "folds")}"
            : "on recordings that the file does not name";
        return $"Calibrated ({about}): among recordings like those, about {Math.Round(100 * score.Probability)} of 100 with this figure have the class. Of other recordings that is not known.";
    }

    private static string Method(JsonObject source) => Text(source, "method") switch
    {
        "platt" => "Platt scaling",
        "temperature" => "temperature scaling",
        "isotonic" => "isotonic regression",
        var other => other,
    };

    private static string Text(JsonObject source, string member) => source[member]?.ToString() ?? "unknown";

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");
}
