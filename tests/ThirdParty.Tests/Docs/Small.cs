using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Core.Synthetic;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using TorchSharp;

namespace ThirdParty.Tests.Docs;

/// <summary>Untrained networks and recordings for the pages' examples.</summary>
internal static class Small
{
    public static ModelManifest Manifest => new()
    {
        Architecture = new ComponentSpec("signal-cnn", new JsonObject { ["channels"] = new JsonArray(4, 6) }),
        Head = new ComponentSpec("binary"),
        Task = "normal-abnormal",
        TaskKind = TaskKind.Binary,
        Classes = ["abnormal"],
        Leads = SignalLayout.StandardLeads,
        SamplingRate = 100,
        Length = 1000,
        Preprocessing = PreprocessingPresets.Recommended,
    };

    public static string WriteModel(string path, ModelManifest? manifest = null)
    {
        manifest ??= Manifest;
        var components = new SignalCamComponents();
        torch.manual_seed(1);
        using var model = new EcgModel(EcgModel.CreateNetwork(manifest, components), manifest, components, "cpu");
        model.Save(path);
        return path;
    }

    public static EcgSignal Recording(double seconds = 10, double samplingRate = 100) =>
        SyntheticEcg.Generate(new SyntheticOptions { Seconds = seconds, SamplingRate = samplingRate }, new EcgRandom(1)).Signal;

    /// <summary>A saw in every lead: the same numbers on every machine.</summary>
    public static EcgSignal Saw(int length, params IReadOnlyList<string> leads) =>
        new([.. Enumerable.Range(0, leads.Count * length).Select(i => i % 100 * 0.01f)], new SignalLayout(leads, length, 100));
}
