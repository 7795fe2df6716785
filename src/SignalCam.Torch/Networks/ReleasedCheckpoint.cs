using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;

namespace SignalCam.Torch.Networks;

/// <summary>
/// The weights that the paper's authors released (.pt) say nothing of themselves; this is what is known of them: the published CNN for
/// normal against abnormal, PTB-XL's leads at 100 Hz, the published preprocessing.
/// </summary>
internal static class ReleasedCheckpoint
{
    /// <summary>Reads a checkpoint and describes it.</summary>
    /// <exception cref="ModelFormatException">It is no PyTorch checkpoint, or not one of the published CNN.</exception>
    public static ModelFile Load(string path)
    {
        var bytes = ModelBytes.Read(path);
        var tensors = PyTorchCheckpoint.Read(bytes, path);
        var dense = tensors.FirstOrDefault(t => t.Name == "pred_layer.weight");
        if (dense is null)
            throw new ModelFormatException(path, "state dict", "no tensor 'pred_layer.weight'", "the state dict of the published CNN");
        if (dense.Shape is not [1, _])
            throw new ModelFormatException(path, "tensor 'pred_layer.weight'", $"shape [{string.Join(", ", dense.Shape)}]",
                "[1, channels]: one output, normal against abnormal");
        return ModelFile.Describing(Manifest(Path.GetFileName(path)), tensors, bytes);
    }

    private static ModelManifest Manifest(string name) => new()
    {
        Name = name,
        Architecture = new ComponentSpec(SignalCnnArchitecture.ArchitectureName),
        Head = new ComponentSpec(BuiltInHeads.NameFor(TaskKind.Binary)),
        Task = "normal-abnormal",
        TaskKind = TaskKind.Binary,
        Classes = ["abnormal"],
        Leads = SignalLayout.StandardLeads,
        SamplingRate = 100,
        Length = 1000,
        Preprocessing = PreprocessingPresets.Paper,
        Preset = "paper",
    };
}
