using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

/// <summary>Convolutions with stride one have kernels of their own; libtorch's operator says what they must do.</summary>
public class DirectConvolutionTests
{
    [Theory]
    [InlineData(3, 12, 16, 1000, 11, 5)]
    [InlineData(2, 16, 32, 250, 7, 3)]
    [InlineData(17, 32, 64, 125, 7, 3)]
    [InlineData(5, 13, 7, 37, 4, 2)]
    [InlineData(1, 1, 1, 1, 1, 0)]
    [InlineData(4, 5, 6, 40, 9, 0)]
    [InlineData(4, 64, 10, 63, 1, 0)]
    [InlineData(130, 2, 3, 8, 8, 7)]
    public void Values_and_gradients_are_those_of_libtorch(int batch, int inputs, int outputs, int length, int taps, int padding)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        Tensor[] given = [torch.randn(batch, inputs, length), torch.randn(outputs, inputs, taps), torch.randn(outputs)];
        var own = Run(given, (x, w, b) => nn.functional.conv1d(x, w, b, padding: padding), wanted: 3);
        var general = Run(given, (x, w, b) => Op.Call("conv1d", x, w, b, new long[] { 1 }, new long[] { padding }, new long[] { 1 }, 1L), wanted: 3);
        for (var i = 0; i < own.Length; i++)
        {
            Assert.Equal(general[i].shape, own[i].shape);
            // Sums in another order: rounding relative to the largest value.
            var tolerance = 2e-6f * Math.Max(1, general[i].abs().max().item<float>());
            Assert.True((general[i] - own[i]).abs().max().item<float>() <= tolerance * Math.Sqrt(batch), $"result {i}: off by {(general[i] - own[i]).abs().max().item<float>()}");
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(5);
        Tensor[] given = [torch.randn(50, 12, 300), torch.randn(16, 12, 11), torch.randn(16)];
        var before = torch.get_num_threads();
        try
        {
            torch.set_num_threads(1);
            var one = Run(given, (x, w, b) => nn.functional.conv1d(x, w, null, padding: 5));
            torch.set_num_threads(2);
            var two = Run(given, (x, w, b) => nn.functional.conv1d(x, w, null, padding: 5));
            for (var i = 0; i < one.Length; i++)
                Assert.Equal(one[i].data<float>().ToArray(), two[i].data<float>().ToArray());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    }

    [Fact]
    public void What_the_kernels_are_not_for_goes_to_libtorch()
    {
        using var scope = NewDisposeScope();
        var (signals, weights) = (torch.randn(2, 4, 20), torch.randn(6, 4, 3));
        Assert.Equal([2, 6, 9], nn.functional.conv1d(signals, weights, stride: 2).shape);
        Assert.Equal([2, 6, 16], nn.functional.conv1d(signals, weights, dilation: 2).shape);
        Assert.Equal([2, 4, 18], nn.functional.conv1d(signals, torch.randn(4, 1, 3), groups: 4).shape);
        Assert.Equal(float64, nn.functional.conv1d(signals.to(float64), weights.to(float64)).dtype);
    }

    private static Tensor[] Run(Tensor[] given, Func<Tensor, Tensor, Tensor, Tensor> convolve, int wanted = 2)
    {
        var inputs = given.Select(t => t.clone().requires_grad_()).ToArray();
        var output = convolve(inputs[0], inputs[1], inputs[2]);
        var weights = torch.linspace(-1, 2, output.numel()).reshape(output.shape);
                return [output.detach(), .. torch.autograd.grad([output], inputs[..wanted], [weights])];
    }
}
