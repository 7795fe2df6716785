using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

/// <summary>Values of what the gradient tests do not see: creation, access, indexing, comparison, conversion.</summary>
public class TensorTests
{
    private static readonly float[] Six = [0, 1, 2, 3, 4, 5];

    [Fact]
    public void Elements_go_in_and_come_out_in_order()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(Six, [2, 3]);
        Assert.Equal([2L, 3], x.shape);
        Assert.Equal(Six, x.data<float>());
        Assert.Equal([0f, 3, 1, 4, 2, 5], x.t().data<float>().ToArray());
        Assert.Equal(new float[,] { { 0, 3 }, { 1, 4 }, { 2, 5 } }, x.t().data<float>().ToNDArray());
        Assert.Equal(5, x.data<float>()[1, 2]);
        var part = new float[4];
        x.t().data<float>().CopyTo(part, arrayIndex: 1, tensorIndex: 2);
        Assert.Equal([0f, 1, 4, 2], part);
        x.data<float>().CopyFrom([9f, 8], tensorIndex: 1);
        x.t().data<float>().CopyFrom([7f], tensorIndex: 5);
        Assert.Equal([0f, 9, 8, 3, 4, 7], x.data<float>().ToArray());
        x.bytes = new byte[24];
        Assert.Equal(0, x.abs().sum().ToSingle());
    }

    [Fact]
    public void Every_element_type_survives()
    {
        using var scope = NewDisposeScope();
        Assert.Equal((ScalarType.Float64, ScalarType.Int64, ScalarType.Bool, ScalarType.Int32, ScalarType.Byte),
            (torch.tensor(new[] { 1.0 }).dtype, torch.tensor(new[] { 1L }).dtype, torch.tensor(new[] { true }).dtype, torch.tensor(new[] { 1 }).dtype, torch.tensor(new byte[] { 1 }).dtype));
        Assert.Equal([true, false], torch.tensor(new[] { true, false }).data<bool>().ToArray());
        Assert.Equal([1L, -2], torch.tensor(new[] { 1.9, -2.9 }, int64).data<long>().ToArray());
        Assert.Equal([2L, 2], torch.tensor(new long[,] { { 1, 2 }, { 3, 4 } }).shape);
        Assert.Equal(1.5f, torch.tensor(1.5f).item<float>());
        Assert.Equal((3, 3L, 3.0, true), ((int)torch.tensor(3L), (long)torch.tensor(3.5f), (double)torch.tensor(3), (bool)torch.tensor(1)));
    }

    [Fact]
    public void Creation_gives_the_numbers_of_the_manual()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([1L, 3, 5], torch.arange(1, 6, 2).data<long>().ToArray());
        Assert.Equal(float32, torch.arange(0, 1, 0.5).dtype);
        Assert.Equal([0f, 0.5f, 1], torch.linspace(0, 1, 3).data<float>().ToArray());
        Assert.Equal([1f, 0, 0, 1], torch.eye(2).data<float>().ToArray());
        Assert.Equal([7.0, 7], torch.full(2, 7, dtype: float64).data<double>().ToArray());
        Assert.Equal([2L, 3, 4], torch.zeros(2, 3, 4).shape);
        Assert.Equal(int64, torch.randint(3, [5]).dtype);
        Assert.True((torch.randint(2, 4, [50]) >= 2).all().ToBoolean());
        Assert.Equal([0L, 1, 2], torch.randperm(3).sort().Values.data<long>().ToArray());
        Assert.True(torch.ones(2, requires_grad: true).requires_grad);
        Assert.Equal(Six, torch.from_array(new float[,] { { 0, 1, 2 }, { 3, 4, 5 } }).data<float>().ToArray());
    }

    [Fact]
    public void Indices_select_as_in_Python()
    {
        using var scope = NewDisposeScope();
        var x = torch.arange(24).reshape(2, 3, 4);
        long[] At(params TensorIndex[] indices) => x[indices].data<long>().ToArray();
        Assert.Equal([20L, 21, 22, 23], At(1, 2));
        Assert.Equal([20L, 21, 22, 23], At(^1, ^1));
        Assert.Equal([3L, 7, 11, 15, 19, 23], At(TensorIndex.Ellipsis, 3));
        Assert.Equal([5L, 6], At(0, 1, 1..3));
        Assert.Equal([8L, 10], At(0, 2, TensorIndex.Slice(null, null, 2)));
        Assert.Equal([12L, 0], At(TensorIndex.Tensor(torch.tensor(new[] { 1L, 0 })), 0, 0));
        Assert.Equal([2L, 1, 3, 4], x[TensorIndex.Colon, TensorIndex.Null].shape);
        Assert.Equal([23L], x[x > 22].data<long>().ToArray());
        Assert.Equal(23, x[1, 2, 3].item<long>());
        Assert.Equal([2L, 2, 3], x[TensorIndex.Ellipsis, 0..3][.., 1..].shape);
        x[0, TensorIndex.Colon, 0] = torch.tensor(-1L);
        Assert.Equal([-1L, -1, -1], At(0, TensorIndex.Colon, 0));
        x[x < 0] = torch.tensor(5L);
        Assert.Equal([5L, 5, 5], At(0, TensorIndex.Colon, 0));
    }

    [Fact]
    public void Operators_take_tensors_and_numbers_on_both_sides()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { 1.0, 2, 4 });
        double[] Values(Tensor tensor) => tensor.@double().data<double>().ToArray();
        Assert.Equal([3.0, 2, 0], Values(4 - x));
        Assert.Equal([4.0, 2, 1], Values(4 / x));
        Assert.Equal([1.5, 3, 6], Values(x * 1.5));
        Assert.Equal([0.0, 1, 3], Values(x - 1));
        Assert.Equal([0.0, 1, 1], Values((x > 1) & (x <= 4)));
        Assert.Equal([1.0, 0, 0], Values(~(x >= 2)));
        Assert.Equal([0.0, 1, 0], Values(x == 2));
        Assert.Equal([0.0, 1, 2], Values(x.div(2, RoundingMode.floor)));
        Assert.Equal([1.0, 0, 0], Values(x % 2));
        Assert.Equal([-1.0, -2, -4], Values(-x));
        Assert.Equal([1.0, 4, 16], Values(x.pow(2)));
    }

    [Fact]
    public void In_place_operations_change_the_tensor_and_return_it()
    {
        using var scope = NewDisposeScope();
        var x = torch.zeros(3, float64);
        Assert.Same(x, x.add_(1).mul_(4).sub_(1).div_(3).pow_(2).clamp_(0, 0.9).fill_(2));
        x.addcmul_(x, x, 0.5).addcdiv_(x, x, -1).sqrt_().lerp_(torch.zeros_like(x), torch.tensor(0.5)).copy_(x.add(1));
        Assert.Equal(1 + Math.Sqrt(3) / 2, x[0].ToDouble(), 1e-12);
        Assert.Equal(0, x.zero_().sum().ToDouble());
    }

    [Fact]
    public void Ranks_and_comparisons()
    {
        using var scope = NewDisposeScope();
        var x = torch.tensor(new[] { 3.0, 1, 2 });
        Assert.Equal([1L, 2, 0], x.argsort().data<long>().ToArray());
        Assert.Equal((0, 1), (x.argmax().ToInt32(), x.argmin().ToInt32()));
        Assert.Equal((3, 0), (x.max(0).values.ToDouble(), x.max(0).indexes.ToInt32()));
        Assert.Equal([3.0, 4, 6], x.cumsum(0).data<double>().ToArray());
        Assert.Equal([false, true], torch.tensor(new[] { 1, double.NaN }).isnan().data<bool>().ToArray());
        Assert.True(x.allclose(x + 1e-9));
        Assert.False(x.allclose(x + 1e-3));
        Assert.True(x.equal(x.clone()).ToBoolean());
        Assert.Equal(2, x.median().ToDouble());
    }

    [Fact]
    public void A_tensor_tells_what_it_is()
    {
        using var scope = NewDisposeScope();
        var x = torch.zeros(2, 3);
        Assert.Equal("[2x3], type = Float32, device = cpu", x.ToString());
        Assert.Equal("[], type = Float64, device = cpu, value = 0.5", torch.tensor(0.5).ToString());
        Assert.Equal((2, 6, 4), (x.ndim, x.numel(), x.element_size()));
        Assert.Equal((3, 3), (x.size(1), x.size(-1)));
        Assert.False(x.t().is_contiguous());
        Assert.Equal([1L, 3], x.t().stride());
        Assert.Equal("cuda:1", torch.device("cuda:1").ToString());
        Assert.StartsWith("1.13", torch.__version__);
    }
}
