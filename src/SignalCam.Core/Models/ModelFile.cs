using System.Security.Cryptography;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// A trained model in one file: weights in the safetensors format, and in its metadata a manifest that states how to build the network
/// and prepare recordings. Any safetensors reader can read the weights. See docs/model-file.md.
/// </summary>
public sealed class ModelFile
{
    /// <summary>The name of the manifest in the metadata of the safetensors file.</summary>
    public const string ManifestKey = "signalcam";

    /// <summary>The name of the layer graph in the metadata of the safetensors file.</summary>
    public const string GraphKey = "signalcam.graph";

    /// <summary>
    /// The name of a suspended training's state in the metadata, and what the names of its tensors begin with, followed by '/'.
    /// </summary>
    public const string TrainingKey = "signalcam.training";

    private const string TrainingPrefix = TrainingKey + "/";

    private readonly Lazy<string> _sha256;
    private readonly Dictionary<string, NamedTensor> _byName;

    /// <summary>Creates a model.</summary>
    /// <param name="manifest">The description of the weights.</param>
    /// <param name="weights">Parameters and buffers, by their names in the state dict.</param>
    /// <param name="graph">What is computed with the weights; null if the architecture or the head does not say.</param>
    /// <exception cref="ArgumentException">The manifest contradicts itself, or two weights have one name.</exception>
    public ModelFile(ModelManifest manifest, IReadOnlyList<NamedTensor> weights, LayerGraph? graph = null)
        : this(manifest, weights, null, graph, null)
    {
    }

    /// <summary>Creates a checkpoint: a model with the state of its training.</summary>
    internal ModelFile(ModelManifest manifest, IReadOnlyList<NamedTensor> weights, SuspendedTraining? suspended, LayerGraph? graph = null)
        : this(manifest, weights, suspended, graph, null)
    {
    }

