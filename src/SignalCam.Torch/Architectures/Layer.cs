using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// A layer of the built-in networks: a <see cref="Plane"/> (batch, channel, 1, time) in and out. Its <see cref="LayerPlan"/> states what it
/// computes.
/// </summary>
internal abstract class Layer(string name) : nn.Module<Tensor, Tensor>(name)
{
    // A parent's register_module calls this, and the default adds every field once more under the field's name.
    protected override void RegisterComponents()
    {
    }

    /// <summary>
    /// A convolution without bias, because a batch norm follows that would take it away again. The length stays (an even kernel
    /// takes one sample away) or is divided by the stride, rounded up. Weights are drawn as by He et al. 2015, for ReLU.
    /// </summary>
    protected static Conv1d Convolution(int from, int to, int kernel, int stride = 1)
    {
        var convolution = nn.Conv1d(from, to, kernel, stride: stride, padding: (kernel - 1) / 2, bias: false);
        nn.init.kaiming_normal_(convolution.weight);
        return convolution;
    }
}

/// <summary>Layers one after the other. They are the owner's own children, so that the names in the state dict stay short.</summary>
internal sealed class LayerChain
{
    private readonly (string Name, Layer Layer)[] _layers;

    /// <summary>Registers the layers, at least one, with their owner.</summary>
    public LayerChain(nn.Module owner, params (string Name, Layer Layer)[] layers)
    {
        _layers = layers;
        foreach (var (name, layer) in layers)
            owner.register_module(name, layer);
    }

    /// <summary>Feature maps (batch, channel, cell) of signals (batch, lead, time).</summary>
    public Tensor Features(Tensor signals)
    {
        using var plane = Plane.From(signals);
        using var features = Forward(plane);
        return Plane.ToFeatures(features);
    }

    /// <summary>Runs the layers. What flows between them is released at once; autograd keeps what it needs by itself.</summary>
    public Tensor Forward(Tensor input)
    {
        var current = _layers[0].Layer.call(input);
        foreach (var (_, layer) in _layers.AsSpan(1))
        {
            using var former = current;
            current = layer.call(former);
        }
        return current;
    }
}

/// <summary>A convolution, batch norm and, unless told otherwise, ReLU.</summary>
internal sealed class ConvNorm : Layer
{
    private readonly Conv1d _convolution;
    private readonly BatchNorm2d _norm;
    private readonly bool _relu;

    /// <summary>Builds it with fresh weights.</summary>
    /// <param name="from">Channels of the input.</param>
    /// <param name="to">Channels of the output.</param>
    /// <param name="kernel">Kernel in time steps.</param>
    /// <param name="stride">Time steps from one output to the next.</param>
    /// <param name="relu">Whether ReLU follows.</param>
    /// <param name="zero">Whether the norm's scale starts at zero, so that a residual block starts as its shortcut.</param>
    public ConvNorm(int from, int to, int kernel, int stride = 1, bool relu = true, bool zero = false)
        : base(nameof(ConvNorm))
    {
        _convolution = Convolution(from, to, kernel, stride);
        _norm = nn.BatchNorm2d(to);
        _relu = relu;
        if (zero)
            nn.init.zeros_(_norm.weight!);
        register_module("conv", _convolution);
        register_module("norm", _norm);
    }

    public override Tensor forward(Tensor input)
    {
        var normalised = Plane.ConvolveAndNormalise(_convolution, _norm, input);
        if (_relu)
            normalised.relu_();
        return normalised;
    }
}

/// <summary>Max pooling over three time steps, centred.</summary>
internal sealed class MaxPool(int stride) : Layer(nameof(MaxPool))
{
    public override Tensor forward(Tensor input) => Plane.MaxPool(input, 3, stride, 1);
}

/// <summary>Means of two time steps; an unpaired last one is unchanged.</summary>
internal sealed class HalvingAveragePool() : Layer(nameof(HalvingAveragePool))
{
    public override Tensor forward(Tensor input) => nn.functional.avg_pool2d(input, [1L, 2L], [1L, 2L], ceil_mode: true);
}
