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
    public void A_depth_that_there_is_not_is_refused_with_those_there_are()
    {
        var e = Assert.Throws<ArgumentException>(() => new XResNet1d(12, 19));
        Assert.Contains("found depth 19, expected one of 18, 34, 50, 101", e.Message, StringComparison.Ordinal);
    }

    private static XResNet1dOptions Small() => new() { StemChannels = [4, 4, 6], Channels = [4, 4, 4, 4], Kernel = 3 };
}
