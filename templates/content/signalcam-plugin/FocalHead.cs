using System.ComponentModel.DataAnnotations;
using SignalCam.Torch.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace Ward1;

/// <summary>Options of the head "ward1-focal".</summary>
public sealed class FocalHeadOptions
{
    /// <summary>How strongly correct recordings are down-weighted; 0 is the usual cross entropy. Default 2.</summary>
    [Range(0.0, 10.0)]
    public double Gamma { get; set; } = 2;
}

/// <summary>Global average pooling and one dense layer, trained with the focal loss (Lin et al. 2017, doi 10.1109/ICCV.2017.324).</summary>
public sealed class FocalHead(int channels, int classes, FocalHeadOptions options) : PooledLinearHead(nameof(FocalHead), channels, classes)
{
    public override Tensor Loss(Tensor logits, Tensor targets)
    {
        var right = (Probabilities(logits) * targets).sum(1);
        return -((1 - right).pow(options.Gamma) * (right + 1e-7).log()).mean();
    }

    public override Tensor Probabilities(Tensor logits) => nn.functional.softmax(logits, 1);
}
