using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Sdk.Diagnostics;
using SignalCam.Torch;

namespace SignalCam.Sdk.Classification;

/// <summary>All classifiers of a container; owns their models.</summary>
internal sealed class EcgClassifiers : IEcgClassifiers, IModelStates, IDisposable
{
    private readonly SortedDictionary<string, EcgClassifier> _classifiers = new(StringComparer.OrdinalIgnoreCase);
    private readonly string? _default;

    public EcgClassifiers(IOptions<SignalCamOptions> options, SignalCamComponents components, Telemetry telemetry, ILoggerFactory loggers)
    {
        var settings = options.Value;
        _default = settings.DefaultModel;
        var logger = loggers.CreateLogger<IEcgClassifier>();
        foreach (var (name, model) in settings.ModelsInUse)
        {
            var slot = new ModelSlot(name, model, model.Device ?? settings.Device, settings.AllowDeviceFallback, components, telemetry, logger);
            _classifiers.Add(name, new EcgClassifier(name, model.BatchSize, slot, components.Explainers.Create(model.Explainer), telemetry));
        }
    }

    public IReadOnlyList<string> Names => [.. _classifiers.Keys];

    public IEcgClassifier GetClassifier(string? name = null)
    {
        name ??= _default ?? (_classifiers.Count == 1 ? _classifiers.Keys.First() : null)
            ?? throw new PluginException($"there are several models and no default one: ask by name ({string.Join(", ", Names)}), or set SignalCam:DefaultModel");
        return _classifiers.TryGetValue(name, out var classifier)
            ? classifier
            : throw new PluginException($"no model is called '{name}'; there are: {string.Join(", ", Names)}");
    }

    public IReadOnlyList<ModelState> States() => [.. _classifiers.Values.Select(c => c.State)];

    public void Dispose()
    {
        foreach (var classifier in _classifiers.Values)
            classifier.Dispose();
    }
}
