using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Offline.Torch;

/// <summary>Every layer's and loss's gradient against central differences in double precision.</summary>
public class GradientTests
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-6;

    public static TheoryData<string> Layers => [.. LayerCases.Keys];

    public static TheoryData<string> Functions => [.. FunctionCases.Keys];

    private static readonly Dictionary<string, Func<nn.Module<Tensor, Tensor>>> LayerCases = new()
    {
        ["conv, same padding"] = () => nn.Conv1d(4, 6, 3, Padding.Same),
        ["conv, even kernel, same padding"] = () => nn.Conv1d(4, 6, 4, Padding.Same),
        ["conv, stride, padding, dilation, groups"] = () => nn.Conv1d(4, 6, 3, stride: 2, padding: 2, dilation: 2, groups: 2, bias: false),
        ["conv, reflected"] = () => nn.Conv1d(4, 6, 3, padding: 1, padding_mode: PaddingModes.Reflect),
        ["batch norm"] = () => nn.BatchNorm1d(4),
        ["layer norm"] = () => nn.LayerNorm(8),
        ["linear"] = () => nn.Linear(8, 3),
        ["dropout off"] = () => nn.Dropout(0),
        ["flatten"] = () => nn.Flatten(),
        ["identity"] = () => nn.Identity(),
        ["relu"] = () => nn.ReLU(),
        ["leaky relu"] = () => nn.LeakyReLU(0.1),
        ["elu"] = () => nn.ELU(1.2),
        ["gelu"] = () => nn.GELU(),
        ["silu"] = () => nn.SiLU(),
        ["sigmoid"] = () => nn.Sigmoid(),
        ["tanh"] = () => nn.Tanh(),
        ["softmax"] = () => nn.Softmax(1),
        ["max pool"] = () => nn.MaxPool1d(3, stride: 2, padding: 1),
        ["average pool"] = () => nn.AvgPool1d(3, stride: 2, padding: 1),
        ["adaptive average pool"] = () => nn.AdaptiveAvgPool1d(3),
        ["adaptive max pool"] = () => nn.AdaptiveMaxPool1d(3),
        ["sequential"] = () => nn.Sequential(("a", nn.Conv1d(4, 3, 3)), ("b", nn.LeakyReLU(0.2)), ("c", nn.AdaptiveAvgPool1d(1))),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor>> FunctionCases = new()
    {
        ["binary cross entropy"] = x => nn.functional.binary_cross_entropy(x.sigmoid(), Halves(x)),
        ["binary cross entropy, weighted sum"] = x => nn.functional.binary_cross_entropy(x.sigmoid(), Halves(x), torch.full_like(x, 0.3), nn.Reduction.Sum),
        ["with logits"] = x => new TorchSharp.Modules.BCEWithLogitsLoss(pos_weights: torch.full([8], 2.5, float64)).call(x, Halves(x)),
        ["cross entropy, classes"] = x => new TorchSharp.Modules.CrossEntropyLoss(weight: torch.tensor([1.0, 2, 0.5, 1]), label_smoothing: 0.1).call(x, torch.zeros([3, 8], int64)),
        ["cross entropy, probabilities"] = x => nn.CrossEntropyLoss().call(x, torch.full_like(x, 0.25)),
        ["mean square"] = x => nn.MSELoss().call(x, Halves(x)),
        ["linear interpolation"] = x => nn.functional.interpolate(x, [20], mode: InterpolationMode.Linear),
        ["linear interpolation, corners"] = x => nn.functional.interpolate(x, scale_factor: [2.5], mode: InterpolationMode.Linear, align_corners: true),
        ["nearest interpolation"] = x => nn.functional.interpolate(x, [12]),
        ["padding"] = x => nn.functional.pad(x, (2, 1), value: 0.7),
        ["normalised"] = x => nn.functional.normalize(x),
        ["einsum"] = x => torch.einsum("bct,bdt->bcd", x, x),
        ["indexing"] = x => x[TensorIndex.Ellipsis, 1..5] * x[.., TensorIndex.Tensor(torch.tensor([3L, 0])), TensorIndex.Slice(0, 8, 2)].sum(1, true),
        ["maximum, minimum, where"] = x => torch.where(x > 0, torch.maximum(x, x.flip(2)), torch.minimum(x, -x)),
        ["statistics"] = x => x.var(2, unbiased: false) + x.std(2) + x.logsumexp(2) + x.norm(2) + x.amax(2) - x.amin(2),
        ["gather and topk"] = x => x.topk(3, 2).values + x.gather(2, torch.zeros([3, 4, 3], int64)),
        ["cat, stack, chunk, split"] = x => torch.cat([.. x.chunk(2, 2), torch.stack(x.unbind(1), 1).split(3, 2)[1]], 2),
        ["roll, repeat, narrow, expand"] = x => x.roll(2, 2).repeat(1, 1, 2).narrow(2, 3, 8) * x.mean([2], true).expand_as(x),
        ["logs and powers"] = x => (x.exp() + 1).log() + x.square().add(1).sqrt() + x.abs().pow(1.5) + x.square().log1p(),
        ["clamp and lerp"] = x => torch.lerp(x.clamp(-0.5, 0.5), x.square(), torch.full_like(x, 0.3)),
        ["matrix products"] = x => x.bmm(x.transpose(1, 2)).matmul(x),
        ["gru"] = x => Recurrent(() => nn.GRU(8, 3, 2, batchFirst: true, bidirectional: true, dtype: float64).call(x).Item1),
        ["lstm"] = x => Recurrent(() => nn.LSTM(8, 3, batchFirst: true, dtype: float64).call(x).Item1),
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void A_layers_gradients_equal_central_differences(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(7);
        using var layer = LayerCases[name]().to(float64);
        using var input = Input();
        AssertGradients(() => layer.call(input), [input, .. layer.parameters()]);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_functions_gradient_equals_central_differences(string name)
    {
        using var scope = NewDisposeScope();
        torch.manual_seed(8);
        using var input = Input();
        AssertGradients(() => FunctionCases[name](input), [input]);
    }

    private static Tensor Input() => torch.randn([3, 4, 8], float64).requires_grad_();

    private static Tensor Halves(Tensor like) => (like.detach() > 0.2).to_type(like.dtype);

    /// <summary>The same weights at every evaluation.</summary>
    private static Tensor Recurrent(Func<Tensor> run)
    {
        torch.manual_seed(9);
        return run();
    }

    private static void AssertGradients(Func<Tensor> function, Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var result = function();
        var weights = torch.linspace(-1, 2, result.numel(), float64).reshape(result.shape);
        double Value()
        {
            using var inner = NewDisposeScope();
            using var _ = no_grad();
            return (function() * weights).sum().ToDouble();
        }
        var gradients = autograd.grad([(result * weights).sum()], inputs);
        for (var i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(inputs[i].shape, gradients[i].shape);
            var values = inputs[i].data<double>();
            var expected = new double[values.Count];
            var original = values.ToArray();
            for (var j = 0; j < expected.Length; j++)
            {
                values.CopyFrom([original[j] + Step], tensorIndex: j);
                var above = Value();
                values.CopyFrom([original[j] - Step], tensorIndex: j);
                expected[j] = (above - Value()) / (2 * Step);
                values.CopyFrom([original[j]], tensorIndex: j);
            }
            var actual = gradients[i].data<double>().ToArray();
            Assert.Contains(actual, gradient => gradient != 0);
            Assert.All(actual.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, Tolerance * Math.Max(1, Math.Abs(pair.Second))));
        }
    }
}
