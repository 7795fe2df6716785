using Microsoft.Extensions.Options;
using SignalCam.Torch;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Diagnostics;

/// <summary>Says what this host runs on: which torch, which device, which models.</summary>
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

    /// <summary>Looks. Loads torch's native library if that has not happened yet, but no model.</summary>
    public SignalCamStatus GetStatus()
    {
        var runtime = TorchRuntime.Probe();
        var problems = new List<string>();
        string? device = null;
        if (runtime.Problem is { } missing)
            problems.Add(missing);
        else
            try
            {
                device = TorchDevice.Select(_options.Device, _options.AllowDeviceFallback).ToString();
            }
            catch (ArgumentException e)
            {
                problems.Add(e.Message);
            }
        var models = _classifiers.States();
        problems.AddRange(models.Where(m => m.Problem is not null).Select(m => $"model '{m.Name}': {m.Problem}"));
        return new SignalCamStatus(runtime, device, models, problems);
    }
}

/// <summary>What a host runs on.</summary>
/// <param name="Torch">Which torch, in which version.</param>
/// <param name="Device">The device that the options select; null when there is none.</param>
/// <param name="Models">The models to classify with.</param>
/// <param name="Problems">What does not work; empty when all is well.</param>
public sealed record SignalCamStatus(TorchRuntime Torch, string? Device, IReadOnlyList<ModelState> Models, IReadOnlyList<string> Problems)
{
    /// <summary>One line: torch, device, models.</summary>
    public override string ToString() =>
        $"{Torch} on {Device ?? "no device"}; {(Models.Count == 0 ? "no models" : "models: " + string.Join(", ", Models.Select(m => $"{m.Name} ({(m.IsLoaded ? "loaded" : "not loaded yet")})")))}";
}

/// <summary>How a model stands.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">Its file, or the name of weights that come with the SDK with the beginning of their SHA-256.</param>
/// <param name="IsLoaded">Whether it is in memory; a model is loaded by its first call.</param>
/// <param name="Reloads">How often a changed file has replaced it.</param>
/// <param name="Problem">Why the file could not be read the last time; null when it could.</param>
/// <param name="Engine">What computes its scores, never <see cref="ScoringEngine.Auto"/>; null as long as it is not in memory.</param>
public sealed record ModelState(string Name, string Source, bool IsLoaded, int Reloads, string? Problem, ScoringEngine? Engine);
