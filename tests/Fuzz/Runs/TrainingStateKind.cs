using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Fuzz.Models;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Runs;
using SignalCam.Torch.Training.Validation;

namespace SignalCam.Fuzz.Runs;

/// <summary>Changed checkpoints of a training: read to go on from.</summary>
internal sealed class TrainingStateKind : FuzzKind
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"signalcam-fuzz-{Guid.NewGuid():N}.safetensors");
    private byte[]? _bytes;

    /// <inheritdoc/>
    public override string Name => "training";

    /// <inheritdoc/>
    public override string Description => "changed checkpoints of a training: read to go on from";

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        try
        {
            _bytes ??= Written();
            var text = SafetensorsFile.Read(_bytes, "corpus").Metadata[ModelFile.TrainingKey];
            File.WriteAllBytes(_path, random.Chance(0.7)
                ? Corpus.WithMetadata(_bytes, ModelFile.TrainingKey, JsonMutator.Mutate(text, random))
                : ByteMutator.Mutate(_bytes, random));
            var checkpoint = TrainingCheckpoint.Load(_path);
            if (checkpoint.Position.Best is { } best && best > checkpoint.Position.Epochs.Count)
                throw new WrongAnswerException($"epoch {best} is the best of {checkpoint.Position.Epochs.Count}");
            _ = checkpoint.IsFinite;
        }
        finally
        {
            File.Delete(_path);
        }
    }

    private byte[] Written()
    {
        var file = Corpus.Model(new EcgRandom(1));
        var position = new TrainingPosition(2, 3, new EpochSums(), 1.5, [], null);
        new TrainingCheckpoint(position, file.Weights, file.Weights,
            new Dictionary<string, IReadOnlyList<NamedTensor>> { ["optimizer"] = [new NamedTensor("step", [1], [3f])] })
        {
            Identity = new JsonObject { ["seed"] = 1 },
        }.Save(_path, file.Manifest);
        return File.ReadAllBytes(_path);
    }
}
