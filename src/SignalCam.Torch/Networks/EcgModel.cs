using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Networks;

/// <summary>
/// A trained classifier: the network, its preprocessing and what its model file says of it. Raw recordings in,
/// probabilities and class activation maps out.
/// </summary>
/// <remarks>Safe for concurrent callers: the network stays in evaluation mode and no call keeps state.</remarks>
public sealed class EcgModel : IDisposable
{
    private readonly Device _device;

    /// <summary>Joins a network and its description; owns the network.</summary>
    /// <exception cref="PluginException">A transform that the manifest names is not there.</exception>
    public EcgModel(EcgNetwork network, ModelManifest manifest, NetworkComponents components, string device = "auto")
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(components);
        Network = network;
        Manifest = manifest;
        Input = manifest.Layout;
        Preprocessor = new Preprocessor(manifest.Preprocessing, components.Transforms);
        _device = TorchDevice.Select(device);
        network.To(_device);
        network.Evaluate();
    }

    /// <summary>The network, in evaluation mode.</summary>
    public EcgNetwork Network { get; }

    /// <summary>What the model file says: architecture, classes, leads, preprocessing, thresholds, provenance.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>The recordings it takes.</summary>
    public SignalLayout Input { get; }

    /// <summary>What it does to a recording first.</summary>
    public Preprocessor Preprocessor { get; }

    /// <summary>What the head adds to the mean of each class's exact map: one per class.</summary>
    internal float[] Biases
    {
        get
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            return Array(Network.Head.Bias.detach());
        }
    }

    /// <summary>Reads a model file, or a PyTorch checkpoint of the published CNN (.pt).</summary>
    /// <param name="path">The file.</param>
    /// <param name="components">The plug-ins that the file may name.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="ModelFormatException">The file is not a model file, or its weights do not fit its architecture.</exception>
    /// <exception cref="PluginException">A plug-in that the file names is not there.</exception>
    public static EcgModel Load(string path, NetworkComponents components, string device = "auto")
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(components);
        return Load(path.EndsWith(".pt", StringComparison.OrdinalIgnoreCase)
            ? ReleasedCheckpoint.Load(path)
            : ModelFile.Load(path), path, components, device);
    }

    /// <summary>Builds the classifier that a model file in memory describes.</summary>
    /// <param name="file">The model file; its weights are copied.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <param name="components">The plug-ins that the file may name.</param>
    /// <param name="device">"auto", "cpu", "cuda" or "cuda:N".</param>
    /// <exception cref="ModelFormatException">The weights do not fit the architecture.</exception>
    /// <exception cref="PluginException">A plug-in that the file names is not there.</exception>
    public static EcgModel Load(ModelFile file, string name, NetworkComponents components, string device = "auto")
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(components);
        var network = NetworkCheck.Create(file, name, components);
        try
        {
            NetworkState.Load(network, file.Weights, name);
            return new EcgModel(network, file.Manifest, components, device);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    /// <summary>Builds the network that a manifest describes, with fresh weights.</summary>
    /// <exception cref="PluginException">A plug-in that the manifest names is not there.</exception>
    public static EcgNetwork CreateNetwork(ModelManifest manifest, NetworkComponents components)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(components);
        TorchRuntime.EnsureUsable();
        var input = manifest.Layout;
        var backbone = components.Architectures.Create(manifest.Architecture).Create(input);
        EcgHead head;
        try
        {
            head = components.Heads.Create(manifest.Head).Create(backbone.Channels, manifest.Classes.Count, manifest.TaskKind);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
        return new EcgNetwork(backbone, head);
    }

    /// <summary>The model file: manifest, weights and, where the architecture and the head say it, what is computed with them.</summary>
    public ModelFile ToFile() => new(Manifest, NetworkState.Copy(Network), graph: Network.FindGraph(Input.LeadCount, out _));

    /// <summary>Writes the model file.</summary>
    /// <exception cref="IOException">The file cannot be written; an earlier one of that name is still whole.</exception>
    public void Save(string path) => ToFile().Save(path);

    /// <summary>Checks a recording's shape, puts its leads in the model's order and preprocesses it.</summary>
    /// <exception cref="ArgumentException">A lead is missing, or the length or rate differs; the message names both sides.</exception>
    public EcgSignal Prepare(EcgSignal recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        var layout = recording.Layout;
        if (layout.Length != Input.Length || layout.SamplingRate != Input.SamplingRate)
            throw new ArgumentException($"the recording has {layout}, the model takes {Input}", nameof(recording));
        return Preprocessor.Apply(layout.Equals(Input) ? recording : Reorder(recording));
    }

    /// <summary>Scores prepared recordings in one forward pass.</summary>
    /// <param name="samples">Prepared samples (recording, lead, time).</param>
    /// <param name="count">Number of recordings.</param>
    /// <param name="cam">Which class activation maps to give as well; null for none.</param>
    public ModelOutput Run(float[] samples, int count, CamKind? cam = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var signals = tensor(samples, [count, Input.LeadCount, Input.Length]).to(_device);
        Tensor logits;
        Tensor? maps = null;
        if (cam is { } kind)
            (logits, maps) = Network.ForwardWithCam(signals, kind);
        else
            logits = Network.Forward(signals);
        return new ModelOutput(
            Manifest.Classes.Count,
            Array(logits),
            Array(Network.Head.Probabilities(logits)),
            maps is null ? [] : Array(maps),
            maps is null ? 0 : (int)maps.shape[2]);
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private static float[] Array(Tensor tensor) => tensor.contiguous().cpu().data<float>().ToArray();

    private EcgSignal Reorder(EcgSignal recording)
    {
        var samples = new float[Input.LeadCount * Input.Length];
        for (var lead = 0; lead < Input.LeadCount; lead++)
            recording.Lead(Input.Leads[lead]).CopyTo(samples.AsSpan(lead * Input.Length));
        return new EcgSignal(samples, Input);
    }
}

/// <summary>What one forward pass gave.</summary>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Logits">(recording, class).</param>
/// <param name="Probabilities">(recording, class).</param>
/// <param name="Maps">Class activation maps (recording, class, cell), signed; empty when none were asked for.</param>
/// <param name="Cells">Cells of each map; 0 when none were asked for.</param>
public sealed record ModelOutput(int ClassCount, float[] Logits, float[] Probabilities, float[] Maps, int Cells)
{
    /// <summary>The map of one recording and class: one value per cell.</summary>
    public ReadOnlySpan<float> Map(int recording, int @class) => Maps.AsSpan((recording * ClassCount + @class) * Cells, Cells);
}
