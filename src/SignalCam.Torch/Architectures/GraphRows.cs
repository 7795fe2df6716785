using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Models;

namespace SignalCam.Torch.Architectures;

/// <summary>The layer table of a layer graph.</summary>
internal static class GraphRows
{
    /// <summary>A row for each layer of a backbone; an activation stands in the row of the layer it follows.</summary>
    public static IReadOnlyList<LayerDescription> Of(ILayerGraphSource backbone, SignalLayout input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var builder = new LayerGraphBuilder();
        backbone.AddTo(builder, LayerGraph.Signals);
        var graph = builder.Build(input.LeadCount);
        var shapes = graph.ShapesFor(input.Length);
        var rows = new List<LayerDescription>();
        foreach (var node in graph.Nodes)
        {
            if (node is ActivationNode activation && rows.FindIndex(row => row.Name == activation.Input) is >= 0 and var at)
                rows[at] = rows[at] with { Kind = $"{rows[at].Kind}, {Kind(activation, default)}" };
            else
                rows.Add(Row(node, shapes[node.Sources[0]], shapes[node.Name]));
        }
        return rows;
    }

    private static LayerDescription Row(LayerNode node, LayerShape from, LayerShape to)
    {
        var (parameters, multiplyAdds) = node switch
        {
            ConvolutionNode n => ((long)from.Channels * to.Channels * n.Kernel + (n.HasBias ? to.Channels : 0), (long)from.Channels * to.Channels * n.Kernel * to.Length),
            BatchNormNode => (2L * to.Channels, (long)to.Channels * to.Length),
            AddNode n => (0, (n.Inputs.Count - 1L) * to.Channels * to.Length),
            PoolNode { Pool: PoolKind.Average } => (0, (long)from.Channels * from.Length),
            _ => (0L, 0L),
        };
        return new(node.Name, Kind(node, from), to.Channels, to.Length, parameters, multiplyAdds);
    }

    private static string Kind(LayerNode node, LayerShape from) => node switch
    {
        ConvolutionNode n => $"Conv1d {from.Channels}->{n.Channels} k{n.Kernel}{Stride(n.Stride, 1)}",
        BatchNormNode => "BatchNorm1d",
        ActivationNode n => n.NegativeSlope == 0 ? "ReLU" : string.Create(CultureInfo.InvariantCulture, $"LeakyReLU {n.NegativeSlope}"),
        PoolNode n => $"{(n.Pool == PoolKind.Max ? "MaxPool" : "AvgPool")} {n.Kernel}{Stride(n.Stride, n.Kernel)}",
        AddNode => "sum",
        ConcatNode => "joined channels",
        _ => node.GetType().Name,
    };

    private static string Stride(int stride, int usual) => stride == usual ? "" : $" s{stride}";
}
