using System.Text.Json.Serialization;

namespace SignalCam.Core.Models;

/// <summary>
/// A layer of a <see cref="LayerGraph"/>: what it computes, and from which earlier layers. Feature maps are (channel, cell), as for one
/// recording.
/// </summary>
/// <param name="Name">
/// Distinct in the graph; of a layer with weights, their name in the state dict without the last part (".weight").
/// </param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ConvolutionNode), "conv1d")]
[JsonDerivedType(typeof(BatchNormNode), "batch-norm")]
[JsonDerivedType(typeof(LayerNormNode), "layer-norm")]
[JsonDerivedType(typeof(GroupNormNode), "group-norm")]
[JsonDerivedType(typeof(ScaleNode), "scale")]
[JsonDerivedType(typeof(ActivationNode), "activation")]
[JsonDerivedType(typeof(PoolNode), "pool")]
[JsonDerivedType(typeof(AddNode), "add")]
[JsonDerivedType(typeof(MultiplyNode), "multiply")]
[JsonDerivedType(typeof(ConcatNode), "concat")]
[JsonDerivedType(typeof(GlobalAveragePoolNode), "global-average-pool")]
[JsonDerivedType(typeof(AttentionNode), "attention")]
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
/// (t + paddings - span) / stride, the span being (kernel - 1) x dilation + 1. Weights "Name.weight" (output channel, input channel /
/// groups, kernel), and "Name.bias" if it has one.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Channels">Output channels.</param>
/// <param name="Kernel">Kernel in taps.</param>
/// <param name="Stride">Time steps from one output to the next.</param>
/// <param name="PaddingBefore">Zeros before the first time step.</param>
/// <param name="PaddingAfter">Zeros behind the last one.</param>
/// <param name="HasBias">Whether there is a bias.</param>
/// <param name="Groups">
/// Into how many groups of neighbours input and output channels are divided, each of which is a convolution of its own. As many as input
/// channels: a depthwise convolution.
/// </param>
/// <param name="Dilation">Time steps from one tap to the next.</param>
public sealed record ConvolutionNode(
    string Name, string Input, int Channels, int Kernel, int Stride, int PaddingBefore, int PaddingAfter, bool HasBias, int Groups = 1,
    int Dilation = 1) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];

    /// <summary>Time steps from the first tap to behind the last one.</summary>
    internal long Span => (Kernel - 1L) * Dilation + 1;
}

/// <summary>
/// A dense layer on pooled features, or on each cell of feature maps, where it equals a convolution of width one. Weights "Name.weight"
/// (output, input), and "Name.bias" (output) if it has one.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Channels">Outputs.</param>
/// <param name="HasBias">Whether there is a bias.</param>
public sealed record DenseNode(string Name, string Input, int Channels, bool HasBias = true) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}
