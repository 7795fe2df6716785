using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Pretrained;

/// <summary>Where a model comes from: a file, or, where that is null, weights that come with the SDK.</summary>
internal readonly record struct ModelSource(string? Path, string Pretrained)
{
    public EcgModel Load(SignalCamComponents components, string device) =>
        Path is null ? PretrainedModels.Get(Pretrained).Load(components, device) : EcgModel.Load(Path, components, device);

    public override string ToString() => Path ?? PretrainedModels.Get(Pretrained).ToString();
}
