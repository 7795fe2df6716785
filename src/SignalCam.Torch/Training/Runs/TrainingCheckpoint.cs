using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Training.Validation;

namespace SignalCam.Torch.Training.Runs;

/// <summary>The progress of a training.</summary>
/// <param name="Epoch">The current epoch, from 1; one beyond the last when all are done.</param>
/// <param name="Step">Steps done in it.</param>
/// <param name="Sums">The sums of these steps.</param>
/// <param name="SecondsOfEpoch">Seconds spent on this epoch.</param>
/// <param name="Epochs">The statistics of the finished epochs.</param>
/// <param name="Best">The number of the best epoch; null if none is finished.</param>
internal sealed record TrainingPosition(
    int Epoch, int Step, EpochSums Sums, double SecondsOfEpoch, IReadOnlyList<EpochStatistics> Epochs, int? Best);

/// <summary>A copy of the state that determines how a training continues.</summary>
/// <param name="Position">Its progress.</param>
/// <param name="Weights">The network's weights and buffers.</param>
/// <param name="BestWeights">The weights of the best epoch; null before the first epoch has ended.</param>
/// <param name="Parts">The state of the parts of the training, by the part's name.</param>
internal sealed record TrainingCheckpoint(
    TrainingPosition Position,
    IReadOnlyList<NamedTensor> Weights,
    IReadOnlyList<NamedTensor>? BestWeights,
    IReadOnlyDictionary<string, IReadOnlyList<NamedTensor>> Parts)
{
    private const int FormatVersion = 1;
    private const string Best = "best";

    // Doubles are written so that they read back to the bit; a validation loss may be infinite.
    private static readonly JsonSerializerOptions Json = new(JsonForms.CamelCase())
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>
    /// Everything that must be unchanged for the training to resume exactly; see <see cref="Sessions.TrainingIdentity"/>.
    /// </summary>
    public JsonObject Identity { get; init; } = [];

    /// <summary>
    /// Whether all weights are finite: otherwise the next loss will not be, and the training cannot resume from this state.
    /// </summary>
    public bool IsFinite => Weights.Where(weight => weight.DType == TensorDType.F32).All(weight => weight.ToSingles().All(float.IsFinite));

    /// <summary>The saved state of a part.</summary>
    /// <exception cref="ModelFormatException">It is not in the checkpoint.</exception>
    public RememberedTensors Remembered(string part, string file) => Parts.TryGetValue(part, out var tensors)
        ? new RememberedTensors(file, part, tensors.ToDictionary(tensor => tensor.Name))
        : throw new ModelFormatException(file, null, $"nothing of '{part}'", "a checkpoint with all that the training remembers");

    /// <summary>Writes the checkpoint atomically: at every moment the file is the old one or the new one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="manifest">Describes the weights: a checkpoint is a model file too.</param>
    public void Save(string path, ModelManifest manifest)
    {
        var tensors = (BestWeights ?? []).Select(weight => Renamed(weight, $"{Best}/{weight.Name}"))
            .Concat(Parts.SelectMany(part => part.Value.Select(tensor => Renamed(tensor, $"{part.Key}/{tensor.Name}"))));
        var text = JsonSerializer.Serialize(new Description(FormatVersion, Identity, Position), Json);
        new ModelFile(manifest, Weights, new SuspendedTraining(text, [.. tensors])).Save(path);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a checkpoint of a version that this SDK
    /// knows.</exception>
    public static TrainingCheckpoint Load(string path)
    {
        var file = ModelFile.Load(path);
        if (file.Suspended is not { } suspended)
            throw new ModelFormatException(path, null, "a model without the state of its training", "a checkpoint");
        var description = Parse(suspended.Text, path);
        var parts = suspended.Tensors.Select(Split).GroupBy(tensor => tensor.Part)
            .ToDictionary(part => part.Key, part => (IReadOnlyList<NamedTensor>)[.. part.Select(tensor => tensor.Tensor)]);
        parts.Remove(Best, out var best);
        return new TrainingCheckpoint(description.Position, file.Weights, best, parts) { Identity = description.Identity };
    }

    private static Description Parse(string text, string path)
    {
        try
        {
            var version = (int?)JsonNode.Parse(text)?["version"];
            if (version != FormatVersion)
                throw new ModelFormatException(path, "training",
                    $"version {version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}", $"{FormatVersion}");
            var description = JsonSerializer.Deserialize<Description>(text, Json)!;
            var (position, epochs) = (description.Position, description.Position.Epochs.Count);
            return position is { Epoch: >= 1, Step: >= 0 } && (position.Best ?? 1) >= 1 && (position.Best ?? 0) <= epochs
                ? description
                : throw new ModelFormatException(
                    path, "training", $"epoch {position.Epoch}, step {position.Step}, best {position.Best} of {epochs} epochs",
                    "a position in the training");
        }
        // ArgumentException: a member that occurs twice.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new ModelFormatException(path, "training", $"an error ({e.Message})", "the state of a training", e);
        }
    }

    private static (string Part, NamedTensor Tensor) Split(NamedTensor tensor)
    {
        var end = tensor.Name.IndexOf('/', StringComparison.Ordinal);
        return (tensor.Name[..Math.Max(end, 0)], Renamed(tensor, tensor.Name[(end + 1)..]));
    }

    private static NamedTensor Renamed(NamedTensor tensor, string name) => new(name, tensor.DType, tensor.Shape, tensor.Data);

    private sealed record Description(int Version, JsonObject Identity, TrainingPosition Position);
}
