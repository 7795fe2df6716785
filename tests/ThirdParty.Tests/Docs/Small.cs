using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;
using SignalCam.Torch;
using SignalCam.Torch.Heads;

namespace ThirdParty.Tests.Docs;

/// <summary>Untrained networks and recordings for the pages' examples.</summary>
internal static class Small
{
    public static ModelManifest Manifest => Tiny.Manifest() with { Task = "normal-abnormal", Length = 1000 };

    public static string WriteModel(string path, ModelManifest? manifest = null) => TestModels.Write(path, manifest ?? Manifest);

    /// <summary>A fresh built-in head with one output.</summary>
    public static EcgHead Head(int channels) =>
        new SignalCamComponents().Heads.Create(new ComponentSpec("binary")).Create(channels, 1, TaskKind.Binary);

    public static EcgSignal Recording(double seconds = 10, double samplingRate = 100) => Tiny.Recording(1, samplingRate, seconds);

    /// <summary>A saw in every lead: the same numbers on every machine.</summary>
    public static EcgSignal Saw(int length, params IReadOnlyList<string> leads) =>
        new([.. Enumerable.Range(0, leads.Count * length).Select(i => i % 100 * 0.01f)], new SignalLayout(leads, length, 100));
}
