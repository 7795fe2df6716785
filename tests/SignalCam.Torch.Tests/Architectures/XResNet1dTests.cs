using SignalCam.Abstractions;
using SignalCam.Torch.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Architectures;

public sealed class XResNet1dTests
{
    [Theory]
    [InlineData(18, "conv2")]
    [InlineData(50, "conv3")]
    public void The_last_norm_of_each_block_starts_at_zero_and_no_other(int depth, string last)
    {
        using var scope = NewDisposeScope();
        using var backbone = new XResNet1d(2, depth, Small());
        var scales = backbone.named_parameters().Where(p => p.name.EndsWith("norm.weight", StringComparison.Ordinal)).ToArray();
        foreach (var (name, scale) in scales)
            Assert.Equal(name.EndsWith($"{last}.norm.weight", StringComparison.Ordinal) ? 0 : 1, scale.max().item<float>());
        Assert.Equal(depth == 18 ? 8 : 16, scales.Count(s => s.parameter.max().item<float>() == 0));
    }

    [Fact]
    public void Stages_may_widen_as_those_for_images_do()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var options = Small();
        (options.Channels, options.Blocks) = ([4, 8, 16], [1, 2, 1]);
        using var backbone = new XResNet1d(2, 50, options);
        backbone.eval();
        Assert.Equal([1, 64, 7], backbone.call(randn(1, 2, 100)).shape);
        Assert.Equal(64, backbone.Channels);
    }

    [Fact]
    public void Stochastic_depth_leaves_bodies_out_while_it_learns_and_keeps_their_mean()
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        manual_seed(3);
        // A block whose body gives 1 everywhere: what is added to the input, 0, is the factor of each recording.
        var residual = (Residual)new ResidualPlan(
            new ChainPlan([("conv", new ConvNormPlan(2, 2, 1, Relu: false, Zero: true))]), new ChainPlan([]), Drop: 0.25).Build();
        foreach (var (name, bias) in residual.named_parameters())
            if (name.EndsWith("norm.bias", StringComparison.Ordinal))
                bias.fill_(1);
        residual.train();
        var factors = residual.call(zeros(4000, 2, 1, 3)).mean([1L, 2L, 3L]).data<float>().ToArray();
        Assert.All(factors, factor => Assert.True(factor == 0 || Math.Abs(factor - 1 / 0.75f) < 1e-6, $"factor {factor}"));
        // 0.25 of 4,000 with a standard error of 0.0068.
        Assert.InRange(factors.Count(factor => factor == 0) / 4000.0, 0.22, 0.28);
        residual.eval();
        Assert.All(residual.call(zeros(8, 2, 1, 3)).data<float>().ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Later_blocks_are_left_out_more_often()
    {
        var plan = XResNet1d.Plan(2, 18, new XResNet1dOptions { StochasticDepth = 0.4 });
        var drops = plan.Layers.Select(layer => layer.Layer).OfType<ResidualPlan>().Select(block => block.Drop).ToArray();
        Assert.Equal([0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4], drops.Select(drop => Math.Round(drop, 12)));
    }

    [Theory]
    [InlineData("xresnet1d18", null, 0)]
    [InlineData("xresnet1d18", 4, 8)]
    [InlineData("xse-resnet1d18", null, 8)]
    [InlineData("xse-resnet1d18", 0, 0)]
    public void The_name_says_whether_there_is_excitation_unless_the_option_does(string name, int? option, int blocks)
    {
        var spec = new ComponentSpec(name, PluginOptions.Write(new XResNet1dOptions { Excitation = option }));
        using var backbone = new SignalCamComponents().Architectures.Create(spec).Create(new SignalLayout(["I", "II"], 100, 100));
        Assert.Equal(blocks, backbone.named_parameters().Count(p => p.name.EndsWith("excitation.reduce.weight", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_depth_that_there_is_not_is_refused_with_those_there_are()
    {
        var e = Assert.Throws<ArgumentException>(() => new XResNet1d(12, 19));
        Assert.Contains("found depth 19, expected one of 18, 34, 50, 101", e.Message, StringComparison.Ordinal);
    }

    private static XResNet1dOptions Small() => new() { StemChannels = [4, 4, 6], Channels = [4, 4, 4, 4], Kernel = 3 };
}
