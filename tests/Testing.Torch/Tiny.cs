using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Synthetic;

namespace SignalCam.Testing;

/// <summary>Networks and recordings that are small enough for thousands of calls in a test.</summary>
public static class Tiny
{
    public static ModelManifest Manifest(TaskKind kind = TaskKind.Binary, params string[] classes) => TestModels.Manifest with
    {
        Architecture = new ComponentSpec("signal-cnn", new JsonObject { ["channels"] = new JsonArray(4, 6) }),
        Head = new ComponentSpec(kind.ToString().ToLowerInvariant()),
        Task = "test",
        TaskKind = kind,
        Classes = classes is [] ? ["abnormal"] : classes,
        Length = 200,
    };

    /// <summary>Writes a model with weights drawn from the seed.</summary>
    public static string Write(string path, long seed = 1, ModelManifest? manifest = null) =>
        TestModels.Write(path, manifest ?? Manifest(), seed);

    public static EcgSignal Recording(ulong seed, double samplingRate = 100, double seconds = 2) =>
        SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = samplingRate, Seconds = seconds }, new EcgRandom(seed)).Signal;

    /// <summary>The named leads of a recording, in this order.</summary>
    public static EcgSignal Leads(EcgSignal recording, params string[] leads) => new(
        [.. leads.SelectMany(lead => recording.Lead(lead).ToArray())],
        new SignalLayout(leads, recording.Length, recording.SamplingRate));
}
