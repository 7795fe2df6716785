using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Distributed.Messages;
using SignalCam.Sdk;
using SignalCam.Sdk.Pretrained;

namespace SignalCam.Distributed.Workers;

/// <summary>The model that a worker scores with, and what results are stored under.</summary>
/// <param name="Classifier">Scores.</param>
/// <param name="Sha256">SHA-256 of the model file.</param>
/// <param name="Explainer">What makes its maps.</param>
internal sealed record WorkerModel(IEcgClassifier Classifier, string Sha256, string Explainer)
{
    /// <summary>Finds and loads the model.</summary>
    /// <exception cref="PluginException">
    /// There is none of this name, it reloads, its file changed while it was read, or its results could not be stored.
    /// </exception>
    /// <exception cref="ModelFormatException">The file cannot be read.</exception>
    public static WorkerModel Load(IEcgClassifiers classifiers, SignalCamOptions options, string? name)
    {
        var classifier = classifiers.GetClassifier(name);
        // A host that adds no model has the one of this name.
        var settings = options.Models.GetValueOrDefault(classifier.Name) ?? new ModelOptions { Pretrained = classifier.Name };
        if (settings.ReloadOnChange)
            throw new PluginException(
                $"model '{classifier.Name}' has ReloadOnChange, which a worker's model cannot: its results are stored under the hash "
                + "of one file");
        // Loads it; what is hashed is what is used.
        _ = classifier.Input;
        return classifier.Classes.FirstOrDefault(name => !MessageLimits.IsName(name)) is { } wrong
            ? throw new PluginException($"model '{classifier.Name}' has a class with a name of {wrong.Length} characters, whose results "
                + $"could not be stored: expected {MessageLimits.NameRule}")
            : new WorkerModel(classifier, classifier.Sha256, ExplainerNames.Of(settings.Explainer));
    }
}
