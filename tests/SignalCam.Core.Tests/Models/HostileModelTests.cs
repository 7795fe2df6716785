using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Core.Tests.Onnx;
using SignalCam.Testing;

namespace SignalCam.Core.Tests.Models;

/// <summary>Model files that ask for what they must not get.</summary>
public sealed class HostileModelTests
{
    // Far more than any of these files may take.
    private const long MostBytes = 64 << 20;

    private static readonly ModelFile s_valid = ModelFile.Read(PassThrough.File(PassThrough.Manifest(3, 200)).ToBytes(), "valid");

    public static TheoryData<string, string> Cases { get; } = new()
    {
        { "graph-pad-wrap/pad-wrap.safetensors", "PaddingBefore" },
        { "graph-pad-wrap/random-seed-1028157.safetensors", "" },
        { "graph-pad-wrap/random-seed-3004869.safetensors", "" },
        { "graph-pad-wrap/random-seed-3013253.safetensors", "" },
        { "graph-pad-wrap/random-seed-3020925.safetensors", "" },
        { "graph-pad-wrap/random-seed-3021542.safetensors", "" },
        { "graph-pad-wrap/random-seed-3026606.safetensors", "" },
        { "graph-pad-wrap/random-seed-3043660.safetensors", "" },
        { "graph-concat-18/concat-18.safetensors", "channels" },
        { "graph-concat-26/concat-26.safetensors", "channels" },
        { "graph-concat-double/concat-double.safetensors", "channels" },
        { "graph-length-1/length-1.safetensors", "1 samples per lead are too few" },
        { "graph-length-358m/length-358m.safetensors", "manifest, length" },
        { "graph-cam-mismatch/cam-mismatch.safetensors", "head.cam" },
        { "graph-many-inputs/many-inputs.safetensors", "inputs" },
        { "graph-many-nodes/many-nodes.safetensors", "layers" },
        { "graph-pre-100k/pre-100k.safetensors", "transforms" },
        { "graph-nan-weights/nan-weights.safetensors", "NaN" },
        { "collector-nan/nan-weights.safetensors", "NaN" },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Files_that_broke_the_product_are_refused_by_what_is_wrong(string file, string message)
    {
        var path = TestData.Shared(Path.Combine("cases/fuzz", file));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ModelFormatException>(() => ModelFile.Load(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nodes/0/paddingBefore", "2147483647", "layer 'copy', PaddingBefore: found 2147483647, expected 0 to 16384")]
    [InlineData("nodes/0/stride", "178956971", "Stride: found 178956971")]
    [InlineData("nodes/0/kernel", "0", "Kernel: found 0")]
    [InlineData("nodes/0/dilation", "-1", "Dilation: found -1")]
    [InlineData("nodes/0/groups", "2", "Groups: found 2, expected a divisor of 3 channels")]
    [InlineData("nodes/0/groups", "3", "tensor 'copy.weight': found shape [3, 3, 1], expected [3, 1, 1]")]
    [InlineData("nodes/0/dilation", "200", null)]
    [InlineData("nodes/0/paddingAfter", "16384", null)]
    [InlineData("nodes/0/channels", "4", "found shape [3, 3, 1], expected [4, 3, 1]")]
    [InlineData("nodes/0/channels", "16385", "Channels: found 16385")]
    [InlineData("nodes/0/input", "\"cam\"", "probabilities and maps are what a graph gives")]
    [InlineData("nodes/0/input", "\"copy\"", "which is no earlier layer")]
    [InlineData("nodes/0/input", "null", "layer graph")]
    [InlineData("nodes/0/name", "\"signals\"", "a name that no other layer has")]
    [InlineData("nodes/0/kind", "\"lstm\"", "layer graph")]
    [InlineData("nodes/0/hasBias", "true", "tensor 'copy.bias': found nothing")]
    [InlineData("nodes/1/input", "\"same\"", "exact maps are made of what is pooled")]
    [InlineData("nodes/2/channels", "2", "found 2 outputs, expected 3")]
    [InlineData("nodes/3/isSoftmax", "true", "a softmax")]
    [InlineData("nodes/4/map", "7", "Map: found 7, expected Exact, Paper")]
    [InlineData("nodes/4/map", "\"Grad\"", "layer graph")]
    [InlineData("nodes/4/map", "null", "layer graph")]
    [InlineData("nodes/4/input", "\"signals\"", "exact maps are made of what is pooled")]
    [InlineData("nodes/4/dense", "\"copy\"", "is no earlier dense layer")]
    [InlineData("nodes/4", "null", "a name that no other layer has")]
    [InlineData("leads", "2", "found 2 leads, expected 3")]
    [InlineData("leads", "0", "0 leads")]
    [InlineData("leads", "2000000000", "2000000000 leads")]
    [InlineData("nodes", "null", "layer graph")]
    public void A_changed_graph_is_refused_by_name_or_still_right(string path, string value, string? message)
    {
        var graph = JsonNode.Parse(s_valid.Graph!.ToText())!;
        Set(graph, path.Split('/'), JsonNode.Parse(value));
        var bytes = WithMetadata(ModelFile.GraphKey, graph.ToJsonString());
        if (message is null)
        {
            AssertScores(ModelFile.Read(bytes, "changed"));
            return;
        }
        var error = Assert.Throws<ModelFormatException>(() => ModelFile.Read(bytes, "changed"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"leads\":3,\"nodes\":[],\"more\":1}")]
    [InlineData("{\"leads\":3}")]
    public void A_graph_that_is_none_is_refused(string text) =>
        Assert.Equal("layer graph",
            Assert.Throws<ModelFormatException>(() => ModelFile.Read(WithMetadata(ModelFile.GraphKey, text), "changed")).Position);

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    [InlineData(-1f, 1)]
    public void Weights_have_to_be_numbers_and_variances_not_negative(float value, int tensor)
    {
        string[] names = ["copy.weight", "norm.running_var"];
        var file = new ModelFile(s_valid.Manifest,
        [
            .. s_valid.Weights.Where(w => w.Name != names[tensor]),
            new NamedTensor(names[tensor], [3, 3, 1], [1f, 2, 3, 4, value, 6, 7, 8, 9]),
        ]);
        var error = Assert.Throws<ModelFormatException>(() => ModelFile.Read(file.ToBytes(), "changed"));
        Assert.Equal($"tensor '{names[tensor]}', element 4", error.Position);
    }

    [Fact]
    public void A_weight_that_was_changed_after_it_was_written_is_noticed()
    {
        var bytes = s_valid.ToBytes();
        bytes[^1] ^= 1;
        var error = Assert.Throws<ModelFormatException>(() => ModelFile.Read(bytes, "changed"));
        Assert.Equal("weights", error.Position);
        Assert.StartsWith("SHA-256 ", error.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_checksum_still_loads()
    {
        var manifest = JsonNode.Parse(s_valid.ManifestText())!.AsObject();
        Assert.Equal(64, manifest["weightsSha256"]!.GetValue<string>().Length);
        manifest.Remove("weightsSha256");
        var old = ModelFile.Read(WithMetadata(ModelFile.ManifestKey, manifest.ToJsonString()), "old");
        Assert.Null(old.Manifest.WeightsSha256);
        AssertScores(old);
    }

    [Fact]
    public void Work_that_is_out_of_proportion_to_the_weights_is_refused()
    {
        // A window of sixteen thousand samples at each of 100,000 places.
        var graph = new LayerGraph(3,
        [
            new PoolNode("slow", LayerGraph.Signals, PoolKind.Average, 16_001, 1, 8000),
            .. PassThrough.Graph(3).Nodes.Select(node => node is ConvolutionNode copy ? copy with { Input = "slow" } : node),
        ]);
        var file = PassThrough.File(PassThrough.Manifest(3, 100_000), graph);
        Assert.Contains("multiply-adds for one recording",
            Assert.Throws<ModelFormatException>(() => CompiledScorer.Create(file)).Message, StringComparison.Ordinal);
        Assert.Contains("multiply-adds for one recording",
            Assert.Throws<ModelFormatException>(() => OnnxExporter.Export(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_out_of_proportion_to_the_weights_is_refused()
    {
        // Each layer is small, but all of them are kept until they are added up, the last one first.
        var nodes = new List<LayerNode>();
        for (var i = 0; i < 60; i++)
            nodes.Add(new ActivationNode($"copy{i}", i == 0 ? LayerGraph.Signals : $"copy{i - 1}"));
        for (var i = 58; i >= 0; i--)
            nodes.Add(new AddNode(i == 0 ? "sum" : $"sum{i}", [nodes[^1].Name, $"copy{i}"]));
        var graph = new LayerGraph(
            3, [.. nodes, .. PassThrough.Graph(3).Nodes.Select(node => node is ConvolutionNode copy ? copy with { Input = "sum" } : node)]);
        var file = PassThrough.File(PassThrough.Manifest(3, 100_000), graph);
        Assert.Contains("bytes of working memory",
            Assert.Throws<ModelFormatException>(() => CompiledScorer.Create(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_logit_that_is_no_finite_number_is_an_error_and_no_answer()
    {
        var manifest = PassThrough.Manifest(3, 200);
        var huge = new NamedTensor("same.weight", [3, 3], [3e38f, 0, 0, 0, 1, 0, 0, 0, 1]);
        var scorer = CompiledScorer.Create(
            new ModelFile(manifest, [.. s_valid.Weights.Where(w => w.Name != huge.Name), huge], graph: s_valid.Graph));
        var samples = new float[600];
        samples.AsSpan(0, 200).Fill(10);
        var error = Assert.Throws<NonFiniteScoreException>(() => scorer.Score(samples, new float[3], new float[3]));
        Assert.Equal(("pass-through", "class 0"), (error.Model, error.Class));
        Assert.Throws<NonFiniteScoreException>(
            () => scorer.Explain(samples, CamKind.Exact, new float[3], new float[3], new float[600], new float[600]));
    }

    private static byte[] WithMetadata(string key, string value)
    {
        var file = SafetensorsFile.Read(s_valid.ToBytes(), "valid");
        return new SafetensorsFile(file.Tensors, new Dictionary<string, string>(file.Metadata) { [key] = value }).ToBytes();
    }

    private static void Set(JsonNode node, string[] path, JsonNode? value)
    {
        foreach (var step in path[..^1])
            node = int.TryParse(step, out var index) ? node[index]! : node[step]!;
        if (int.TryParse(path[^1], out var last))
            node[last] = value;
        else
            node[path[^1]] = value;
    }

    private static void AssertScores(ModelFile file)
    {
        var (logits, samples) = (new float[3], new float[600]);
        samples.AsSpan(200, 200).Fill(0.5f);
        CompiledScorer.Create(file).Score(samples, logits, new float[3]);
        // A lead's mean; zeros that a layer adds behind it are part of it.
        var cells = file.Graph!.ShapesFor(200)["copy"].Length;
        Assert.Equal(0, logits[0], 1e-6);
        Assert.Equal(0.5 * 200 / cells, logits[1], 1e-6);
    }
}
