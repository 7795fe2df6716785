using System.Text.Json.Serialization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>A layer of a <see cref="LayerGraph"/>: what it computes, and from which earlier layers. Feature maps are (channel, cell), as for one recording.</summary>
/// <param name="Name">Distinct in the graph; of a layer with weights, their name in the state dict without the last part (".weight").</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ConvolutionNode), "conv1d")]
[JsonDerivedType(typeof(BatchNormNode), "batch-norm")]
[JsonDerivedType(typeof(ActivationNode), "activation")]
[JsonDerivedType(typeof(PoolNode), "pool")]
[JsonDerivedType(typeof(AddNode), "add")]
[JsonDerivedType(typeof(ConcatNode), "concat")]
[JsonDerivedType(typeof(GlobalAveragePoolNode), "global-average-pool")]
[JsonDerivedType(typeof(DenseNode), "dense")]
[JsonDerivedType(typeof(ProbabilityNode), "probability")]
[JsonDerivedType(typeof(CamNode), "cam")]
public abstract record LayerNode(string Name)
{
    /// <summary>The layers that it takes, each earlier in the graph, or <see cref="LayerGraph.Signals"/>.</summary>
    [JsonIgnore]
    public abstract IReadOnlyList<string> Sources { get; }
}

/// <summary>
/// A convolution over time with zero padding: (input channel, t) to (<paramref name="Channels"/>, u), u up to
/// (t + paddings - kernel) / stride. Weights "Name.weight" (output channel, input channel, kernel), and "Name.bias" if it has one.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Kernel">Kernel in time steps.</param>
/// <param name="Stride">Time steps from one output to the next.</param>
/// <param name="PaddingBefore">Zeros before the first time step.</param>
/// <param name="PaddingAfter">Zeros behind the last one.</param>
/// <param name="HasBias">Whether there is a bias.</param>
public sealed record ConvolutionNode(string Name, string Input, int Channels, int Kernel, int Stride, int PaddingBefore, int PaddingAfter, bool HasBias) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>
/// Batch norm with its running statistics: (x - mean) / sqrt(variance + epsilon) x weight + bias per channel. Weights "Name.weight",
/// "Name.bias", "Name.running_mean", "Name.running_var" (channel).
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormNode(string Name, string Input, double Epsilon = 1e-5) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>ReLU, leaky or not: x if above zero, else x times the slope.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="NegativeSlope">0 (ReLU) to 1.</param>
public sealed record ActivationNode(string Name, string Input, double NegativeSlope = 0) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>What a pooling makes of the time steps under its window.</summary>
public enum PoolKind
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>Their mean.</summary>
    Average,
}

/// <summary>Pooling over time. Only time steps that there are count: padding and what lies beyond the end are left out, of a mean's divisor too.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Pool">What is made of a window.</param>
/// <param name="Kernel">The window in time steps.</param>
/// <param name="Stride">Time steps from one window to the next.</param>
/// <param name="Padding">By how much the first window begins early and the last may end late; at most half of the window.</param>
/// <param name="RoundUp">Whether a last window that is not full counts (PyTorch's ceil_mode).</param>
public sealed record PoolNode(string Name, string Input, PoolKind Pool, int Kernel, int Stride, int Padding = 0, bool RoundUp = false) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>The sum of layers of the same shape.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Inputs">At least two layers.</param>
public sealed record AddNode(string Name, IReadOnlyList<string> Inputs) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => Inputs;
}

/// <summary>The channels of layers of the same length, one after the other.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Inputs">At least two layers.</param>
public sealed record ConcatNode(string Name, IReadOnlyList<string> Inputs) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => Inputs;
}

/// <summary>The mean of each channel over its cells.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
public sealed record GlobalAveragePoolNode(string Name, string Input) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>A dense layer on pooled features. Weights "Name.weight" (output, input) and "Name.bias" (output).</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Channels">Outputs.</param>
public sealed record DenseNode(string Name, string Input, int Channels) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>Turns logits into probabilities; there is one in a graph, and what it takes are the logits.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="IsSoftmax">Softmax over the classes, or else a sigmoid for each.</param>
public sealed record ProbabilityNode(string Name, string Input, bool IsSoftmax) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>Class activation maps (Zhou et al. 2016, doi 10.1109/CVPR.2016.319, eq. 2): a dense layer's weights times feature maps at each cell, without its bias.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The feature maps.</param>
/// <param name="Dense">The dense layer, earlier in the graph, whose weights are used.</param>
/// <param name="Map">Which map it is.</param>
public sealed record CamNode(string Name, string Input, string Dense, CamKind Map) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}
