using SignalCam.Abstractions;
using SignalCam.Core.Models;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// A CNN that turns signals (batch, lead, time) into feature maps (batch, channel, cell). The head pools the feature maps over the
/// cells, so whatever <see cref="nn.Module{T, TResult}.forward"/> returns is what the exact class activation map is made from.
/// </summary>
public abstract class Backbone : nn.Module<Tensor, Tensor>
{
    /// <summary>Names the backbone.</summary>
    protected Backbone(string name)
        : base(name)
    {
    }

    /// <summary>Channels of the feature maps.</summary>
    public abstract int Channels { get; }

    /// <summary>Fewest samples per lead that it takes. By default 1.</summary>
    public virtual int ShortestInput => 1;

    /// <summary>
    /// Whether it also takes signals of type BFloat16: it then computes in that type from weights that stay Float32, and still gives
    /// feature maps of type Float32. By default false.
    /// </summary>
    public virtual bool TakesBfloat16 => false;

    /// <summary>
    /// The layers with their parameters and multiply-adds for one recording. By default those of the layer graph where the backbone
    /// is an <see cref="ILayerGraphSource"/>; else a row for each direct child, with its parameters and without multiply-adds.
    /// </summary>
    public virtual IReadOnlyList<LayerDescription> Describe(SignalLayout input)
    {
        if (this is ILayerGraphSource source)
            return GraphRows.Of(source, input);
        return [.. named_children().Select(child => new LayerDescription(
            child.name, child.module.GetName(), null, null, child.module.parameters().Sum(p => p.numel()), null))];
    }
}

/// <summary>
/// A backbone that also gives the last convolution's output before batch norm and activation, which CAM `paper` is made from.
/// </summary>
public interface ILastConvolution
{
    /// <summary>Both from one pass.</summary>
    /// <param name="signals">(batch, lead, time).</param>
    /// <returns>The feature maps and the last convolution's output, both (batch, channel, cell).</returns>
    (Tensor Features, Tensor LastConvolution) ForwardWithLastConvolution(Tensor signals);
}

/// <summary>One row of the layer table.</summary>
/// <param name="Name">The layer's name in the state dict.</param>
/// <param name="Kind">What it is, such as "Conv1d 12->16 k11".</param>
/// <param name="Channels">Channels of its output; null if the architecture does not state it.</param>
/// <param name="Length">Time steps (cells) of its output; null if the architecture does not state it.</param>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds for one recording; null if the architecture does not state it.</param>
public sealed record LayerDescription(string Name, string Kind, int? Channels, int? Length, long Parameters, long? MultiplyAdds);
