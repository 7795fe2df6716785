using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// A network as a list of layers in order of computation, from signals to probabilities and class activation maps. The layer table, the
/// compiled scorer and exports are built from it. It holds no weights; these are named in the state dict.
/// </summary>
/// <remarks>Immutable and consistent: layers take only earlier layers with a matching shape.</remarks>
public sealed class LayerGraph
{
    /// <summary>The input of the first layers: the signals (lead, time).</summary>
    public const string Signals = "signals";

    private const string Expected = "layers as docs/model-file.md describes them";

    // Model files have the names of these enumerations as they are; a value that is none is refused by the layer that has it.
    private static readonly JsonTypeInfo<LayerGraph> s_json = new JsonSerializerOptions(JsonForms.CamelCase(
        LayerGraphJson.Default,
        new JsonStringEnumConverter<ActivationFunction>(),
        new JsonStringEnumConverter<PoolKind>(),
        new JsonStringEnumConverter<CamKind>()))
    {
        AllowOutOfOrderMetadataProperties = true,
    }.InfoOf<LayerGraph>();

    private readonly Dictionary<string, LayerNode> _byName;

    /// <summary>Creates a graph.</summary>
    /// <param name="leads">Leads of the signals.</param>
    /// <param name="nodes">The layers; each takes earlier layers.</param>
    /// <exception cref="ArgumentException">The layers do not form a network; the message names the layer.</exception>
    public LayerGraph(int leads, IReadOnlyList<LayerNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        Leads = leads;
        Nodes = nodes;
        _byName = LayerShapes.Check(leads, nodes);
        Probabilities = nodes.OfType<ProbabilityNode>().SingleOrDefault();
    }

    /// <summary>Leads of the signals.</summary>
    public int Leads { get; }

    /// <summary>The layers in the order of computation.</summary>
    public IReadOnlyList<LayerNode> Nodes { get; }

    /// <summary>The layer that computes the probabilities; null if there is no head.</summary>
    [JsonIgnore]
    public ProbabilityNode? Probabilities { get; }

    /// <summary>The layer of this name, or null.</summary>
    public LayerNode? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The layer that computes the maps of a kind, or null.</summary>
    public CamNode? FindCam(CamKind kind) => Nodes.OfType<CamNode>().FirstOrDefault(cam => cam.Map == kind);

    /// <summary>The output shape of every layer, and of <see cref="Signals"/>.</summary>
    /// <param name="length">Samples per lead.</param>
    /// <exception cref="ArgumentException">The length is too short or too long for a layer; the message names it.</exception>
    internal IReadOnlyDictionary<string, LayerShape> ShapesFor(int length) => length is >= 1 and <= ModelLimits.Length
        ? LayerShapes.Of(Leads, Nodes, length)
        : throw new ArgumentException($"found {length} samples per lead, expected 1 to {ModelLimits.Length}", nameof(length));

    /// <summary>The graph as written in a model file: JSON.</summary>
    public string ToText() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads <see cref="ToText"/>'s JSON.</summary>
    /// <param name="text">The JSON.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="ModelFormatException">It is not the JSON of a graph, or the layers do not form a network.</exception>
    public static LayerGraph Parse(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            if (JsonSerializer.Deserialize(text, s_json) is { } graph)
                return graph;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new ModelFormatException(file, "layer graph", Shown.Of(e.Message), Expected, e);
        }
        throw new ModelFormatException(file, "layer graph", "null", Expected);
    }
}

/// <summary>The output shape of a layer.</summary>
/// <param name="Channels">Channels, outputs or leads.</param>
/// <param name="Length">Time steps; 1 behind the global pooling.</param>
internal readonly record struct LayerShape(int Channels, int Length);

/// <summary>Generated readers and writers, so that a trimmed program needs no reflection.</summary>
[JsonSerializable(typeof(LayerGraph))]
internal sealed partial class LayerGraphJson : JsonSerializerContext;
