using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Fuzz.Models;

/// <summary>Changed safetensors files of all element types.</summary>
public sealed class SafetensorsKind : FuzzKind
{
    private readonly byte[] _bytes = new SafetensorsFile(
        [.. Enum.GetValues<TensorDType>()
            .Select((type, i) => new NamedTensor($"tensor.{type}", type, [2, i], new byte[2 * i * type.Size()]))],
        new Dictionary<string, string> { ["format"] = "pt", ["more"] = "text" }).ToBytes();

    /// <inheritdoc/>
    public override string Name => "safetensors";

    /// <inheritdoc/>
    public override string Description => "changed safetensors files: read, all values looked at";

    /// <inheritdoc/>
    public override int Share => 2;

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var file = SafetensorsFile.Read(ByteMutator.Mutate(_bytes, new EcgRandom(seed)), "fuzz");
        foreach (var tensor in file.Tensors)
            if (tensor.ToSingles().Length != tensor.ToDoubles().Length)
                throw new WrongAnswerException($"{tensor}: numbers of elements differ");
    }
}
