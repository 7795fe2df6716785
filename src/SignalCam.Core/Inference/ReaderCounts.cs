using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>Who reads what in a layer graph: which layers are needed at all, and when a value is read for the last time.</summary>
internal sealed class ReaderCounts
{
    private readonly Dictionary<string, List<LayerNode>> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _toCome = new(StringComparer.Ordinal);
    private readonly Func<CamNode, ConvolutionNode?> _readsThrough;

    /// <summary>Counts.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="readsThrough">The convolution whose input maps read in place of its output; null for none.</param>
    public ReaderCounts(LayerGraph graph, Func<CamNode, ConvolutionNode?> readsThrough)
    {
        _readsThrough = readsThrough;
        var needed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in graph.Nodes.Reverse())
        {
            if (node is not (ProbabilityNode or CamNode) && !needed.Contains(node.Name))
                continue;
            needed.Add(node.Name);
            foreach (var source in SourcesOf(node))
            {
                needed.Add(source);
                if (!_readers.TryGetValue(source, out var readers))
                    _readers.Add(source, readers = []);
                readers.Add(node);
                _toCome[source] = _toCome.GetValueOrDefault(source) + 1;
            }
        }
        Needed = [.. graph.Nodes.Where(node => needed.Contains(node.Name))];
    }

    /// <summary>The layers that logits and maps are made from, in the order of computation.</summary>
    public IReadOnlyList<LayerNode> Needed { get; }

    /// <summary>The values that are read to compute a layer.</summary>
    public IReadOnlyList<string> SourcesOf(LayerNode node) =>
        node is CamNode cam && _readsThrough(cam) is { } convolution ? [convolution.Input] : node.Sources;

    /// <summary>The one layer that reads a layer's value, if it is of this kind.</summary>
    public T? Only<T>(LayerNode node)
        where T : LayerNode =>
        _readers.GetValueOrDefault(node.Name) is [T reader] ? reader : null;

    /// <summary>Notes that a value has been read; returns whether it was for the last time.</summary>
    public bool Read(string source) => --_toCome[source] == 0;
}
