using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Sdk;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Explanations;

/// <summary>The host's models, by name. Safe for concurrent callers.</summary>
internal sealed class ViewerModels
{
    private readonly SortedDictionary<string, ViewerModel> _models = new(StringComparer.OrdinalIgnoreCase);

    public ViewerModels(IEcgClassifiers classifiers, IOptions<SignalCamOptions> options, SignalCamComponents components,
        SignalCamDiagnostics diagnostics)
    {
        var settings = options.Value;
        foreach (var name in classifiers.Names)
        {
            // A host that names no model has the one that comes with the SDK.
            var model = settings.Models.GetValueOrDefault(name) ?? new ModelOptions { Pretrained = PretrainedModels.NormalAbnormal };
            _models.Add(name, new ViewerModel(classifiers.GetClassifier(name), model, components, diagnostics));
        }
        Default = settings.DefaultModel ?? _models.Keys.First();
    }

    /// <summary>The name of the model that is taken where a request names none.</summary>
    public string Default { get; }

    /// <summary>All models, by name.</summary>
    public IReadOnlyCollection<ViewerModel> All => _models.Values;

    /// <summary>A model by name, ignoring case; null for the default one.</summary>
    /// <exception cref="ViewerProblemException">There is none; the message lists those there are.</exception>
    public ViewerModel Get(string? name) => _models.GetValueOrDefault(name ?? Default)
        ?? throw ViewerProblem.BadValue.With($"model is '{name}'; there are {string.Join(", ", _models.Keys)}");
}
