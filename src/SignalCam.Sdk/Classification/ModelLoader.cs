using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Plugins;
using SignalCam.Core.Scoring;
using SignalCam.Sdk.Pretrained;
using SignalCam.Torch;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Scoring;

namespace SignalCam.Sdk.Classification;

/// <summary>Makes models ready for use, each for its device; TorchSharp comes in only where a model or a device asks for it.</summary>
internal sealed partial class ModelLoader(
    ManagedComponents components, IServiceProvider services, IOptions<SignalCamOptions> options, ILogger<IEcgClassifier> logger)
{
    /// <summary>Reads a model and makes it ready.</summary>
    /// <param name="source">Where it is.</param>
    /// <param name="wanted">How it is used.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N"; null for the host's.</param>
    /// <exception cref="SignalCamException">It cannot be read, or not be used so.</exception>
    public ScoringModel Load(ModelSource source, ScoringOptions wanted, string? device) => Prepare(source.Read(), wanted, device, []);

    /// <summary>Makes a model ready whose file has been read.</summary>
    /// <param name="file">The model.</param>
    /// <param name="wanted">How it is used.</param>
    /// <param name="device">As for <see cref="Load"/>.</param>
    /// <param name="checks">The checks; empty for every one that is registered.</param>
    public ScoringModel Prepare(ModelFile file, ScoringOptions wanted, string? device, IEnumerable<ComponentSpec> checks)
    {
        var settings = options.Value;
        device ??= settings.Device;
        if (!DeviceName().IsMatch(device))
            throw new DeviceException($"device '{device}': expected auto, cpu, cuda or cuda:N");
        var model = ScoringModel.Create(file, wanted with
        {
            Transforms = components.Transforms,
            Checks = ChecksOf(checks),
            Backend = BackendFor(wanted.Backend, device, settings.AllowDeviceFallback),
            Extension = model => new TorchScoring(
                model, services.GetRequiredService<SignalCamComponents>(), device, settings.AllowDeviceFallback),
        });
        if (model.NotCompiled is { } reason)
            LogNotCompiled(model.Name, reason);
        return model;
    }

    /// <summary>The checks that are named, or every one that is registered.</summary>
    public IReadOnlyList<IRecordingCheck> ChecksOf(IEnumerable<ComponentSpec> named)
    {
        ComponentSpec[] specs = [.. named];
        return [.. (specs.Length > 0 ? specs : components.Checks.Names.Select(name => new ComponentSpec(name)))
            .Select(components.Checks.Create)];
    }

    /// <summary>
    /// The network of a model, for what is no scoring: audits build more of its kind. Loads libtorch.
    /// </summary>
    public EcgModel LoadNetwork(ModelSource source, string? device)
    {
        TorchRuntime.EnsureUsable();
        return EcgModel.Load(source.Read(), source.ToString(), services.GetRequiredService<SignalCamComponents>(),
            options.Value.DeviceFor(device));
    }

    /// <summary>
    /// A CUDA device that is asked for is TorchSharp's; where it is not there and need not be, the CPU scores as it always does.
    /// </summary>
    internal static ScoringBackend BackendFor(ScoringBackend wanted, string device, bool allowFallback) =>
        wanted == ScoringBackend.Auto && SignalCamOptions.IsCuda(device) && (!allowFallback || TorchRuntime.Probe().CudaDevices > 0)
            ? ScoringBackend.Torch
            : wanted;

    [GeneratedRegex(SignalCamOptions.DevicePattern)]
    private static partial Regex DeviceName();

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name} is scored by TorchSharp: {Reason}")]
    private partial void LogNotCompiled(string name, string reason);
}
