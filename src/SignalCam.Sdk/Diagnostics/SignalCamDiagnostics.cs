using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Diagnostics;

/// <summary>Says what this host runs on: which models, computed by what, and which torch where there is one.</summary>
/// <remarks>Safe for concurrent callers.</remarks>
public sealed class SignalCamDiagnostics
{
    private readonly SignalCamOptions _options;
    private readonly IModelStates _classifiers;

    internal SignalCamDiagnostics(IOptions<SignalCamOptions> options, IModelStates classifiers)
    {
        _options = options.Value;
        _classifiers = classifiers;
    }

    /// <summary>
    /// Looks. Loads neither a model nor libtorch; torch is asked only where it is loaded already, or a CUDA device has to be there.
    /// </summary>
    public SignalCamStatus GetStatus()
    {
        var problems = new List<string>();
        var torch = TorchRuntime.IsLoaded || SignalCamOptions.IsCuda(_options.Device) ? TorchRuntime.Probe() : null;
        var device = torch is null ? "cpu" : DeviceOf(torch, problems);
        var models = _classifiers.States();
        problems.AddRange(models.Where(m => m.Problem is not null).Select(m => $"model '{m.Name}': {m.Problem}"));
        var waiting = models.Where(m => !m.IsLoaded && m.Problem is null).Select(m => m.Name).ToArray();
        if (_options.PreloadModels && waiting.Length > 0)
            problems.Add($"not ready: loading {string.Join(", ", waiting)}");
        return new SignalCamStatus(torch, device, models, problems);
    }

    private string? DeviceOf(TorchRuntime torch, List<string> problems)
    {
        if (torch.Problem is { } missing)
        {
            problems.Add(missing);
            return null;
        }
        try
        {
            return TorchDevice.Select(_options.Device, _options.AllowDeviceFallback).ToString();
        }
        catch (DeviceException e)
        {
            problems.Add(e.Message);
            return null;
        }
    }
}

/// <summary>What a host runs on.</summary>
/// <param name="Torch">Which torch, in which version; null where it is not loaded, because nothing has needed it.</param>
/// <param name="Device">The device that the options select; null when there is none.</param>
/// <param name="Models">The models to classify with.</param>
/// <param name="Problems">What does not work, or is not there yet; empty when all is well.</param>
public sealed record SignalCamStatus(TorchRuntime? Torch, string? Device, IReadOnlyList<ModelState> Models, IReadOnlyList<string> Problems)
{
    /// <summary>One line: torch, device, models.</summary>
    public override string ToString() =>
        $"{Torch?.ToString() ?? "no torch loaded"} on {Device ?? "no device"}; "
        + (Models.Count == 0
            ? "no models"
            : "models: " + string.Join(", ", Models.Select(m => $"{m.Name} ({(m.IsLoaded ? "loaded" : "not loaded yet")})")));
}

/// <summary>How a model stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">Its file, or the name of weights that come with the SDK with the beginning of their SHA-256.</param>
/// <param name="IsLoaded">
/// Whether it is in memory; a model is loaded by its first call, or by the host's start (<see cref="SignalCamOptions.PreloadModels"/>).
/// </param>
/// <param name="Reloads">How often a changed file has replaced it.</param>
/// <param name="Problem">Why the file could not be read, or was refused, the last time; null when all went well.</param>
/// <param name="Backend">What computes its scores: "compiled", or "torch" and the device; null as long as it is not in memory.</param>
public sealed record ModelState(string Name, string Source, bool IsLoaded, int Reloads, string? Problem, string? Backend)
{
    /// <summary>SHA-256 of the model file; null as long as it is not in memory.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What the model file says; null as long as it is not in memory.</summary>
    public ModelManifest? Manifest { get; init; }
}
