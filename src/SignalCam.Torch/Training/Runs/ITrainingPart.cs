using SignalCam.Core.Models;

namespace SignalCam.Torch.Training.Runs;

/// <summary>
/// A part of a training with state other than the weights, such as the optimizer. Its state is saved in every checkpoint and restored on
/// resuming; a part that omits state breaks exact resumption.
/// </summary>
internal interface ITrainingPart
{
    /// <summary>Where its tensors are in a checkpoint: "optimizer". Distinct among the parts.</summary>
    string Name { get; }

    /// <summary>Copies of its state, under its own names.</summary>
    IEnumerable<NamedTensor> Capture();

    /// <summary>Restores the state returned by <see cref="Capture"/>.</summary>
    /// <param name="remembered">The tensors by the names that <see cref="Capture"/> gave them.</param>
    void Restore(RememberedTensors remembered);
}

/// <summary>The tensors of one part in a checkpoint.</summary>
internal sealed class RememberedTensors(string file, string part, IReadOnlyDictionary<string, NamedTensor> tensors)
{
    /// <summary>The tensor of this name.</summary>
    /// <exception cref="Abstractions.ModelFormatException">There is none, or it does not have this many elements.</exception>
    public NamedTensor Get(string name, long count)
    {
        if (!tensors.TryGetValue(name, out var tensor))
            throw new Abstractions.ModelFormatException(file, part, $"no tensor '{name}'", "everything that the training remembers");
        if (tensor.Count != count)
            throw new Abstractions.ModelFormatException(file, $"{part}, tensor '{name}'", $"{tensor.Count} elements", $"{count}");
        return tensor;
    }
}
