using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>Follows shapes through the layers of a graph, in 64-bit arithmetic on sizes that <see cref="ModelLimits"/> bounds.</summary>
internal static class LayerShapes
{
    // Stands for every length: lengths are compared when there is a recording's.
    private const int AnyLength = -1;

    /// <summary>Holds layers to what a graph is; gives them by name.</summary>
    public static Dictionary<string, LayerNode> Check(int leads, IReadOnlyList<LayerNode> nodes)
    {
        if (leads is < 1 or > ModelLimits.Leads)
            throw new ArgumentException($"{leads} leads: expected 1 to {ModelLimits.Leads}");
        if (nodes.Count > ModelLimits.Layers)
            throw new ArgumentException($"{nodes.Count} layers: expected at most {ModelLimits.Layers}");
        var byName = new Dictionary<string, LayerNode>(nodes.Count, StringComparer.Ordinal);
        var inputs = 0L;
        foreach (var node in nodes)
        {
            if (string.IsNullOrEmpty(node?.Name) || node.Name == LayerGraph.Signals || node.Name.Length > ModelLimits.NameLength
                || !byName.TryAdd(node.Name, node))
                throw new ArgumentException($"layer '{Shown.Of(node?.Name)}': expected a name that no other layer has");
            LayerSizes.Check(node);
            inputs += node.Sources.Count;
        }
        if (inputs > ModelLimits.Inputs)
            throw new ArgumentException($"{inputs} inputs of all layers together: expected at most {ModelLimits.Inputs}");
        CheckEnds(nodes, byName);
        Of(leads, nodes, AnyLength);
        return byName;
    }

    /// <summary>The shape of what every layer gives.</summary>
    public static Dictionary<string, LayerShape> Of(int leads, IReadOnlyList<LayerNode> nodes, int length)
    {
        var shapes = new Dictionary<string, LayerShape>(
            nodes.Count + 1, StringComparer.Ordinal) { [LayerGraph.Signals] = new(leads, length) };
        foreach (var node in nodes)
        {
            var names = node.Sources;
            var sources = new LayerShape[names.Count];
            for (var i = 0; i < sources.Length; i++)
                if (!shapes.TryGetValue(names[i], out sources[i]))
                    throw new ArgumentException($"layer '{Shown.Of(node.Name)}' takes '{Shown.Of(names[i])}', which is no earlier layer");
            var (channels, cells) = Of(node, sources, shapes);
            if (length == AnyLength)
                cells = AnyLength;
            else if (cells < 1)
                throw new ArgumentException(
                    $"layer '{Shown.Of(node.Name)}': {length} samples per lead are too few, nothing is left of them");
            if (channels > ModelLimits.Channels || cells > int.MaxValue)
                throw new ArgumentException($"layer '{Shown.Of(node.Name)}' gives {channels} channels of {cells} cells: expected at most "
                    + $"{ModelLimits.Channels} channels of {int.MaxValue}");
            shapes.Add(node.Name, new LayerShape((int)channels, (int)cells));
        }
        foreach (var cam in nodes.OfType<CamNode>())
        {
            var (maps, pooled) = (shapes[cam.Input].Channels, shapes[nodes.First(node => node.Name == cam.Dense).Sources[0]].Channels);
            if (maps != pooled)
                throw new ArgumentException(
                    $"layer '{Shown.Of(cam.Name)}': '{Shown.Of(cam.Input)}' has {maps} channels, '{Shown.Of(cam.Dense)}' has weights "
                    + $"for {pooled}");
        }
        return shapes;
    }

