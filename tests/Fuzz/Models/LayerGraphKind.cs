using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Fuzz.Models;

/// <summary>
/// Changed layer graphs, with weights of whatever shapes the changed layers ask for, so that what is changed reaches the compiler.
/// </summary>
public sealed class LayerGraphKind : FuzzKind
{
    private const long MostWeights = 1 << 18;

    /// <inheritdoc/>
    public override string Name => "layers";

    /// <inheritdoc/>
    public override string Description => "changed layer graphs with weights that fit them: compiled, scored, explained, exported";

    /// <inheritdoc/>
    public override int Share => 8;

    /// <inheritdoc/>
    public override void Run(ulong seed)
    {
        var random = new EcgRandom(seed);
        var file = Corpus.Model(random);
        var manifest = file.Manifest;
        if (random.Chance(0.2))
            manifest = manifest with { Length = 1 + random.Below(random.Chance(0.2) ? 140_000 : 3000) };
        var graph = LayerGraph.Parse(LayerMutator.Mutate(file.Graph!.ToText(), random), "fuzz");
        var shapes = Shapes(graph, manifest.Length);
        var weights = new Dictionary<string, NamedTensor>(StringComparer.Ordinal);
        foreach (var tensor in GraphTensors.Of(graph.Nodes, shapes))
        {
            if (weights.Values.Sum(weight => (long)weight.Count) + tensor.Count > MostWeights)
                break;
            weights.TryAdd(tensor.Name, new NamedTensor(tensor.Name, tensor.Shape, Values(tensor, random)));
        }
        var bytes = new ModelFile(manifest, [.. weights.Values], graph: graph).ToBytes();
        Corpus.Use(ModelFile.Read(bytes, "fuzz"), random);
    }

    private static IReadOnlyDictionary<string, LayerShape> Shapes(LayerGraph graph, int length)
    {
        try
        {
            return graph.ShapesFor(length);
        }
        catch (ArgumentException e)
        {
            // As it is documented; reading a file makes a format error of it.
            throw new ModelFormatException("fuzz", "layer graph", e.Message, "layers for the length", e);
        }
    }

    private static float[] Values(GraphTensor tensor, EcgRandom random)
    {
        var values = new float[tensor.Count];
        foreach (ref var value in values.AsSpan())
            value = tensor.Name.EndsWith("running_var", StringComparison.Ordinal)
                ? (float)random.Uniform(0.1, 2)
                : (float)(0.3 * random.Normal());
        return values;
    }
}
