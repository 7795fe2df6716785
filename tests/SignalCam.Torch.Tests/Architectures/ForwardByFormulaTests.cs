using SignalCam.Torch.Architectures;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace SignalCam.Torch.Tests.Architectures;

/// <summary>The forward passes, written down a second time as the papers' formulas over the state dict.</summary>
public sealed class ForwardByFormulaTests
{
    [Fact]
    public void Fcn_is_convolution_norm_relu_three_times() => Holds(
        new FcnWang(3, new FcnWangOptions { Channels = [4, 6, 5] }),
        (net, x) => net.Conv("block3", net.Conv("block2", net.Conv("block1", x).relu()).relu()).relu());

    [Fact]
    public void Resnet_adds_each_blocks_input_or_its_projection() => Holds(
        new ResNet1dWang(3, new ResNet1dWangOptions { Channels = 5 }),
        (net, x) =>
        {
            x = net.Conv("stem", x).relu();
            x = (net.Conv("block1.conv2", net.Conv("block1.conv1", x).relu()) + x).relu();
            foreach (var block in new[] { "block2", "block3" })
                x = (net.Conv($"{block}.conv2", net.Conv($"{block}.conv1", x, stride: 2).relu())
                    + net.Conv($"{block}.shortcut", x, stride: 2)).relu();
            return x;
        });

    [Fact]
    public void Xresnet_strides_in_the_middle_convolution_and_averages_in_the_shortcut() => Holds(
        new XResNet1d(3, 50, new XResNet1dOptions { StemChannels = [4, 5, 6], Channels = [2, 3], Blocks = [2, 1] }),
        (net, x) =>
        {
            x = net.Conv("stem3", net.Conv("stem2", net.Conv("stem1", x, stride: 2).relu()).relu()).relu();
            x = max_pool1d(x, 3, 2, 1);
            x = (Body("stage1_block1", x, 1) + net.Conv("stage1_block1.shortcut", x)).relu();
            x = (Body("stage1_block2", x, 1) + x).relu();
            return (Body("stage2_block1", x, 2) + net.Conv("stage2_block1.shortcut", Halved(x))).relu();

            Tensor Body(string block, Tensor input, int stride) =>
                net.Conv($"{block}.conv3", net.Conv($"{block}.conv2", net.Conv($"{block}.conv1", input).relu(), stride).relu());
        });

    [Fact]
    public void Excitation_scales_each_channel_by_what_two_dense_layers_make_of_all_means() => Holds(
        new XResNet1d(3, 18, new XResNet1dOptions
        {
            StemChannels = [4, 5, 6],
            Channels = [6, 8],
            Blocks = [1, 1],
            Excitation = 2,
            StochasticDepth = 0.5,
        }),
        (net, x) =>
        {
            x = net.Conv("stem3", net.Conv("stem2", net.Conv("stem1", x, stride: 2).relu()).relu()).relu();
            x = max_pool1d(x, 3, 2, 1);
            x = (Body("stage1_block1", x, 1) + x).relu();
            return (Body("stage2_block1", x, 2) + net.Conv("stage2_block1.shortcut", Halved(x))).relu();

            Tensor Body(string block, Tensor input, int stride)
            {
                var y = net.Conv($"{block}.conv2", net.Conv($"{block}.conv1", input, stride).relu());
                var hidden = net.Dense($"{block}.excitation.reduce", y.mean([2L])).relu();
                return y * net.Dense($"{block}.excitation.expand", hidden).sigmoid().unsqueeze(2);
            }
        });

    [Fact]
    public void Inception_joins_kernels_and_pooling_and_adds_a_projection_over_three_modules() => Holds(
        new InceptionTime(3, new InceptionTimeOptions { Filters = 2, Bottleneck = 3 }),
        (net, x) =>
        {
            foreach (var block in new[] { "block1", "block2" })
            {
                var y = x;
                for (var module = 1; module <= 3; module++)
                    y = Module($"{block}.module{module}", y);
                x = (y + net.Conv($"{block}.shortcut", x)).relu();
            }
            return x;

            Tensor Module(string name, Tensor input)
            {
                var narrow = net.Bare($"{name}.bottleneck", input);
                var branches = new[] { "conv1", "conv2", "conv3" }.Select(c => net.Bare($"{name}.{c}", narrow));
                return net.Norm($"{name}.norm", cat([.. branches, net.Bare($"{name}.pooled", max_pool1d(input, 3, 1, 1))], 1)).relu();
            }
        });

    private static void Holds(Backbone backbone, Func<Weights, Tensor, Tensor> formula)
    {
        using (backbone)
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            manual_seed(11);
            // Norms that neither scale by zero or one nor shift by nothing.
            foreach (var (name, tensor) in backbone.state_dict()
                .Where(s => s.Key.Contains("norm", StringComparison.Ordinal) && s.Value.numel() > 1))
                tensor.copy_(rand(tensor.shape) + 0.5);
            backbone.eval();
            var signals = randn(2, 3, 97);
            var features = backbone.call(signals);
            var expected = formula(new Weights(backbone.state_dict()), signals);
            Assert.Equal(expected.shape, features.shape);
            Assert.True(expected.std().item<float>() > 0.01);
            var difference = (features - expected).abs().max().item<float>() / expected.abs().max().item<float>();
            Assert.True(difference < 1e-5, $"relative difference {difference}");
        }
    }

    // Means of two; 25 cells become 13: the last one is its own mean.
    private static Tensor Halved(Tensor x)
    {
        var pairs = x.shape[2] / 2;
        var means = x.narrow(2, 0, 2 * pairs).reshape(x.shape[0], x.shape[1], pairs, 2).mean([3L]);
        return x.shape[2] % 2 == 0 ? means : cat([means, x.narrow(2, 2 * pairs, 1)], 2);
    }

    private sealed class Weights(Dictionary<string, Tensor> state)
    {
        public Tensor Bare(string name, Tensor x, int stride = 1)
        {
            var weight = state[$"{name}.weight"];
            return conv1d(x, weight, null, stride, (weight.shape[2] - 1) / 2);
        }

        public Tensor Dense(string name, Tensor x) => x.matmul(state[$"{name}.weight"].t()) + state[$"{name}.bias"];

        public Tensor Conv(string name, Tensor x, int stride = 1) => Norm($"{name}.norm", Bare($"{name}.conv", x, stride));

        public Tensor Norm(string name, Tensor x)
        {
            var scale = Of("weight") / (Of("running_var") + 1e-5).sqrt();
            return (x - Of("running_mean")) * scale + Of("bias");

            Tensor Of(string what) => state[$"{name}.{what}"].reshape(1, -1, 1);
        }
    }
}
