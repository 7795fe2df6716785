using SignalCam.Abstractions;
using SignalCam.Core.Explanation;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Native;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Scoring;

/// <summary>
/// A model's network in TorchSharp, for what the compiled backend cannot do. Made when it is first needed: it loads libtorch.
/// </summary>
internal sealed class TorchScoring : IScoringExtension
{
    private readonly EcgModel _model;
    private readonly PluginRegistry<IEcgExplainer> _explainers;

    /// <summary>Builds the network.</summary>
    /// <param name="file">The model; its weights are copied into the network.</param>
    /// <param name="components">The plug-ins that it may name.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <param name="allowFallback">Whether the CPU replaces a missing CUDA device.</param>
    /// <exception cref="TorchNotFoundException">libtorch is missing or does not fit.</exception>
    /// <exception cref="DeviceException">The device is missing.</exception>
    public TorchScoring(ModelFile file, SignalCamComponents components, string device, bool allowFallback)
    {
        TorchRuntime.EnsureUsable();
        var chosen = TorchDevice.Select(device, allowFallback).ToString();
        _model = EcgModel.Load(file, file.Manifest.Name ?? file.Manifest.Task, components, chosen);
        _explainers = components.Explainers;
        Backend = new TorchBackend(_model, chosen);
    }

    public IScoringBackend Backend { get; }

    public IMapExplainer CreateExplainer(ComponentSpec spec) => new Bound(_model, _explainers.Create(spec));

    public void Dispose() => _model.Dispose();

    private sealed class Bound(EcgModel model, IEcgExplainer explainer) : IMapExplainer
    {
        public MapSteps Steps => explainer.Steps;

        public ClassChoice Classes => explainer.Classes;

        public IReadOnlyList<RawMap> Explain(float[] prepared, int[] classes) => explainer.Explain(ClassBatch.Of(model, prepared, classes));
    }
}

/// <summary>Scores with TorchSharp.</summary>
internal sealed class TorchBackend(EcgModel model, string device) : IScoringBackend
{
    private readonly float[] _biases = model.Biases;

    public string Name { get; } = $"torch {device}";

    public bool TakesBatches => true;

    public ReadOnlySpan<float> Biases => _biases;

    public bool HasCam(CamKind kind) => kind == CamKind.Exact || model.Network.Backbone is Architectures.ILastConvolution;

    public BackendOutput Run(ReadOnlySpan<float> prepared, int count, CamKind? cam)
    {
        var output = model.Run(prepared.ToArray(), count, cam);
        return new BackendOutput(output.Logits, output.Probabilities, output.Maps, output.Cells);
    }

    public void Dispose()
    {
        // The network is the extension's.
    }
}
