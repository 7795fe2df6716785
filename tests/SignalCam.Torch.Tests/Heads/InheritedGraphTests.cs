using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Inference;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Heads;

/// <summary>Heads that derive from <see cref="PooledLinearHead"/> have its graph, where they compute what it says.</summary>
public sealed class InheritedGraphTests
{
    [Fact]
    public void A_head_that_changes_its_loss_alone_is_compiled_with_its_maps()
    {
        using var network = new EcgNetwork(new SignalCnn(3), new OwnLoss(64, 2));
        var manifest = Manifest(TaskKind.Multilabel);
        var scorer =
            CompiledScorer.Create(new ModelFile(manifest, NetworkState.Copy(network), graph: network.FindGraph(3, out var missing)));
        Assert.Null(missing);
        using var model = new EcgModel(network, manifest, new SignalCamComponents(), "cpu");
        CompiledScorerTests.AssertSame(model, scorer, CompiledScorerTests.Samples(manifest.Layout, 1), CamKind.Exact);
        CompiledScorerTests.AssertSame(model, scorer, CompiledScorerTests.Samples(manifest.Layout, 1), CamKind.Paper);
    }

    [Fact]
    public void A_head_whose_probabilities_are_a_softmax_is_found_to_be_one_whatever_mode_it_is_in()
    {
        using var network = new EcgNetwork(new SignalCnn(3), new OwnSoftmax(64, 2));
        network.Train();
        var graph = network.FindGraph(3, out _)!;
        Assert.True(graph.Probabilities!.IsSoftmax);
        Assert.True(network.Head.training);
        Assert.False(new EcgNetwork(new SignalCnn(3), new OwnLoss(64, 2)).FindGraph(3, out _)!.Probabilities!.IsSoftmax);
    }

    [Theory]
    [InlineData(false, "probabilities are neither the sigmoid nor the softmax")]
    [InlineData(true, "logits are not those of its dense layer")]
    public void A_head_that_computes_something_else_has_no_graph_and_is_named(bool changesLogits, string expected)
    {
        using var network = new EcgNetwork(new SignalCnn(3), changesLogits ? new Sharpened(64, 2) : new Halved(64, 2));
        Assert.Null(network.FindGraph(3, out var missing));
        Assert.Contains(expected, missing, StringComparison.Ordinal);
        Assert.Contains(changesLogits ? nameof(Sharpened) : nameof(Halved), missing, StringComparison.Ordinal);
    }

    [Fact]
    public void Looking_at_a_head_draws_no_random_numbers()
    {
        using var network = new EcgNetwork(new SignalCnn(3), new OwnLoss(64, 2));
        manual_seed(5);
        var expected = rand(4).data<float>().ToArray();
        manual_seed(5);
        network.FindGraph(3, out _);
        Assert.Equal(expected, rand(4).data<float>().ToArray());
    }

    [Fact]
    public void A_backbone_that_gives_its_last_convolution_and_does_not_say_so_is_named()
    {
        using var network = new EcgNetwork(new Forgetful(3), new OwnLoss(4, 2));
        Assert.Null(network.FindGraph(3, out var missing));
        Assert.Contains("has to set LastConvolution", missing, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_whose_weights_the_network_has_not_is_named_at_once()
    {
        using var network = new EcgNetwork(new Misnamed(3), new OwnLoss(4, 2));
        Assert.Contains("needs a tensor 'layer.weight'",
            Assert.Throws<ArgumentException>(() => network.FindGraph(3, out _)).Message, StringComparison.Ordinal);
    }

    private static ModelManifest Manifest(TaskKind kind) => new()
    {
        Architecture = new ComponentSpec("signal-cnn"),
        Head = new ComponentSpec("own"),
        Task = "test",
        TaskKind = kind,
        Classes = ["a", "b"],
        Leads = ["I", "II", "III"],
        SamplingRate = 100,
        Length = 300,
        Preprocessing = [],
    };

    private class OwnLoss(int channels, int classes) : PooledLinearHead(nameof(OwnLoss), channels, classes)
    {
        public override Tensor Loss(Tensor logits, Tensor targets) => (logits - targets).square().mean();

        public override Tensor Probabilities(Tensor logits) => 1 / (1 + (-logits).exp());
    }

    private sealed class OwnSoftmax(int channels, int classes) : OwnLoss(channels, classes)
    {
        public override Tensor Probabilities(Tensor logits) => logits.exp() / logits.exp().sum([1L], keepdim: true);
    }

    private sealed class Halved(int channels, int classes) : OwnLoss(channels, classes)
    {
        public override string GetName() => nameof(Halved);

        public override Tensor Probabilities(Tensor logits) => logits.sigmoid() / 2;
    }

    private sealed class Sharpened(int channels, int classes) : OwnLoss(channels, classes)
    {
        public override string GetName() => nameof(Sharpened);

        public override Tensor forward(Tensor input) => base.forward(input) * 2;
    }

    private sealed class Forgetful : Backbone, ILayerGraphSource, ILastConvolution
    {
        private readonly TorchSharp.Modules.Conv1d _layer;

        public Forgetful(int leads)
            : base(nameof(Forgetful))
        {
            _layer = nn.Conv1d(leads, Channels, 3);
            register_module("conv", _layer);
        }

        public override int Channels => 4;

        public override Tensor forward(Tensor input) => _layer.call(input);

        public (Tensor Features, Tensor LastConvolution) ForwardWithLastConvolution(Tensor signals) =>
            (_layer.call(signals), _layer.call(signals));

        public string AddTo(LayerGraphBuilder graph, string input) => graph.AddModule("conv", _layer, input);
    }

    private sealed class Misnamed : Backbone, ILayerGraphSource
    {
        private readonly TorchSharp.Modules.Conv1d _layer;

        public Misnamed(int leads)
            : base(nameof(Misnamed))
        {
            _layer = nn.Conv1d(leads, Channels, 3);
            register_module("conv", _layer);
        }

        public override int Channels => 4;

        public override Tensor forward(Tensor input) => _layer.call(input);

        public string AddTo(LayerGraphBuilder graph, string input) => graph.AddModule("layer", _layer, input);
    }
}
