using SignalCam.Core.Models;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Pretrained;

/// <summary>Where a model comes from: a file, or, if that is null, pretrained weights.</summary>
internal readonly record struct ModelSource(string? Path, string Pretrained)
{
    /// <summary>The model's name in answers: the file's name without its extension, or the name of the weights.</summary>
    public string Name => Path is null ? Pretrained : System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Reads the model file, or the authors' released weights (.pt).</summary>
    public ModelFile Read() => Path is null ? PretrainedModels.Get(Pretrained).Read()
        : Path.EndsWith(".pt", StringComparison.OrdinalIgnoreCase) ? ReleasedCheckpoint.Load(Path)
        : ModelFile.Load(Path);

    public override string ToString() => Path ?? PretrainedModels.Get(Pretrained).ToString();
}
