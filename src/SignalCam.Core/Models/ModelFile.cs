using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// A trained model in one file: weights in the safetensors format, and in its metadata a manifest that says how to build the network and
/// how a recording is prepared for it. Any safetensors reader can read the weights. See docs/model-file.md.
/// </summary>
public sealed class ModelFile
{
    /// <summary>The name of the manifest in the metadata of the safetensors file.</summary>
    public const string ManifestKey = "signalcam";

    private readonly SafetensorsFile _weights;

    /// <summary>Puts a model together.</summary>
    /// <param name="manifest">What the weights are.</param>
    /// <param name="weights">Parameters and buffers, by their names in the state dict.</param>
    /// <exception cref="ArgumentException">The manifest contradicts itself, or two weights have one name.</exception>
    public ModelFile(ModelManifest manifest, IReadOnlyList<NamedTensor> weights)
        : this(manifest, new SafetensorsFile(weights, new Dictionary<string, string> { [ManifestKey] = ToText(manifest) }))
    {
    }

    private ModelFile(ModelManifest manifest, SafetensorsFile weights)
    {
        Manifest = manifest;
        _weights = weights;
    }

    /// <summary>What the weights are, and what they take and give.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Parameters and buffers, by their names in the state dict.</summary>
    public IReadOnlyList<NamedTensor> Weights => _weights.Tensors;

    /// <summary>The weight of this name, or null.</summary>
    public NamedTensor? FindWeight(string name) => _weights.Find(name);

    /// <summary>Reads a model file.</summary>
    /// <exception cref="ModelFormatException">The file cannot be read, breaks the format, has no manifest, or one of a newer version.</exception>
    public static ModelFile Load(string path) => Read(ModelBytes.Read(path), path);

    /// <summary>Reads a model file that is in memory; the weights refer to these bytes.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="ModelFormatException">As for <see cref="Load"/>.</exception>
    public static ModelFile Read(ReadOnlyMemory<byte> bytes, string name)
    {
        var file = SafetensorsFile.Read(bytes, name);
        if (!file.Metadata.TryGetValue(ManifestKey, out var text))
            throw new ModelFormatException(name, null, "weights without a manifest", $"a model file, with a manifest under '{ManifestKey}' in its metadata; weights alone can be imported");
        return new ModelFile(ModelManifest.Parse(text, name), file);
    }

    /// <summary>Writes the model in one step: a reader finds the old file or the new one, never a part.</summary>
    public void Save(string path) => _weights.Save(path);

    /// <summary>The file's bytes.</summary>
    public byte[] ToBytes() => _weights.ToBytes();

    private static string ToText(ModelManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.ToText();
    }
}
