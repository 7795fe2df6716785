using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Core.Preprocessing;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Onnx;

public sealed class OnnxExporterTests
{
    [SkippableFact]
    public void The_checker_finds_opset_names_and_shapes_as_they_are_documented()
    {
        var file = PassThrough.File(PassThrough.Manifest(3, 200, [.. PreprocessingPresets.Recommended]));
        const string outputs = "probabilities(batch,3) logits(batch,3) cam_exact_cells(batch,3,200) cam_exact(batch,3,200)";
        Assert.Equal(
            [$"opset 13, IR 7: millivolt(batch,3,200) {outputs}", $"opset 13, IR 7: prepared(batch,3,200) {outputs}"],
            OnnxTools.Check(OnnxExporter.Export(file, preprocessing: true), OnnxExporter.Export(file)));
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        var file = PassThrough.File(PassThrough.Manifest(3, 200, [.. PreprocessingPresets.Paper]));
        Assert.Equal(OnnxExporter.Export(file, preprocessing: true),
            OnnxExporter.Export(ModelFile.Read(file.ToBytes(), "copy"), preprocessing: true));
    }

    [Fact]
    public void A_file_without_a_layer_graph_is_refused_with_what_is_missing()
    {
        var error =
            Assert.Throws<OnnxExportException>(() => OnnxExporter.Export(PassThrough.File(PassThrough.Manifest(3, 200), graph: null)));
        Assert.Contains("has no layer graph: the architecture or the head does not say what it computes (ILayerGraphSource)",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transform_from_elsewhere_is_refused_by_name_but_only_where_it_would_be_inside()
    {
        var file = PassThrough.File(PassThrough.Manifest(3, 200, new ComponentSpec("notch-filter")));
        Assert.NotEmpty(OnnxExporter.Export(file));
        var error = Assert.Throws<OnnxExportException>(() => OnnxExporter.Export(file, preprocessing: true));
        Assert.Contains("'notch-filter', which is not built in", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Graphs_that_do_not_fit_the_model_are_refused_by_what_does_not_fit()
    {
        Refused("found 2 leads, expected 3", PassThrough.Graph(2));
        Refused("no layer that gives probabilities",
            new LayerGraph(3, [new ConvolutionNode("copy", LayerGraph.Signals, 3, 1, 1, 0, 0, false)]));
        Refused("found 2 outputs, expected 3",
            new LayerGraph(3,
            [
                new GlobalAveragePoolNode("pool", LayerGraph.Signals), new DenseNode("same", "pool", 2),
                new ProbabilityNode("p", "same", false),
            ]));
        Refused("found layer 'p', a softmax, expected sigmoids",
            new LayerGraph(3,
            [
                new GlobalAveragePoolNode("pool", LayerGraph.Signals), new DenseNode("same", "pool", 3),
                new ProbabilityNode("p", "same", true),
            ]));

        static void Refused(string why, LayerGraph graph) =>
            Assert.Contains(
                why,
                Assert.Throws<ModelFormatException>(
                    () => OnnxExporter.Export(PassThrough.File(PassThrough.Manifest(3, 200), graph))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_that_are_made_of_the_logits_themselves_are_exported()
    {
        var graph = new LayerGraph(3, [.. PassThrough.Graph(3).Nodes, new CamNode("odd", "same", "same", CamKind.Paper)]);
        var values = Enumerable.Range(0, 600).Select(i => i / 200f).ToArray();
        var found = OnnxTools.Run(PassThrough.Job(PassThrough.File(PassThrough.Manifest(3, 200), graph), values, preprocessing: false))[0];
        Assert.Equal([1, 3, 1], found[OnnxExporter.CellsOutput(CamKind.Paper)].Shape);
        Assert.Equal(found[OnnxExporter.LogitsOutput].Values, found[OnnxExporter.CellsOutput(CamKind.Paper)].Values);
    }

    [Fact]
    public void A_graph_without_the_maps_that_it_could_have_is_not_exported_silently()
    {
        var graph = new LayerGraph(3, [.. PassThrough.Graph(3).Nodes.Where(node => node is not CamNode)]);
        var error = Assert.Throws<OnnxExportException>(() => OnnxExporter.Export(PassThrough.File(PassThrough.Manifest(3, 200), graph)));
        Assert.Contains("no CAM `exact`, though 'same' takes what a global average pooling gives", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_of_another_shape_is_named()
    {
        var file = PassThrough.File(PassThrough.Manifest(3, 200));
        var error = Assert.Throws<ModelFormatException>(
            () => OnnxExporter.Export(
                new ModelFile(file.Manifest, [.. file.Weights.Where(w => w.Name != "copy.weight")], graph: file.Graph)));
        Assert.Contains("tensor 'copy.weight': found nothing, expected [3, 3, 1], as layer 'copy' needs it",
            error.Message, StringComparison.Ordinal);
    }
}