    private ModelFile(ModelManifest manifest, IReadOnlyList<NamedTensor> weights, SuspendedTraining? suspended,
        LayerGraph? graph, ReadOnlyMemory<byte>? source)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(weights);
        manifest.Require();
        _sha256 = new Lazy<string>(() => Convert.ToHexStringLower(SHA256.HashData(source is { } bytes ? bytes.Span : ToBytes())));
        Manifest = manifest;
        Weights = weights;
        Suspended = suspended;
        Graph = graph;
        _byName = weights.ToDictionary(weight => weight.Name, StringComparer.Ordinal);
    }

    /// <summary>
    /// SHA-256 of the file that it was read from, 64 hexadecimal digits in lower case; of one that was put together, of what
    /// <see cref="Save"/> writes.
    /// </summary>
    public string Sha256 => _sha256.Value;

    /// <summary>The manifest: what the weights are, and their input and output.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Parameters and buffers, by their names in the state dict.</summary>
    public IReadOnlyList<NamedTensor> Weights { get; }

    /// <summary>
    /// The computation of the network, which allows scoring without its architecture; null if the architecture or the head
    /// did not say, and in files of versions that did not write it.
    /// </summary>
    public LayerGraph? Graph { get; }

    /// <summary>The state of the training if the file is a checkpoint; otherwise null.</summary>
    internal SuspendedTraining? Suspended { get; }

    /// <summary>Statistics of the features of the training recordings; null if not fitted.</summary>
    internal FeatureStatistics? Features { get; private init; }

    /// <summary>The weight of this name, or null.</summary>
    public NamedTensor? FindWeight(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Reads a model file.</summary>
    /// <exception cref="ModelFormatException">
    /// The file cannot be read, breaks the format, has no manifest, or one of a newer version; or weights, manifest and layer graph
    /// contradict each other, exceed the limits in docs/model-file.md, or are not what was written.
    /// </exception>
    public static ModelFile Load(string path) => Read(ModelBytes.Read(path), path);

    /// <inheritdoc cref="Load"/>
    public static async Task<ModelFile> LoadAsync(string path, CancellationToken cancellationToken = default) =>
        Read(await ModelBytes.ReadAsync(path, cancellationToken).ConfigureAwait(false), path);

    /// <summary>Reads a model file that is in memory; the weights refer to these bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">Its name in messages.</param>
    /// <exception cref="ModelFormatException">As for <see cref="Load"/>.</exception>
    public static ModelFile Read(ReadOnlyMemory<byte> bytes, string name)
    {
        var file = SafetensorsFile.Read(bytes, name);
        if (!file.Metadata.TryGetValue(ManifestKey, out var text))
            throw new ModelFormatException(name, null, "weights without a manifest",
                $"a model file, with a manifest under '{ManifestKey}' in its metadata; weights alone can be imported");
        var manifest = ModelManifest.Parse(text, name);
        var graph = file.Metadata.TryGetValue(GraphKey, out var layers) ? LayerGraph.Parse(layers, name) : null;
        var weights = file.Tensors.Where(tensor => !IsOfTraining(tensor) && !FeatureStatistics.Has(tensor)).ToArray();
        ModelCheck.RequireNumbers(weights, name);
        if (manifest.WeightsSha256 is { } expected && WeightChecksum.Of(weights) is var found && found != expected)
            throw new ModelFormatException(name, "weights", $"SHA-256 {found}", $"{expected}, as they were written");
        SuspendedTraining? suspended = null;
        if (file.Metadata.TryGetValue(TrainingKey, out var training))
            suspended = new SuspendedTraining(
                training, [.. file.Tensors.Where(IsOfTraining).Select(tensor => Renamed(tensor, tensor.Name[TrainingPrefix.Length..]))]);
        var model = new ModelFile(manifest, weights, suspended, graph, bytes)
        {
            Features = file.Metadata.TryGetValue(FeatureStatistics.Key, out var facts)
                ? FeatureStatistics.Read(facts, file.Tensors, name)
                : null,
        };
        if (graph is not null)
            ModelCheck.Require(graph, manifest, model.FindWeight, name);
        return model;
    }

    /// <summary>Reads a model file from a stream that knows its length.</summary>
    internal static ModelFile Read(Stream stream, string name)
    {
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes, name);
    }

    /// <summary>
    /// The same model with its layers' weights stored in another element type, rounded to the nearest. Vectors (biases and the parameters
    /// of norms) are unchanged. Every backend still computes in 32 bits. The training state of a checkpoint is left out.
    /// </summary>
    /// <param name="type">
    /// <see cref="TensorDType.F16"/> (11 bits of mantissa, up to 65,504), <see cref="TensorDType.BF16"/> (8 bits) or
    /// <see cref="TensorDType.F32"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">It is another type.</exception>
    /// <exception cref="ArgumentException">A weight is too large for the type; the message names the tensor and the element.</exception>
    public ModelFile StoredAs(TensorDType type) => new(Manifest, WeightPrecision.Convert(Weights, type), graph: Graph);

    /// <summary>Writes the model atomically: a reader finds the old file or the new one, never a part.</summary>
    public void Save(string path) => ToFile().Save(path);

    /// <inheritdoc cref="Save"/>
    public Task SaveAsync(string path, CancellationToken cancellationToken = default) =>
        WholeFile.WriteAsync(path, ToBytes(), cancellationToken);

    /// <summary>
    /// A model of a checkpoint that is not a model file: the description is put to the weights, the hash stays that of the checkpoint.
    /// </summary>
    /// <param name="manifest">The description of the weights.</param>
    /// <param name="weights">The checkpoint's tensors.</param>
    /// <param name="checkpoint">The checkpoint's bytes.</param>
    internal static ModelFile Describing(ModelManifest manifest, IReadOnlyList<NamedTensor> weights, ReadOnlyMemory<byte> checkpoint) =>
        new(manifest, weights, null, null, checkpoint);

    /// <summary>The same model with other feature statistics.</summary>
    internal ModelFile With(FeatureStatistics? features) => new(Manifest, Weights, Suspended, Graph) { Features = features };

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => ToFile().ToBytes();

    /// <summary>The manifest with the checksum of the weights.</summary>
    internal string ManifestText() => (Manifest with { WeightsSha256 = WeightChecksum.Of(Weights) }).ToText();

    private SafetensorsFile ToFile()
    {
        var metadata = new Dictionary<string, string> { [ManifestKey] = ManifestText() };
        if (Graph is not null)
            metadata.Add(GraphKey, Graph.ToText());
        var tensors = Weights;
        if (Features is not null)
        {
            metadata.Add(FeatureStatistics.Key, Features.ToText());
            tensors = [.. Weights, .. Features.ToTensors()];
        }
        if (Suspended is not { } suspended)
            return new SafetensorsFile(tensors, metadata);
        metadata.Add(TrainingKey, suspended.Text);
        return new SafetensorsFile(
            [.. tensors, .. suspended.Tensors.Select(tensor => Renamed(tensor, TrainingPrefix + tensor.Name))], metadata);
    }

    private static bool IsOfTraining(NamedTensor tensor) => tensor.Name.StartsWith(TrainingPrefix, StringComparison.Ordinal);

    private static NamedTensor Renamed(NamedTensor tensor, string name) => new(name, tensor.DType, tensor.Shape, tensor.Data);
}

/// <summary>
/// The training state that a checkpoint keeps beside the weights. The training that wrote it knows what it means.
/// </summary>
/// <param name="Text">How far it has come, as JSON.</param>
/// <param name="Tensors">Its state: the optimizer's moments, the best weights, random state.</param>
internal sealed record SuspendedTraining(string Text, IReadOnlyList<NamedTensor> Tensors);
