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
        ["cam-paper"] = "Class activation map as published: taken before batch norm and activation, stretched to 0 to 1. It adds up "
            + "to nothing.",
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
}
