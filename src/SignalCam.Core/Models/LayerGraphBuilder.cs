namespace SignalCam.Core.Models;

/// <summary>
/// A part of a network that can say what it computes: a backbone from <see cref="LayerGraph.Signals"/> to feature maps, a head from feature
/// maps to logits. What does not implement it still trains and scores; it cannot be compiled or exported.
/// </summary>
public interface ILayerGraphSource
{
    /// <summary>Adds this part's layers; their names and weights are those of the state dict.</summary>
    /// <param name="graph">Collects layers.</param>
    /// <param name="input">The layer that the part takes.</param>
    /// <returns>The layer that gives the part's output.</returns>
    string AddTo(LayerGraphBuilder graph, string input);
}

/// <summary>Collects the layers of a graph.</summary>
public sealed class LayerGraphBuilder
{
    private readonly List<LayerNode> _nodes = [];
    private string _prefix = "";

    /// <summary>
    /// The last convolution, from which the CAM `paper` is computed; set by a backbone that exposes its output (in SignalCam.Torch:
    /// ILastConvolution). Null for none.
    /// </summary>
    public string? LastConvolution { get; set; }

    /// <summary>Adds a layer.</summary>
    /// <returns>Its name, for the layers that take it.</returns>
    /// <exception cref="ArgumentException">There are more layers than a graph may have.</exception>
    public string Add(LayerNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (_nodes.Count == ModelLimits.Layers)
            throw new ArgumentException($"layer '{Shown.Of(node.Name)}': a graph has at most {ModelLimits.Layers} layers", nameof(node));
        node = Prefixed(node);
        _nodes.Add(node);
        return node.Name;
    }

    /// <summary>Adds the layers of a part of the network, whose names and weights' names get a prefix.</summary>
    /// <param name="prefix">The prefix, such as "member1.".</param>
    /// <param name="add">Adds the layers; a layer takes others by the names that <see cref="Add"/> returned.</param>
    internal string AddUnder(string prefix, Func<string> add)
    {
        var outer = _prefix;
        _prefix += prefix;
        try
        {
            return add();
        }
        finally
        {
            _prefix = outer;
        }
    }

    /// <summary>The graph.</summary>
    /// <param name="leads">Leads of the signals.</param>
    /// <exception cref="ArgumentException">The layers do not form a network; the message names the layer.</exception>
    public LayerGraph Build(int leads) => new(leads, [.. _nodes]);

    private LayerNode Prefixed(LayerNode node) => (_prefix, node) switch
    {
        ("", _) => node,
        (_, ScaleNode scale) => scale with { Name = _prefix + scale.Name, Weight = _prefix + scale.Weight },
        _ => node with { Name = _prefix + node.Name },
    };
}
