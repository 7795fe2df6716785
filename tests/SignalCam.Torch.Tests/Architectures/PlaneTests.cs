using SignalCam.Torch.Architectures;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Architectures;

/// <summary>What goes through a plane, against the one-dimensional functions of torch.</summary>
public sealed class PlaneTests
{
    [Theory]
    [InlineData(1, 5, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(12, 64, 4)]
    public void A_plane_has_the_channels_of_a_time_step_side_by_side_and_comes_back_as_it_was(int channels, int length, int batch)
    {
        using var scope = NewDisposeScope();
        var signals = randn(batch, channels, length);
        var plane = Plane.From(signals);
        Assert.Equal([batch, channels, 1, length], plane.shape);
        if (channels > 1 && length > 1)
            Assert.Equal((1, channels), (plane.stride(1), plane.stride(3)));
        var back = Plane.ToFeatures(plane);
        Assert.True(back.is_contiguous());
        Assert.Equal(signals.data<float>().ToArray(), back.data<float>().ToArray());
    }

    [Theory]
    [InlineData(7, 1)]
    [InlineData(5, 2)]
    [InlineData(1, 1)]
    public void A_convolution_and_its_gradients_are_those_of_one_dimension(int kernel, int stride)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var convolution = nn.Conv1d(6, 10, kernel, stride: stride, padding: kernel / 2);
        var signals = randn(4, 6, 33, requires_grad: true);
        var expected = Gradients(() => convolution.call(signals));
        var found = Gradients(() => Plane.Convolve(convolution, Plane.From(signals)).squeeze(2));
        foreach (var (one, other) in expected.Zip(found))
        {
            Assert.Equal(one.shape, other.shape);
            Assert.True(one.allclose(other, 1e-4, 1e-5), $"{(one - other).abs().max().item<float>()}");
        }

        Tensor[] Gradients(Func<Tensor> run)
        {
            var output = run();
            var weights = arange(output.numel(), float32).reshape(output.shape) / output.numel();
            var gradients = autograd.grad([(output * weights).sum()], [signals, convolution.weight, convolution.bias!]);
            return [output.contiguous(), .. gradients];
        }
    }

    [Theory]
    [InlineData(2, 2, 0, 10)]
    [InlineData(2, 2, 0, 11)]
    [InlineData(3, 2, 1, 10)]
    [InlineData(3, 1, 1, 7)]
    public void The_largest_values_are_those_of_one_dimension_with_and_without_gradients(int kernel, int stride, int padding, int length)
    {
        using var scope = NewDisposeScope();
        manual_seed(2);
        var signals = randn(3, 5, length);
        signals[0, 0, 0] = float.NaN;
        var expected = nn.functional.max_pool1d(signals, kernel, stride, padding).data<float>().ToArray();
        var plane = Plane.From(signals);
        Assert.Equal(expected, Plane.ToFeatures(Plane.MaxPool(plane, kernel, stride, padding)).data<float>().ToArray());
        using var quiet = no_grad();
        Assert.Equal(expected, Plane.ToFeatures(Plane.MaxPool(plane, kernel, stride, padding)).data<float>().ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_norm_that_the_convolution_takes_in_gives_what_the_two_give_one_after_the_other(bool bias)
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var convolution = nn.Conv1d(6, 10, 5, padding: 2, bias: bias);
        using var norm = nn.BatchNorm2d(10);
        var plane = Plane.From(randn(4, 6, 33));
        using (no_grad())
        {
            foreach (var moved in new[] { norm.running_mean!, norm.running_var!, norm.weight!, norm.bias! })
                moved.copy_(rand(10) + 0.5);
        }
        norm.eval();
        var expected = Plane.ConvolveAndNormalise(convolution, norm, plane).detach();
        using var quiet = no_grad();
        var found = Plane.ConvolveAndNormalise(convolution, norm, plane);
        Assert.True(expected.allclose(found, 1e-5, 1e-5), $"{(expected - found).abs().max().item<float>()}");
        norm.train();
        Assert.False(expected.allclose(Plane.ConvolveAndNormalise(convolution, norm, plane), 1e-2, 1e-2));
    }
}
