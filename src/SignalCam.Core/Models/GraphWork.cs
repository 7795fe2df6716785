namespace SignalCam.Core.Models;

/// <summary>What a network does for one recording.</summary>
/// <param name="MultiplyAdds">Multiply-adds; other operations count as about as many as take the same time.</param>
/// <param name="LargestLayerBytes">Bytes of a layer's inputs and output, of the layer with the most.</param>
internal readonly record struct GraphWork(long MultiplyAdds, long LargestLayerBytes)
{
    // What an operation that is not a multiply-add of a convolution costs.
    private const int Element = 2;
    private const int Window = 8;
    private const int Function = 16;

    // Of a layer that is computed tensor by tensor: its inputs, its output, and what lies between.
    private const int Copies = 3;

    /// <summary>Adds up the layers. Sizes are within <see cref="ModelLimits"/>; what is beyond 2^62 is given as that.</summary>
    public static GraphWork Of(LayerGraph graph, IReadOnlyDictionary<string, LayerShape> shapes)
    {
        var (work, largest) = (Int128.Zero, Int128.Zero);
        foreach (var node in graph.Nodes)
        {
            work += Of(node, graph, shapes);
            var cells = Cells(shapes[node.Name]) + node.Sources.Aggregate(Int128.Zero, (sum, source) => sum + Cells(shapes[source]));
            largest = Int128.Max(largest,
                (cells + (node is CamNode cam ? CombinedWeights(cam, graph, shapes) : 0)) * Copies * sizeof(float));
        }
        return new GraphWork(Clamp(work), Clamp(largest));
    }

    private static Int128 Of(LayerNode node, LayerGraph graph, IReadOnlyDictionary<string, LayerShape> shapes)
    {
        var input = shapes[node.Sources[0]];
        var output = Cells(shapes[node.Name]);
        return node switch
        {
            ConvolutionNode n => output * (input.Channels / n.Groups) * n.Kernel,
            DenseNode => output * input.Channels,
            PoolNode n => output * Math.Min(n.Kernel, input.Length) * Window,
            CamNode n => output * input.Channels + CombinedWeights(n, graph, shapes) * (input.Channels + input.Length),
            AddNode or MultiplyNode or ConcatNode => output * node.Sources.Count * Element,
            GlobalAveragePoolNode => Cells(input) * Element,
            _ => output * Function,
        };
    }

    /// <summary>Maps of a convolution's output may be computed as a convolution of its input, whose weights are made first.</summary>
    private static Int128 CombinedWeights(CamNode cam, LayerGraph graph, IReadOnlyDictionary<string, LayerShape> shapes)
    {
        if (graph.Find(cam.Input) is not ConvolutionNode convolution)
            return 0;
        return (Int128)(shapes[convolution.Input].Channels / convolution.Groups) * convolution.Kernel * shapes[cam.Name].Channels;
    }

    private static Int128 Cells(LayerShape shape) => (Int128)shape.Channels * shape.Length;

    private static long Clamp(Int128 value) => (long)Int128.Min(value, 1L << 62);
}
