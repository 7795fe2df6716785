using System.ComponentModel.DataAnnotations;
using SignalCam.Torch.Heads;
using TorchSharp;
using static TorchSharp.torch;

namespace ThirdParty.Tests.Heads;

// Exactly one class applies; the focal loss (Lin et al. 2017) looks at what is still wrong.
// services.AddSignalCam().AddHead<FocalOptions>("focal", TaskKind.Multiclass, (channels, classes, options) => new FocalHead(channels,
// classes, options));

public sealed class FocalOptions
{
    [Range(0.0, 10.0)]
    public double Gamma { get; set; } = 2;
}

public sealed class FocalHead(int channels, int classes, FocalOptions options) : PooledLinearHead(nameof(FocalHead), channels, classes)
{
    public override Tensor Loss(Tensor logits, Tensor targets)
    {
        var right = (Probabilities(logits) * targets).sum(1);
        return -((1 - right).pow(options.Gamma) * (right + 1e-7).log()).mean();
    }

    public override Tensor Probabilities(Tensor logits) => nn.functional.softmax(logits, 1);
}
