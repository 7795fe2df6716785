namespace SignalCam.Core.Models;

/// <summary>Follows shapes through the layers of a graph.</summary>
internal static class LayerShapes
{
    // As long as any padding and stride asks for: lengths are only held to what a recording has when there is one.
    private const int AnyLength = 1 << 24;

    /// <summary>Holds layers to what a graph is; gives them by name.</summary>
    public static Dictionary<string, LayerNode> Check(int leads, IReadOnlyList<LayerNode> nodes)
    {
        var byName = new Dictionary<string, LayerNode>(nodes.Count, StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (string.IsNullOrEmpty(node?.Name) || node.Name == LayerGraph.Signals || !byName.TryAdd(node.Name, node))
                throw new ArgumentException($"layer '{node?.Name}': expected a name that no other layer has");
            CheckSizes(node);
        }
        if (nodes.OfType<ProbabilityNode>().Count() > 1)
            throw new ArgumentException("a graph has one layer that gives probabilities");
        foreach (var cam in nodes.OfType<CamNode>())
            if (byName.GetValueOrDefault(cam.Dense) is not DenseNode)
                throw new ArgumentException($"layer '{cam.Name}': '{cam.Dense}' is no dense layer");
        Of(leads, nodes, AnyLength);
        return byName;
    }

    /// <summary>The shape of what every layer gives.</summary>
    public static Dictionary<string, LayerShape> Of(int leads, IReadOnlyList<LayerNode> nodes, int length)
    {
        var shapes = new Dictionary<string, LayerShape>(nodes.Count + 1, StringComparer.Ordinal) { [LayerGraph.Signals] = new(leads, length) };
        foreach (var node in nodes)
        {
            var sources = new LayerShape[node.Sources.Count];
            for (var i = 0; i < sources.Length; i++)
                if (!shapes.TryGetValue(node.Sources[i], out sources[i]))
                    throw new ArgumentException($"layer '{node.Name}' takes '{node.Sources[i]}', which is no earlier layer");
            var shape = Of(node, sources, shapes);
            if (shape.Length < 1)
                throw new ArgumentException($"layer '{node.Name}': {length} samples per lead are too few, nothing is left of them");
            shapes.Add(node.Name, shape);
        }
        return shapes;
    }

    private static LayerShape Of(LayerNode node, LayerShape[] sources, Dictionary<string, LayerShape> shapes)
    {
        var source = sources[0];
        switch (node)
        {
            case ConvolutionNode n:
                return new(n.Channels, Windows(source.Length + n.PaddingBefore + n.PaddingAfter - n.Kernel, n.Stride, roundUp: false));
            case PoolNode n:
                var windows = Windows(source.Length + 2 * n.Padding - n.Kernel, n.Stride, n.RoundUp);
                // A window that begins behind the last time step does not count.
                return source with { Length = n.RoundUp && (windows - 1) * n.Stride >= source.Length + n.Padding ? windows - 1 : windows };
            case AddNode when sources.Any(s => s != source):
            case ConcatNode when sources.Any(s => s.Length != source.Length):
                throw new ArgumentException($"layer '{node.Name}': its inputs have the shapes {string.Join(", ", sources.Select(s => $"({s.Channels}, {s.Length})"))}");
            case ConcatNode:
                return source with { Channels = sources.Sum(s => s.Channels) };
            case GlobalAveragePoolNode:
                return source with { Length = 1 };
            case DenseNode n:
                return source.Length == 1 ? new(n.Channels, 1) : throw new ArgumentException($"layer '{node.Name}': a dense layer takes pooled features");
            case CamNode n:
                return source with { Channels = shapes.TryGetValue(n.Dense, out var dense) ? dense.Channels : throw new ArgumentException($"layer '{node.Name}': '{n.Dense}' is no earlier layer") };
            case BatchNormNode or ActivationNode or AddNode or ProbabilityNode:
                return source;
            default:
                throw new ArgumentException($"layer '{node.Name}' is of a kind that is not known: {node.GetType().Name}");
        }
    }

    private static int Windows(int room, int stride, bool roundUp) => room < 0 ? 0 : (room + (roundUp ? stride - 1 : 0)) / stride + 1;

    private static void CheckSizes(LayerNode node)
    {
        var fits = node switch
        {
            ConvolutionNode n => n is { Channels: > 0, Kernel: > 0, Stride: > 0, PaddingBefore: >= 0, PaddingAfter: >= 0 },
            PoolNode n => n is { Kernel: > 0, Stride: > 0, Padding: >= 0 } && n.Padding <= n.Kernel / 2 && Enum.IsDefined(n.Pool),
            ActivationNode n => n.NegativeSlope is >= 0 and <= 1,
            BatchNormNode n => n.Epsilon >= 0 && double.IsFinite(n.Epsilon),
            DenseNode n => n.Channels > 0,
            AddNode or ConcatNode => node.Sources is { Count: >= 2 },
            _ => true,
        };
        if (!fits)
            throw new ArgumentException($"a size is out of range: {node}");
    }
}
