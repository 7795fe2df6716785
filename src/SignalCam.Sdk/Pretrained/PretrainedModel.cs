using System.Security.Cryptography;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Pretrained;

/// <summary>Pretrained weights. For research; not a medical device.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class PretrainedModel
{
    // Enough to tell weights apart by eye.
    private const int ShownDigits = 12;

    private readonly Lazy<string> _sha256;
    private readonly Lazy<ModelManifest> _manifest;

    internal PretrainedModel(string name)
    {
        Name = name;
        _sha256 = new Lazy<string>(() =>
        {
            using var weights = Open();
            return Convert.ToHexStringLower(SHA256.HashData(weights));
        });
        _manifest = new Lazy<ModelManifest>(() => Read().Manifest);
    }

    /// <summary>Its name, such as "super".</summary>
    public string Name { get; }

    /// <summary>The manifest of the model file: task, classes, architecture, preprocessing, provenance of the weights.</summary>
    public ModelManifest Manifest => _manifest.Value;

    /// <summary>SHA-256 of the model file, 64 hexadecimal digits: states which weights these are, whatever the version of the
    /// SDK.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>Opens the model file (safetensors); the caller closes it.</summary>
    public Stream Open() => PretrainedModels.OpenWeights(Name);

    /// <summary>The model card, in Markdown: data, training, figures with their intervals, intended use, limits, licences.</summary>
    public string ReadCard()
    {
        using var reader = new StreamReader(PretrainedModels.OpenCard(Name));
        return reader.ReadToEnd();
    }

    /// <summary>Reads the model file.</summary>
    public ModelFile Read()
    {
        using var weights = Open();
        return ModelFile.Read(weights, Name);
    }

    /// <summary>Builds the classifier; the caller disposes it.</summary>
    /// <param name="components">The available plug-ins.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="PluginException">A plug-in named in the file is missing.</exception>
    public EcgModel Load(SignalCamComponents components, string device = "auto") => EcgModel.Load(Read(), Name, components, device);

    /// <summary>The name, and the beginning of the hash.</summary>
    public override string ToString() => $"pretrained {Name} ({Sha256[..ShownDigits]})";
}
