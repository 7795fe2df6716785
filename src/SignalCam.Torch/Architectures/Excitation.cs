using SignalCam.Core.Models;
using SignalCam.Torch.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// Squeeze and excitation (Hu et al. 2018, arXiv:1709.01507): each channel times a number from 0 to 1 that two dense layers make of all
/// channels' means.
/// </summary>
internal sealed class Excitation : Layer
{
    private readonly Linear _reduce;
    private readonly Linear _expand;

    /// <summary>Builds it with fresh weights.</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="hidden">Width of the layer between.</param>
    public Excitation(int channels, int hidden)
        : base(nameof(Excitation))
    {
        _reduce = nn.Linear(channels, hidden);
        _expand = nn.Linear(hidden, channels);
        register_module("reduce", _reduce);
        register_module("expand", _expand);
    }

    public override Tensor forward(Tensor input)
    {
        using var means = input.mean([2L, 3L]);
        using var hidden = Dense(_reduce, means);
        hidden.relu_();
        using var logits = Dense(_expand, hidden);
        using var shares = logits.sigmoid();
        using var plane = shares.view(shares.shape[0], shares.shape[1], 1, 1);
        return input.mul(plane);
    }

    // In the plane's type, as the convolutions are.
    private static Tensor Dense(Linear layer, Tensor input)
    {
        using var weight = layer.weight.to(input.dtype);
        using var bias = layer.bias!.to(input.dtype);
        return nn.functional.linear(input, weight, bias);
    }
}

/// <summary>For an <see cref="Excitation"/>.</summary>
internal sealed record ExcitationPlan(int Channels, int Hidden) : LayerPlan
{
    public override Layer Build() => new Excitation(Channels, Hidden);

    public override string AddTo(LayerGraphBuilder graph, string name, string input)
    {
        var means = graph.Add(new GlobalAveragePoolNode($"{name}.means", input));
        var hidden = graph.Add(new ActivationNode($"{name}.relu", graph.Add(new DenseNode($"{name}.reduce", means, Hidden))));
        var logits = graph.Add(new DenseNode($"{name}.expand", hidden, Channels));
        var shares = graph.Add(new ActivationNode($"{name}.sigmoid", logits, Function: ActivationFunction.Sigmoid));
        return graph.Add(new MultiplyNode($"{name}.product", [input, shares]));
    }
}
