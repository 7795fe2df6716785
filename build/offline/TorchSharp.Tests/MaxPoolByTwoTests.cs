using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

/// <summary>Max pooling by two has a kernel of its own; the general operator, which also gives indices, says what it must do.</summary>
public class MaxPoolByTwoTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(1000)]
    [InlineData(1001)]
    public void Values_and_gradients_are_those_of_the_general_operator_bit_for_bit(int length)
    {
        using var scope = NewDisposeScope();
        var random = new Random(11);
        // Few different values, so that many pairs are equal: the gradient then belongs to the first of them.
        var numbers = Enumerable.Range(0, 5 * 7 * length).Select(_ => (float)random.Next(-3, 3)).ToArray();
        (numbers[0], numbers[^1], numbers[length]) = (float.NaN, float.NaN, float.NegativeInfinity);
        using var values = torch.tensor(numbers, [5, 7, length]);
        var (own, ownGradient) = Run(values, x => nn.functional.max_pool1d(x, 2));
        var (general, generalGradient) = Run(values, x =>
        {
            var (output, indices) = nn.functional.max_pool1d_with_indices(x, 2);
            indices.Dispose();
            return output;
        });
        Assert.Equal(general.data<float>().ToArray(), own.data<float>().ToArray());
        Assert.Equal(generalGradient.data<float>().ToArray(), ownGradient.data<float>().ToArray());
        Assert.Equal([5, 7, length / 2], own.shape);
    }

    [Fact]
    public void A_view_is_pooled_like_its_copy()
    {
        using var scope = NewDisposeScope();
        var view = torch.arange(0, 24, float32).reshape(2, 4, 3).transpose(1, 2);
        Assert.Equal(nn.functional.max_pool1d(view.contiguous(), 2).data<float>().ToArray(), nn.functional.max_pool1d(view, 2).contiguous().data<float>().ToArray());
    }

    private static (Tensor Output, Tensor Gradient) Run(Tensor values, Func<Tensor, Tensor> pool)
    {
        using var input = values.clone().requires_grad_();
        var output = pool(input);
        var weights = torch.linspace(-1, 2, output.numel()).reshape(output.shape);
        var gradient = torch.autograd.grad([output], [input], [weights])[0];
        return (output.detach(), gradient);
    }
}
