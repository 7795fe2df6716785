using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using TorchSharp;

namespace SignalCam.Testing;

/// <summary>Models that nobody trained: their weights are drawn from a seed.</summary>
public static class TestModels
{
    /// <summary>The published network for normal against abnormal: 12 leads, 1000 samples at 100 Hz.</summary>
    public static ModelManifest Manifest { get; } = new()
    {
        Architecture = new ComponentSpec("signal-cnn"),
        Head = new ComponentSpec("binary"),
        Task = "normal-abnormal",
        TaskKind = TaskKind.Binary,
        Classes = ["abnormal"],
        Leads = SignalLayout.StandardLeads,
        SamplingRate = 100,
        Length = 1000,
        Preprocessing = PreprocessingPresets.Recommended,
    };

    /// <summary>A model on the CPU; the caller disposes it.</summary>
    public static EcgModel Create(ModelManifest manifest, long seed = 1, SignalCamComponents? components = null)
    {
        components ??= new SignalCamComponents();
        torch.manual_seed(seed);
        return new EcgModel(EcgModel.CreateNetwork(manifest, components), manifest, components, "cpu");
    }

    /// <summary>Writes a model file.</summary>
    /// <returns>Its path.</returns>
    public static string Write(string path, ModelManifest manifest, long seed = 1)
    {
        using var model = Create(manifest, seed);
        model.Save(path);
        return path;
    }
}
