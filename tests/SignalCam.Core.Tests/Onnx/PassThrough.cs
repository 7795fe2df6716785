using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Onnx;

/// <summary>A network that shows what it was given: class k's exact map is prepared lead k, and its logit is that lead's mean.</summary>
internal static class PassThrough
{
    public static LayerGraph Graph(int leads) => new(leads,
    [
        new ConvolutionNode("copy", LayerGraph.Signals, leads, 1, 1, 0, 0, false),
        new GlobalAveragePoolNode("pool", "copy"),
        new DenseNode("same", "pool", leads),
        new ProbabilityNode("probability", "same", false),
        new CamNode("cam", "copy", "same", CamKind.Exact),
    ]);

    public static ModelManifest Manifest(int leads, int length, params ComponentSpec[] preprocessing) => new()
    {
        Name = "pass-through",
        Architecture = new ComponentSpec("none"),
        Head = new ComponentSpec("multilabel"),
        Task = "test",
        TaskKind = TaskKind.Multilabel,
        Classes = [.. Enumerable.Range(0, leads).Select(c => $"class {c}")],
        Leads = [.. SignalLayout.StandardLeads.Take(leads)],
        SamplingRate = 100,
        Length = length,
        Preprocessing = preprocessing,
    };

    public static ModelFile File(ModelManifest manifest, LayerGraph? graph)
    {
        var leads = manifest.Leads.Count;
        var identity = new float[leads * leads];
        for (var i = 0; i < leads; i++)
            identity[i * leads + i] = 1;
        return new ModelFile(
            manifest,
            [
                new("copy.weight", [leads, leads, 1], identity), new("same.weight", [leads, leads], identity),
                new("same.bias", [leads], new float[leads]),
            ],
            graph: graph);
    }

    public static ModelFile File(ModelManifest manifest) => File(manifest, Graph(manifest.Leads.Count));

    /// <summary>The job of one recording, or several one behind the other.</summary>
    public static OnnxJob Job(ModelFile file, float[] values, bool preprocessing)
    {
        var (leads, length) = (file.Manifest.Leads.Count, file.Manifest.Length);
        return new OnnxJob(OnnxExporter.Export(file, preprocessing), preprocessing ? "millivolt" : "prepared",
            [values.Length / (leads * length), leads, length], values);
    }
}
