using SignalCam.Abstractions;
using static TorchSharp.torch;

namespace SignalCam.Torch.Heads;

/// <summary>Turns feature maps into logits, and defines the loss and the decision rule. One logit and one map per class.</summary>
public abstract class EcgHead : nn.Module<Tensor, Tensor>
{
    /// <summary>Names the head.</summary>
    protected EcgHead(string name)
        : base(name)
    {
    }

    /// <summary>
    /// The class activation maps (Zhou et al. 2016, eq. 2) of feature maps: class weights times channels at each cell.
    /// The mean of a map over its cells plus <see cref="Bias"/> is the class's logit, to rounding.
    /// </summary>
    /// <param name="features">(batch, channel, cell).</param>
    /// <returns>(batch, class, cell).</returns>
    public abstract Tensor Cam(Tensor features);

    /// <summary>The bias that is added to the mean of each class's map: (class).</summary>
    public abstract Tensor Bias { get; }

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="logits">(batch, class).</param>
    /// <param name="targets">(batch, class): 1 where a class applies, otherwise 0.</param>
    public abstract Tensor Loss(Tensor logits, Tensor targets);

    /// <summary>Probabilities of a batch: (batch, class) from (batch, class).</summary>
    public abstract Tensor Probabilities(Tensor logits);
}

/// <summary>A named way to build an <see cref="EcgHead"/>: the plug-in kind "head".</summary>
public interface IEcgHead
{
    /// <summary>The name it is looked up by (case-insensitive), such as "multilabel".</summary>
    string Name { get; }

    /// <summary>Builds a head with fresh weights, drawn from torch's generator.</summary>
    /// <param name="channels">Channels of the backbone's feature maps.</param>
    /// <param name="classes">Number of outputs.</param>
    /// <param name="kind">How the outputs relate.</param>
    /// <exception cref="ArgumentException">The outputs do not fit the head; the message names both.</exception>
    EcgHead Create(int channels, int classes, TaskKind kind);
}
