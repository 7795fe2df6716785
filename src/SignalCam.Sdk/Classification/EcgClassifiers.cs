using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Sdk.Diagnostics;

namespace SignalCam.Sdk.Classification;

/// <summary>All classifiers of a container; owns their models.</summary>
internal sealed class EcgClassifiers : IEcgClassifiers, IModelStates, IDisposable
{
    private readonly SortedDictionary<string, EcgClassifier> _classifiers = new(StringComparer.OrdinalIgnoreCase);
    private readonly string? _default;

    public EcgClassifiers(IOptions<SignalCamOptions> options, ModelLoader loader, Telemetry telemetry, ILoggerFactory loggers)
    {
        var settings = options.Value;
        _default = settings.DefaultModel;
        var logger = loggers.CreateLogger<IEcgClassifier>();
        foreach (var (name, model) in settings.ModelsInUse)
            _classifiers.Add(name, new EcgClassifier(name, new ModelSlot(name, model, loader, telemetry, logger), telemetry));
    }

    public IReadOnlyList<string> Names => [.. _classifiers.Keys];

    public IEcgClassifier GetClassifier(string? name = null)
    {
        name ??= _default ?? (_classifiers.Count == 1 ? _classifiers.Keys.First() : null)
            ?? throw new PluginException(
                $"there are several models and no default one: ask by name ({string.Join(", ", Names)}), or set SignalCam:DefaultModel");
        return _classifiers.TryGetValue(name, out var classifier)
            ? classifier
            : throw new PluginException($"no model is called '{name}'; there are: {string.Join(", ", Names)}");
    }

    public IReadOnlyList<ModelState> States() => [.. _classifiers.Values.Select(c => c.State)];

    /// <summary>Loads every model. One that cannot be loaded is told by its state, and the others go on.</summary>
    public void Preload(CancellationToken cancellationToken)
    {
        foreach (var classifier in _classifiers.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                classifier.Preload();
            }
            catch (SignalCamException)
            {
                // The slot keeps the message, and the health check tells it.
            }
        }
    }

    public void Dispose()
    {
        foreach (var classifier in _classifiers.Values)
            classifier.Dispose();
    }
}

/// <summary>
/// Loads the models while the host starts, where <see cref="SignalCamOptions.PreloadModels"/> asks for it; the host does not wait for it.
/// </summary>
internal sealed class ModelPreloader(IOptions<SignalCamOptions> options, IServiceProvider services) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _loading = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.PreloadModels)
            _loading = Task.Run(() => services.GetRequiredService<EcgClassifiers>().Preload(_stop.Token), _stop.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stop.Dispose();
}