    private static (long Channels, long Length) Of(LayerNode node, LayerShape[] sources, Dictionary<string, LayerShape> shapes)
    {
        var source = sources[0];
        switch (node)
        {
            case ConvolutionNode n:
                if (source.Channels % n.Groups != 0)
                    throw new ArgumentException(
                        $"layer '{Shown.Of(n.Name)}': {source.Channels} input channels do not make {n.Groups} groups");
                return (n.Channels, Windows((long)source.Length + n.PaddingBefore + n.PaddingAfter - n.Span, n.Stride, roundUp: false));
            case PoolNode n:
                var windows = Windows(source.Length + 2L * n.Padding - n.Kernel, n.Stride, n.RoundUp);
                // A window that begins behind the last time step does not count.
                return (source.Channels, n.RoundUp && (windows - 1) * n.Stride >= (long)source.Length + n.Padding ? windows - 1 : windows);
            case GroupNormNode n when source.Channels % n.Groups != 0:
                throw new ArgumentException($"layer '{Shown.Of(n.Name)}': {source.Channels} channels do not make {n.Groups} groups");
            case MultiplyNode:
                var (channels, length) = (sources.Max(s => s.Channels), sources.Max(s => s.Length));
                return sources.All(s => (s.Channels == channels || s.Channels == 1) && (s.Length == length || s.Length == 1))
                    ? (channels, length)
                    : throw Differ(node, sources);
            case AddNode when sources.Any(s => s != source):
            case ConcatNode when sources.Any(s => s.Length != source.Length):
                throw Differ(node, sources);
            case ConcatNode:
                return (sources.Sum(s => (long)s.Channels), source.Length);
            case GlobalAveragePoolNode:
                return (source.Channels, 1);
            case DenseNode n:
                return (n.Channels, source.Length);
            case ProbabilityNode when source.Length is not (1 or AnyLength):
                throw new ArgumentException($"layer '{Shown.Of(node.Name)}' takes {source.Length} cells: expected pooled features");
            case CamNode n:
                return (shapes[n.Dense].Channels, source.Length);
            default:
                return (source.Channels, source.Length);
        }
    }

    private static ArgumentException Differ(LayerNode node, LayerShape[] sources) => new(
        $"layer '{Shown.Of(node.Name)}': its inputs have the shapes "
        + $"{string.Join(", ", sources.Take(8).Select(s => $"({s.Channels}, {s.Length})"))}{(sources.Length > 8 ? ", ..." : "")}");

    /// <summary>Probabilities and maps are where a graph ends: what they say of themselves has to be true.</summary>
    private static void CheckEnds(IReadOnlyList<LayerNode> nodes, Dictionary<string, LayerNode> byName)
    {
        if (nodes.OfType<ProbabilityNode>().Take(2).ToArray() is { Length: 2 } several)
            throw new ArgumentException($"layer '{Shown.Of(several[1].Name)}': a graph has one layer that gives probabilities");
        foreach (var node in nodes)
            foreach (var source in node.Sources)
                if (source is not null && byName.GetValueOrDefault(source) is ProbabilityNode or CamNode)
                    throw new ArgumentException($"layer '{Shown.Of(node.Name)}' takes '{Shown.Of(source)}': probabilities and maps are "
                        + "what a graph gives, no layer takes them");
        var logits = nodes.OfType<ProbabilityNode>().FirstOrDefault()?.Input;
        var kinds = new HashSet<CamKind>();
        var places = nodes.Index().ToDictionary(pair => pair.Item.Name, pair => pair.Index, StringComparer.Ordinal);
        foreach (var cam in nodes.OfType<CamNode>())
        {
            if (byName.GetValueOrDefault(cam.Dense) is not DenseNode dense || places[dense.Name] > places[cam.Name] || dense.Name != logits)
                throw new ArgumentException(
                    $"layer '{Shown.Of(cam.Name)}': '{Shown.Of(cam.Dense)}' is no earlier dense layer that gives the logits");
            if (!kinds.Add(cam.Map))
                throw new ArgumentException($"layer '{Shown.Of(cam.Name)}': there is another layer with maps of the kind {cam.Map}");
            if (cam.Map == CamKind.Exact
                && (byName.GetValueOrDefault(dense.Input) is not GlobalAveragePoolNode pool || pool.Input != cam.Input))
                throw new ArgumentException(
                    $"layer '{Shown.Of(cam.Name)}': exact maps are made of what is pooled for '{Shown.Of(cam.Dense)}', by a global "
                    + $"average pooling right before it, not of '{Shown.Of(cam.Input)}'");
        }
    }

    private static long Windows(long room, int stride, bool roundUp) => room < 0 ? 0 : (room + (roundUp ? stride - 1 : 0)) / stride + 1;
}
