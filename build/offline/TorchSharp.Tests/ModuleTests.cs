using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

public class ModuleTests
{
    [Fact]
    public void Fields_become_components_under_their_names()
    {
        using var net = new PaperNet();
        Assert.Equal(["pre_cnn_extractor", "cnn_extractor", "last_conv", "last_batch_norm", "pred_layer"], net.named_children().Select(child => child.name));
        var names = net.state_dict().Keys.ToList();
        Assert.Equal(30, names.Count);
        Assert.Contains("cnn_extractor.1.1.running_var", names);
        Assert.Contains("pre_cnn_extractor.0.weight", names);
        Assert.Contains("pred_layer.bias", names);

        using var own = new Odd();
        Assert.Equal(["scale", "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"], own.named_parameters().Select(named => named.name));
        Assert.Equal(["offset"], own.named_buffers().Select(named => named.name));
        Assert.True(own.has_parameter("layers.1.bias"));
        Assert.Same(own.Scale, own.get_parameter("scale"));
    }

    [Fact]
    public void Train_and_eval_reach_every_part()
    {
        using var net = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.BatchNorm1d(2)));
        net.eval();
        Assert.All(net.modules(), module => Assert.False(module.training));
        using (var input = torch.ones(4, 2))
        using (var output = net.call(input))
            Assert.True(output.allclose(input, rtol: 1e-4));
        net.train();
        Assert.All(net.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void Batch_norm_keeps_running_statistics_as_PyTorch_does()
    {
        using var scope = NewDisposeScope();
        using var norm = nn.BatchNorm1d(1, momentum: 0.1);
        var input = torch.tensor(new[] { 1f, 2, 3, 6 }, [4, 1]);
        norm.call(input);
        Assert.Equal(0.1 * 3, norm.running_mean!.item<float>(), 1e-6);
        Assert.Equal(0.9 + 0.1 * 14.0 / 3, norm.running_var!.item<float>(), 1e-6);
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        norm.eval();
        norm.call(input);
        Assert.Equal(1, norm.num_batches_tracked!.item<long>());
        Assert.Throws<ArgumentException>(() => norm.call(torch.ones(1, 1, 1, 1)));
    }

    [Fact]
    public void Convolution_and_linear_start_within_PyTorchs_bounds()
    {
        torch.manual_seed(5);
        using var conv = nn.Conv1d(8, 32, 9);
        var bound = 1 / Math.Sqrt(8 * 9);
        AssertUniform(conv.weight, bound);
        AssertUniform(conv.bias!, bound);
        using var linear = nn.Linear(64, 128);
        AssertUniform(linear.weight, 1.0 / 8);
        AssertUniform(linear.bias!, 1.0 / 8);
        using var weight = torch.empty(64, 16, 5);
        Assert.Equal(Math.Sqrt(2.0 / 80), nn.init.kaiming_normal_(weight, nonlinearity: nn.init.NonlinearityType.ReLU).std().ToDouble(), 5e-3);
        Assert.Equal(Math.Sqrt(2.0 / 400), nn.init.xavier_normal_(weight).std().ToDouble(), 3e-3);
    }

    [Fact]
    public void Converting_a_module_replaces_parameters_buffers_and_the_fields_that_hold_them()
    {
        using var net = new Odd();
        net.to(float64);
        Assert.All(net.parameters(), parameter => Assert.Equal(float64, parameter.dtype));
        Assert.Same(net.Scale, net.get_parameter("scale"));
        Assert.Equal(float64, net.get_buffer("offset")!.dtype);
        using var input = torch.ones(2, 3, dtype: float64);
        using var output = net.call(input);
        output.sum().backward();
        Assert.NotNull(net.Scale.grad);
        Assert.Same(net, net.to(CPU));
    }

    [Fact]
    public void Sequential_frees_what_flows_through_it()
    {
        using var net = nn.Sequential(nn.ReLU(), nn.Identity(), nn.Dropout(0.1), nn.ELU());
        using var input = torch.ones(3);
        var before = LiveTensors.Count();
        using (torch.no_grad())
        using (net.call(input))
            Assert.Equal(before + 1, LiveTensors.Count());
        using var empty = nn.Sequential();
        using var same = empty.call(input);
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void Clearing_gradients_leaves_none()
    {
        using var linear = nn.Linear(2, 1);
        using (var input = torch.ones(1, 2))
        using (var output = linear.call(input))
            output.sum().backward();
        Assert.NotNull(linear.weight.grad);
        linear.zero_grad(set_to_none: false);
        Assert.Equal(0, linear.weight.grad!.abs().sum().ToDouble());
        linear.zero_grad();
        Assert.Null(linear.weight.grad);
    }

    private static void AssertUniform(Tensor tensor, double bound)
    {
        using var _ = torch.no_grad();
        Assert.InRange(tensor.abs().max().ToDouble(), 0.8 * bound, bound);
        Assert.InRange(tensor.std().ToDouble(), 0.7 * bound / Math.Sqrt(3), 1.3 * bound / Math.Sqrt(3));
    }

    private sealed class Odd : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = nn.Parameter(torch.ones(3));

        [ComponentName(Name = "offset")]
        private readonly Tensor shift = torch.zeros(3);

        private readonly ModuleList<Linear> layers = nn.ModuleList(nn.Linear(3, 3), nn.Linear(3, 3));

        public Odd() : base(nameof(Odd)) => RegisterComponents();

        public Parameter Scale => scale;

        public override Tensor forward(Tensor input) => layers.Aggregate(input * scale + shift, (x, layer) => layer.call(x));
    }
}
