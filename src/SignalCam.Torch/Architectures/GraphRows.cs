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
            ConvolutionNode n => (
                (long)from.Channels / n.Groups * to.Channels * n.Kernel + (n.HasBias ? to.Channels : 0),
                (long)from.Channels / n.Groups * to.Channels * n.Kernel * to.Length),
            DenseNode n =>
                ((long)from.Channels * to.Channels + (n.HasBias ? to.Channels : 0), (long)from.Channels * to.Channels * to.Length),
            BatchNormNode => (2L * to.Channels, (long)to.Channels * to.Length),
            LayerNormNode n => (n.HasWeights ? 2L * to.Channels * (n.OverTime ? to.Length : 1) : 0, 2L * to.Channels * to.Length),
            GroupNormNode n => (n.HasWeights ? 2L * to.Channels : 0, 2L * to.Channels * to.Length),
            ScaleNode => (to.Channels, (long)to.Channels * to.Length),
            AddNode or MultiplyNode => (0, (node.Sources.Count - 1L) * to.Channels * to.Length),
            GlobalAveragePoolNode => (0, (long)from.Channels * from.Length),
            PoolNode { Pool: PoolKind.Average } => (0, (long)from.Channels * from.Length),
            _ => (0L, 0L),
        };
        return new(node.Name, Kind(node, from), to.Channels, to.Length, parameters, multiplyAdds);
    }

    private static string Kind(LayerNode node, LayerShape from) => node switch
    {
        ConvolutionNode n => $"Conv1d {from.Channels}->{n.Channels} "
            + $"k{n.Kernel}{Stride(n.Stride, 1)}{(n.Dilation == 1 ? "" : $" d{n.Dilation}")}{(n.Groups == 1 ? "" : $" g{n.Groups}")}",
        DenseNode n => $"Linear {from.Channels}->{n.Channels}",
        BatchNormNode => "BatchNorm1d",
        LayerNormNode => "LayerNorm",
        GroupNormNode n => n.Groups == from.Channels ? "InstanceNorm1d" : $"GroupNorm {n.Groups}",
        ScaleNode => "scale",
        ActivationNode n => Kind(n),
        PoolNode n => $"{(n.Pool == PoolKind.Max ? "MaxPool" : "AvgPool")} {n.Kernel}{Stride(n.Stride, n.Kernel)}",
        AddNode => "sum",
        MultiplyNode => "product",
        GlobalAveragePoolNode => "mean over time",
        AttentionNode => "attention",
        ConcatNode => "joined channels",
        _ => node.GetType().Name,
    };

    private static string Kind(ActivationNode activation) => activation.Function switch
    {
        ActivationFunction.Relu when activation.NegativeSlope > 0 =>
            string.Create(CultureInfo.InvariantCulture, $"LeakyReLU {activation.NegativeSlope}"),
        ActivationFunction.Relu => "ReLU",
        ActivationFunction.Elu => string.Create(CultureInfo.InvariantCulture, $"ELU {activation.Alpha}"),
        var function => function.ToString(),
    };

    private static string Stride(int stride, int usual) => stride == usual ? "" : $" s{stride}";
}
