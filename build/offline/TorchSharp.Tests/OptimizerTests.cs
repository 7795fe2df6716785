using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

/// <summary>Optimizers on gradients for which the result can be written down, or follows from a recursion over plain numbers.</summary>
public class OptimizerTests
{
    private const double Slope = -3;
    private const double Rate = 0.01;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Adam_moves_by_its_rate_under_a_constant_gradient(bool amsgrad, bool maximize)
    {
        using var parameter = Scalar(2);
        using var optimizer = optim.Adam([parameter], Rate, amsgrad: amsgrad, maximize: maximize);
        Run(optimizer, parameter, 20, _ => Slope);
        var sign = maximize ? -1 : 1;
        Assert.Equal(2 - sign * 20 * Rate * Slope / (Math.Abs(Slope) + 1e-8), parameter.ToDouble(), 1e-12);
    }

    [Fact]
    public void Adam_follows_the_published_algorithm_with_weight_decay()
    {
        using var parameter = Scalar(2);
        using var optimizer = optim.Adam([parameter], Rate, 0.8, 0.95, 1e-6, weight_decay: 0.1);
        Run(optimizer, parameter, 30, x => 2 * x);
        var (x, m, v) = (2.0, 0.0, 0.0);
        for (var t = 1; t <= 30; t++)
        {
            var g = 2 * x + 0.1 * x;
            m = 0.8 * m + 0.2 * g;
            v = 0.95 * v + 0.05 * g * g;
            x -= Rate * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.95, t))) + 1e-6);
        }
        Assert.Equal(x, parameter.ToDouble(), 1e-12);
    }

    [Fact]
    public void AdamW_decays_the_weight_apart_from_the_gradient()
    {
        using var parameter = Scalar(2);
        using var optimizer = optim.AdamW([parameter], Rate, weight_decay: 0.5);
        Run(optimizer, parameter, 20, _ => Slope);
        var x = 2.0;
        for (var t = 0; t < 20; t++)
            x = x * (1 - Rate * 0.5) - Rate * Slope / (Math.Abs(Slope) + 1e-8);
        Assert.Equal(x, parameter.ToDouble(), 1e-12);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0.9, 0, false)]
    [InlineData(0.9, 0.3, false)]
    [InlineData(0.9, 0, true)]
    public void SGD_follows_its_recursion(double momentum, double dampening, bool nesterov)
    {
        using var parameter = Scalar(2);
        using var optimizer = optim.SGD([parameter], Rate, momentum, dampening, weight_decay: 0.1, nesterov);
        Run(optimizer, parameter, 30, x => 2 * x);
        var (x, buffer) = (2.0, double.NaN);
        for (var t = 0; t < 30; t++)
        {
            var g = 2 * x + 0.1 * x;
            buffer = t == 0 ? g : momentum * buffer + (1 - dampening) * g;
            x -= Rate * (momentum == 0 ? g : nesterov ? g + momentum * buffer : buffer);
        }
        Assert.Equal(x, parameter.ToDouble(), 1e-12);
    }

    [Fact]
    public void Groups_have_their_own_options_and_parameters_without_gradient_are_left_alone()
    {
        using var scope = NewDisposeScope();
        var (slow, fast, idle) = (Scalar(0), Scalar(0), Scalar(5));
        using var optimizer = optim.Adam([new Adam.ParamGroup([slow, idle], lr: 0.001), new Adam.ParamGroup([fast], lr: 0.1)]);
        Assert.Equal([0.001, 0.1], optimizer.ParamGroups.Select(group => group.LearningRate));
        (slow + fast).backward();
        optimizer.step();
        Assert.Equal(-0.001, slow.ToDouble(), 1e-9);
        Assert.Equal(-0.1, fast.ToDouble(), 1e-9);
        Assert.Equal(5, idle.ToDouble());
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate *= 2;
        optimizer.step();
        Assert.Equal(-0.3, fast.ToDouble(), 1e-8);
    }

    [Fact]
    public void A_closure_computes_the_loss_that_is_returned()
    {
        using var scope = NewDisposeScope();
        var parameter = Scalar(2);
        using var optimizer = optim.SGD([parameter], 0.5);
        var loss = optimizer.step(() =>
        {
            var value = parameter.square();
            value.backward();
            return value;
        });
        Assert.Equal(4, loss!.ToDouble());
        Assert.Equal(0, parameter.ToDouble());
        optimizer.zero_grad();
        Assert.Equal(0, parameter.grad!.ToDouble());
    }

    [Theory]
    [InlineData("Adam")]
    [InlineData("AdamW")]
    [InlineData("SGD")]
    public void A_saved_optimizer_goes_on_as_if_it_had_not_stopped(string kind)
    {
        OptimizerHelper Create(Parameter parameter) => kind switch
        {
            "Adam" => optim.Adam([parameter], Rate, amsgrad: true),
            "AdamW" => optim.AdamW([parameter], Rate, weight_decay: 0.1),
            _ => optim.SGD([parameter], Rate, momentum: 0.9),
        };
        using var through = Scalar(2);
        using var whole = Create(through);
        Run(whole, through, 10, x => Math.Sin(5 * x));

        using var first = Scalar(2);
        using var early = Create(first);
        Run(early, first, 4, x => Math.Sin(5 * x));
        using var file = new MemoryStream();
        using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true))
            early.save_state_dict(writer);
        file.Position = 0;
        using var second = Scalar(first.ToDouble());
        using var third = Scalar(first.ToDouble());
        using var late = Create(second);
        using var copied = Create(third);
        using (var reader = new BinaryReader(file))
            late.load_state_dict(reader);
        copied.load_state_dict(early.state_dict());
        Run(late, second, 6, x => Math.Sin(5 * x));
        Run(copied, third, 6, x => Math.Sin(5 * x));
        Assert.Equal(through.ToDouble(), second.ToDouble(), 1e-15);
        Assert.Equal(through.ToDouble(), third.ToDouble(), 1e-15);
    }

    [Fact]
    public void Clipping_scales_all_gradients_to_the_norm()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Scalar(0), Scalar(0));
        (3 * a + 4 * b).backward();
        Assert.Equal(5, nn.utils.clip_grad_norm_([a, b], 1), 1e-12);
        Assert.Equal(0.6, a.grad!.ToDouble(), 1e-6);
        Assert.Equal(0.8, b.grad!.ToDouble(), 1e-6);
        Assert.Equal(1, nn.utils.clip_grad_norm_([a, b], 10), 1e-6);
        Assert.Equal(0.6, a.grad!.ToDouble(), 1e-6);
    }

    private static Parameter Scalar(double value) => new(torch.tensor(value));

    private static void Run(optim.Optimizer optimizer, Parameter parameter, int steps, Func<double, double> gradient)
    {
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            (parameter * gradient(parameter.ToDouble())).backward();
            optimizer.step();
        }
    }
}
