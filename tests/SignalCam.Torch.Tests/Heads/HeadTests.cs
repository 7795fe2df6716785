using SignalCam.Abstractions;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Heads;

public sealed class HeadTests
{
    [Theory]
    [InlineData(TaskKind.Binary, 1, 4)]
    [InlineData(TaskKind.Multilabel, 5, 5)] // as many recordings as classes: none may be mistaken for the other
    [InlineData(TaskKind.Multilabel, 71, 2)]
    [InlineData(TaskKind.Multiclass, 5, 5)]
    public void Mean_of_each_class_map_plus_bias_is_its_logit(TaskKind kind, int classes, int batch)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        manual_seed(3);
        using var network = Network(kind, classes);
        network.Evaluate();
        var (logits, cam) = network.ForwardWithCam(randn(batch, 12, 1000), CamKind.Exact);
        Assert.Equal([batch, classes, 125], cam.shape);
        var difference = (cam.mean([2L]) + network.Head.Bias - logits).abs().max().item<float>();
        Assert.True(difference < 1e-5, $"difference {difference}");
    }

    [Fact]
    public void Both_forward_passes_give_the_same_logits()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Network(TaskKind.Multilabel, 5);
        network.Evaluate();
        var signals = randn(3, 12, 1000);
        var plain = network.Forward(signals).data<float>().ToArray();
        foreach (var kind in Enum.GetValues<CamKind>())
            Assert.Equal(plain, network.ForwardWithCam(signals, kind).Logits.data<float>().ToArray());
    }

    [Fact]
    public void Softmax_probabilities_add_up_to_one_and_sigmoid_ones_need_not()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 1, 2, 3, 0, 0, 0 }, [2, 3]);
        using var softmax = new SoftmaxHead(4, 3);
        using var sigmoid = new SigmoidHead(4, 3);
        var one = softmax.Probabilities(logits).data<float>().ToArray();
        Assert.Equal(1, one[..3].Sum(), 1e-6);
        Assert.Equal(Math.Exp(3) / (Math.Exp(1) + Math.Exp(2) + Math.Exp(3)), one[2], 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-2)), sigmoid.Probabilities(logits).data<float>().ToArray()[1], 1e-6);
    }

    [Fact]
    public void Class_weights_weigh_the_loss_of_recordings_that_carry_the_class()
    {
        using var scope = NewDisposeScope();
        var logits = tensor(new float[] { 0.5f, -1, 2, 0.3f }, [2, 2]);
        var targets = tensor(new float[] { 1, 0, 0, 1 }, [2, 2]);
        using var sigmoid = new SigmoidHead(4, 2, [3, 0.5f]);
        using var softmax = new SoftmaxHead(4, 2, [3, 0.5f]);

        // -w y log(p) - (1 - y) log(1 - p), the mean over recordings and classes.
        var expected = (3 * Softplus(-0.5) + Softplus(-1) + Softplus(2) + 0.5 * Softplus(-0.3)) / 4;
        Assert.Equal(expected, sigmoid.Loss(logits, targets).item<float>(), 1e-6);
        // -sum w log(softmax) / sum w, over the classes that apply.
        Assert.Equal((3 * Softplus(-1.5) + 0.5 * Softplus(1.7)) / 3.5, softmax.Loss(logits, targets).item<float>(), 1e-6);

        static double Softplus(double x) => Math.Log(1 + Math.Exp(x));
    }

    [Fact]
    public void Class_weights_that_do_not_fit_are_refused()
    {
        var heads = new SignalCamComponents().Heads;
        var three = new ComponentSpec("multilabel", PluginOptions.Write(new HeadOptions { ClassWeights = [1, 2, 3] }));
        Assert.Contains("found 3, expected one for each of 5 classes",
            Assert.Throws<ArgumentException>(() => heads.Create(three).Create(64, 5, TaskKind.Multilabel)).Message,
            StringComparison.Ordinal);
        var negative = new ComponentSpec("multilabel", PluginOptions.Write(new HeadOptions { ClassWeights = [1, -2] }));
        Assert.Contains("ClassWeights", Assert.Throws<PluginException>(() => heads.Create(negative)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_does_not_fit_the_task_is_refused()
    {
        var heads = new SignalCamComponents().Heads;
        Assert.Contains("does not fit",
            Assert.Throws<ArgumentException>(() => heads.Create(new ComponentSpec("binary")).Create(64, 5, TaskKind.Multilabel)).Message,
            StringComparison.Ordinal);
        Assert.Contains("one output",
            Assert.Throws<ArgumentException>(() => heads.Create(new ComponentSpec("binary")).Create(64, 2, TaskKind.Binary)).Message,
            StringComparison.Ordinal);
        Assert.Contains("binary, multiclass, multilabel",
            Assert.Throws<PluginException>(() => heads.Create(new ComponentSpec("ordinal"))).Message, StringComparison.Ordinal);
    }

    private static EcgNetwork Network(TaskKind kind, int classes)
    {
        var backbone = new SignalCnn(12);
        return new EcgNetwork(backbone,
            kind == TaskKind.Multiclass ? new SoftmaxHead(backbone.Channels, classes) : new SigmoidHead(backbone.Channels, classes));
    }
}
