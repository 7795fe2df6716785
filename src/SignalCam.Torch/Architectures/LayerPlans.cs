using SignalCam.Core.Models;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// A layer of the built-in networks before it is built: its sizes, from which both its modules and its part of the layer graph are made. So
/// a network is known, and can be held to limits and to a file's tensors, before a weight is allocated.
/// </summary>
internal abstract record LayerPlan
{
    /// <summary>The layer with fresh weights.</summary>
    public abstract Layer Build();

    /// <summary>Adds what the layer computes to a graph.</summary>
    /// <param name="graph">Collects layers.</param>
    /// <param name="name">Its name in the state dict.</param>
    /// <param name="input">The layer that it takes.</param>
    /// <returns>The layer that gives its output.</returns>
    public abstract string AddTo(LayerGraphBuilder graph, string name, string input);

    /// <summary>A convolution as <see cref="Layer.Convolution"/> makes it.</summary>
    protected static ConvolutionNode Convolution(string name, string input, int to, int kernel, int stride = 1) =>
        new(name, input, to, kernel, stride, (kernel - 1) / 2, (kernel - 1) / 2, HasBias: false);
}

/// <summary>Layers one after the other.</summary>
/// <param name="Layers">The layers with their names, at least one.</param>
internal sealed record ChainPlan(IReadOnlyList<(string Name, LayerPlan Layer)> Layers)
{
    /// <summary>The layers with fresh weights.</summary>
    public (string Name, Layer Layer)[] Build() => [.. Layers.Select(layer => (layer.Name, layer.Layer.Build()))];

    /// <summary>Adds what the layers compute to a graph; gives the last one's output.</summary>
    /// <param name="graph">Collects layers.</param>
    /// <param name="prefix">What their names in the state dict begin with.</param>
    /// <param name="input">The layer that the first one takes.</param>
    public string AddTo(LayerGraphBuilder graph, string prefix, string input)
    {
        ArgumentNullException.ThrowIfNull(graph);
        foreach (var (name, layer) in Layers)
            input = layer.AddTo(graph, prefix + name, input);
        return input;
    }
}

/// <summary>Of a <see cref="ConvNorm"/>.</summary>
internal sealed record ConvNormPlan(int From, int To, int Kernel, int Stride = 1, bool Relu = true, bool Zero = false) : LayerPlan
{
    public override Layer Build() => new ConvNorm(From, To, Kernel, Stride, Relu, Zero);

    public override string AddTo(LayerGraphBuilder graph, string name, string input)
    {
        var convolution = graph.Add(Convolution($"{name}.conv", input, To, Kernel, Stride));
        var norm = graph.Add(new BatchNormNode($"{name}.norm", convolution));
        return Relu ? graph.Add(new ActivationNode($"{name}.relu", norm)) : norm;
    }
}

/// <summary>Of a <see cref="MaxPool"/>.</summary>
internal sealed record MaxPoolPlan(int Stride) : LayerPlan
{
    public override Layer Build() => new MaxPool(Stride);

    public override string AddTo(LayerGraphBuilder graph, string name, string input) =>
        graph.Add(new PoolNode(name, input, PoolKind.Max, 3, Stride, 1));
}

/// <summary>Of a <see cref="HalvingAveragePool"/>.</summary>
internal sealed record HalvingAveragePoolPlan : LayerPlan
{
    public override Layer Build() => new HalvingAveragePool();

    public override string AddTo(LayerGraphBuilder graph, string name, string input) =>
        graph.Add(new PoolNode(name, input, PoolKind.Average, 2, 2, RoundUp: true));
}

/// <summary>
/// Of a <see cref="Residual"/>; a shortcut without layers is the identity. What is dropped while it learns is no part of the graph.
/// </summary>
internal sealed record ResidualPlan(ChainPlan Body, ChainPlan Shortcut, double Drop = 0) : LayerPlan
{
    public override Layer Build() => new Residual(Body.Build(), Shortcut.Build(), Drop);

    public override string AddTo(LayerGraphBuilder graph, string name, string input)
    {
        var body = Body.AddTo(graph, $"{name}.", input);
        var shortcut = Shortcut.AddTo(graph, $"{name}.", input);
        var sum = graph.Add(new AddNode($"{name}.sum", [body, shortcut]));
        return graph.Add(new ActivationNode($"{name}.relu", sum));
    }
}
