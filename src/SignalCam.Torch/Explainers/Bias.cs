using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Explainers;

/// <summary>What a head adds to each class's evidence.</summary>
internal static class Bias
{
    public static float[] Of(EcgModel model)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        return model.Network.Head.Bias.detach().cpu().data<float>().ToArray();
    }
}
