using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

public class ErrorTests
{
    [Fact]
    public void Shapes_that_do_not_fit_are_told_in_libtorchs_words()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ExternalException>(() => torch.ones(3) + torch.ones(4));
        Assert.Equal("The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0", error.Message);
        Assert.Contains("expected input[1, 3, 8] to have 2 channels, but got 3 channels", Assert.Throws<ExternalException>(() => nn.Conv1d(2, 2, 3).call(torch.ones(1, 3, 8))).Message);
        Assert.Contains("4 elements", Assert.Throws<ExternalException>(() => torch.ones(4).ToDouble()).Message);
    }

    [Fact]
    public void A_failed_backward_is_an_exception()
    {
        using var scope = NewDisposeScope();
        var x = torch.ones(2).requires_grad_();
        Assert.Contains("grad can be implicitly created only for scalar outputs", Assert.Throws<ExternalException>(() => (x * 2).backward()).Message);
        var loss = x.square().sum();
        loss.backward();
        Assert.Contains("a second time", Assert.Throws<ExternalException>(loss.backward).Message);
        Assert.Throws<ExternalException>(() => autograd.grad([torch.ones(1)], [x]));
    }

    [Fact]
    public void A_tensor_used_after_its_disposal_throws()
    {
        var x = torch.ones(2, 2);
        var values = x.data<float>();
        x.Dispose();
        x.Dispose();
        Assert.True(x.IsInvalid);
        var uses = new Action[]
        {
            () => x.add(1), () => x.add_(1), () => torch.cat([torch.ones(2, 2), x]), () => _ = x.shape, () => _ = x.dtype, () => _ = x.Handle, () => _ = x.grad,
            () => x.requires_grad = true, () => x.backward(), () => _ = x.bytes, () => x.data<float>(), () => values.ToArray(), () => _ = x[0], () => x.cpu(),
        };
        Assert.All(uses, use => Assert.Equal("Tensor invalid -- empty handle.", Assert.Throws<InvalidOperationException>(use).Message));
    }

    [Fact]
    public void Disposing_while_another_thread_computes_never_crashes()
    {
        for (var round = 0; round < 200; round++)
        {
            var x = torch.ones(64, 64);
            var worker = new Thread(() =>
            {
                try
                {
                    while (true)
                    {
                        using var y = x.matmul(x);
                        x.data<float>().CopyTo(new float[16]);
                    }
                }
                catch (InvalidOperationException)
                {
                }
            });
            worker.Start();
            Thread.SpinWait(round * 50);
            x.Dispose();
            worker.Join();
        }
    }

    [Fact]
    public void A_state_dict_that_does_not_fit_is_refused_by_name_and_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 3);
        var before = linear.weight.clone();
        Dictionary<string, Tensor> Source(params (string, Tensor)[] entries) => entries.ToDictionary(entry => entry.Item1, entry => entry.Item2);
        var (weight, bias) = (torch.zeros(3, 2), torch.zeros(3));

        Assert.Contains("missing bias", Assert.Throws<InvalidOperationException>(() => linear.load_state_dict(Source(("weight", weight)))).Message);
        Assert.Contains("unexpected gamma", Assert.Throws<InvalidOperationException>(() => linear.load_state_dict(Source(("weight", weight), ("bias", bias), ("gamma", bias)))).Message);
        var error = Assert.Throws<ArgumentException>(() => linear.load_state_dict(Source(("weight", torch.zeros(2, 3)), ("bias", bias))));
        Assert.Contains("'weight': found [2x3], expected [3x2]", error.Message);
        Assert.True(linear.weight.allclose(before));

        var (missing, unexpected) = linear.load_state_dict(Source(("bias", bias), ("gamma", bias)), strict: false);
        Assert.Equal(["weight"], missing);
        Assert.Equal(["gamma"], unexpected);
        linear.load_state_dict(Source(("weight", weight)), skip: ["bias"]);
        Assert.Equal(0, linear.weight.abs().sum().ToDouble());
    }

    [Fact]
    public void A_device_that_is_not_there_is_named()
    {
        using var scope = NewDisposeScope();
        Assert.False(torch.cuda.is_available());
        Assert.Equal(0, torch.cuda.device_count());
        var uses = new Action[]
        {
            () => torch.ones(1).cuda(), () => torch.zeros(1, device: "cuda:0"), () => torch.tensor(new[] { 1f }, device: torch.CUDA), () => nn.Linear(1, 1).to("cuda:0"),
        };
        Assert.All(uses, use => Assert.Contains("cuda:0", Assert.Throws<InvalidOperationException>(use).Message));
        Assert.Throws<ArgumentException>(() => torch.device("tpu"));
        Assert.Throws<ArgumentException>(() => torch.device("cuda:first"));
    }

    [Fact]
    public void Elements_are_read_as_what_they_are()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("Float32", Assert.Throws<ArgumentException>(() => torch.ones(2).data<double>()).Message);
        Assert.Throws<ArgumentException>(() => torch.ones(2).item<float>());
        Assert.Throws<ExternalException>(() => torch.tensor(new float[3], [2, 2]));
        Assert.Throws<NotImplementedException>(() => _ = torch.ones(2, 3).t().bytes);
        Assert.Throws<IndexOutOfRangeException>(() => torch.ones(2, 3).data<float>()[0, 3]);
    }
}
