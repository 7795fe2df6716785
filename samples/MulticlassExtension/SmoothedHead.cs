using System.ComponentModel.DataAnnotations;
using SignalCam.Torch.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace MulticlassExtension;

// Softmax whose loss asks for a little less than certainty (label smoothing, Szegedy et al. 2016), which keeps probabilities honest.

public sealed class SmoothedHeadOptions
{
    [Range(0.0, 0.5)]
    public double Smoothing { get; set; } = 0.1;
}

public sealed class SmoothedHead(
    int channels, int classes, SmoothedHeadOptions options) : PooledLinearHead(nameof(SmoothedHead), channels, classes)
{
    public override Tensor Loss(Tensor logits, Tensor targets)
    {
        var wanted = targets * (1 - options.Smoothing) + options.Smoothing / targets.shape[1];
        return -(wanted * nn.functional.log_softmax(logits, 1)).sum(1).mean();
    }

    public override Tensor Probabilities(Tensor logits) => nn.functional.softmax(logits, 1);
}
