using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Tests.Training;

/// <summary>Small networks of any classes for the recordings of <see cref="Recordings"/>.</summary>
internal static class Teachers
{
    private static readonly SignalCamComponents s_components = new();

    public static EcgModel Create(string[] classes, long seed, IReadOnlyList<ClassCalibration>? calibration = null)
    {
        TorchSharp.torch.manual_seed(seed);
        var manifest = Manifest(classes, calibration);
        return new EcgModel(EcgModel.CreateNetwork(manifest, s_components), manifest, s_components, "cpu");
    }

    public static ModelManifest Manifest(string[] classes, IReadOnlyList<ClassCalibration>? calibration = null) => new()
    {
        Architecture = s_components.Architectures.Resolve(
            new("signal-cnn", PluginOptions.Write(new SignalCnnOptions { Channels = [4, 8] }))),
        Head = new("multilabel"),
        Task = "t",
        TaskKind = TaskKind.Multilabel,
        Classes = classes,
        Leads = Recordings.Layout.Leads,
        Length = Recordings.Layout.Length,
        SamplingRate = Recordings.Layout.SamplingRate,
        Preprocessing = [],
        Calibration = calibration,
    };
}
