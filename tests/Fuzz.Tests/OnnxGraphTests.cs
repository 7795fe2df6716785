using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Fuzz.Graphs;
using SignalCam.Testing;

namespace SignalCam.Fuzz.Tests;

/// <summary>Random graphs of all kinds of layers, exported: ONNX Runtime against the plain reference.</summary>
public sealed class OnnxGraphTests
{
    private const int Graphs = 150;
    private const double Tolerance = 1e-4;

    [Fact]
    public void Exported_graphs_give_the_references_logits_and_maps()
    {
        var kinds = new HashSet<Type>();
        for (var seed = 0UL; seed < Graphs; seed++)
        {
            var file = RandomGraph.Create(seed);
            var random = new EcgRandom(seed + 77);
            var samples = new float[file.Manifest.Leads.Count * file.Manifest.Length];
            foreach (ref var sample in samples.AsSpan())
                sample = (float)random.Normal();
            if (!RandomGraphKind.IsSteady(file, samples, random))
                continue;
            if (file.Graph!.FindCam(CamKind.Exact) is null)
            {
                Assert.Throws<OnnxExportException>(() => OnnxExporter.Export(file));
                continue;
            }
            kinds.UnionWith(file.Graph.Nodes.Select(node => node.GetType()));
            var expected = new ReferenceNetwork(file, samples);
            var found = OnnxTools.Run(new OnnxJob(
                OnnxExporter.Export(file), OnnxExporter.PreparedInput, [1, file.Manifest.Leads.Count, file.Manifest.Length], samples))[0];
            AssertClose(expected.Logits, found[OnnxExporter.LogitsOutput], seed);
            foreach (var kind in Enum.GetValues<CamKind>().Where(kind => file.Graph.FindCam(kind) is not null))
                AssertClose(expected.Maps(kind), found[OnnxExporter.CellsOutput(kind)], seed);
        }
        Assert.Equal(typeof(LayerNode).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(LayerNode))), kinds.Count);
    }

    [SkippableFact]
    public void The_checker_takes_them()
    {
        byte[][] exported = [.. Enumerable.Range(0, 20).Select(seed => RandomGraph.Create((ulong)seed))
            .Where(file => file.Graph!.FindCam(CamKind.Exact) is not null).Select(file => OnnxExporter.Export(file))];
        Assert.Equal(exported.Length, OnnxTools.Check(exported).Length);
    }

    private static void AssertClose(double[] expected, OnnxOutput found, ulong seed)
    {
        Assert.Equal(expected.Length, found.Values.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.True(expected.Zip(found.Values, (a, b) => Math.Abs(a - b)).Max() <= Tolerance * scale,
            $"seed {seed}: found {string.Join(", ", found.Values.Take(8))}, expected {string.Join(", ", expected.Take(8))}");
    }
}
