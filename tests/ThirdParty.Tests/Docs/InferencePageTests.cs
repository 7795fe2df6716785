using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Scoring;
using SignalCam.Testing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using ThirdParty.Tests.Architectures;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ThirdParty.Tests.Docs;

public sealed class DescribedCnn : Backbone, ILayerGraphSource
{
    private readonly Sequential _layers;

    public DescribedCnn(int leads, int width)
        : base(nameof(DescribedCnn))
    {
        Channels = width;
        _layers = Sequential(Conv1d(leads, width, 15, padding: 7), BatchNorm1d(width), ReLU(), MaxPool1d(4));
        register_module("layers", _layers);
    }

    public override int Channels { get; }

    public override Tensor forward(Tensor input) => _layers.call(input);

    public string AddTo(LayerGraphBuilder graph, string input)
    {
        var convolution = graph.Add(
            new ConvolutionNode("layers.0", input, Channels, Kernel: 15, Stride: 1, PaddingBefore: 7, PaddingAfter: 7, HasBias: true));
        var norm = graph.Add(new BatchNormNode("layers.1", convolution));
        var relu = graph.Add(new ActivationNode("layers.2", norm));
        return graph.Add(new PoolNode("layers.3", relu, PoolKind.Max, Kernel: 4, Stride: 4));
    }
}

public sealed class InferencePageTests
{
    [Fact]
    public void The_code_of_the_inference_page_runs()
    {
        using var folder = TestData.Folder();
        var (path, recording) = (Small.WriteModel(folder["model.safetensors"]), Small.Recording());

        using var model = ScoringModel.Load(path);
        var answer = model.Classify(recording, new ClassifyOptions { Explain = true });

        var bias = ModelFile.Load(path).FindWeight("pred_layer.bias")!.ToSingles()[0];
        Assert.Equal(answer.Scores[0].Logit, answer.Scores[0].HeatMap!.Cells.Average() + bias, 1e-4);
        Assert.Equal("compiled", answer.Backend);
    }

    [Fact]
    public void An_architecture_from_elsewhere_that_says_what_it_computes_is_compiled()
    {
        using var network = new EcgNetwork(new DescribedCnn(12, 6), Small.Head(6));
        using var model = new EcgModel(network, Small.Manifest, new SignalCam.Torch.SignalCamComponents(), "cpu");
        using var compiled = ScoringModel.Create(model.ToFile());
        var recording = Small.Recording();
        var expected = model.Run(model.Prepare(recording).Samples.ToArray(), 1);
        Assert.Equal(expected.Logits[0], compiled.Classify(recording).Scores[0].Logit, 1e-4);
    }

    [Fact]
    public void One_that_does_not_is_refused_with_what_is_missing()
    {
        using var network = new EcgNetwork(new SmallCnn(12, new SmallCnnOptions()), Small.Head(16));
        Assert.Null(network.FindGraph(12, out var missing));
        Assert.Contains("the backbone SmallCnn does not say what it computes", missing, StringComparison.Ordinal);
        using var model = new EcgModel(network, Small.Manifest, new SignalCam.Torch.SignalCamComponents(), "cpu");
        var error = Assert.Throws<ModelNotSupportedException>(() => ScoringModel.Create(model.ToFile()));
        Assert.Contains("has no layer graph", error.Message, StringComparison.Ordinal);
    }
}
