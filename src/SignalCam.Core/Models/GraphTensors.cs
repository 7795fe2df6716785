using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>A tensor that a layer needs.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Name">Its name in the state dict.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="IsAnyShape">Whether any shape with as many elements will do.</param>
internal readonly record struct GraphTensor(string Layer, string Name, long[] Shape, bool IsAnyShape = false)
{
    /// <summary>Elements; shapes out of a graph are small enough for it.</summary>
    public long Count => Shape.Aggregate(1L, (a, b) => checked(a * b));
}

/// <summary>The tensors that the layers of a graph need.</summary>
internal static class GraphTensors
{
    /// <summary>All tensors, layer by layer.</summary>
    public static IEnumerable<GraphTensor> Of(IEnumerable<LayerNode> nodes, IReadOnlyDictionary<string, LayerShape> shapes) =>
        nodes.SelectMany(node => Of(node, shapes));

    /// <summary>Holds a file's tensors to the layers.</summary>
    /// <exception cref="ModelFormatException">A tensor is missing or has another shape; the message names it.</exception>
    public static void Require(IEnumerable<GraphTensor> needed, Func<string, NamedTensor?> find, string file)
    {
        foreach (var tensor in needed)
            Require(tensor, find, file);
    }

    /// <summary>The tensor of a file.</summary>
    /// <exception cref="ModelFormatException">It is missing or has another shape; the message names it.</exception>
    public static NamedTensor Require(in GraphTensor needed, Func<string, NamedTensor?> find, string file)
    {
        var tensor = find(needed.Name);
        if (tensor is not null && (needed.IsAnyShape ? tensor.Count == needed.Count : needed.Shape.AsSpan().SequenceEqual(tensor.Shape)))
            return tensor;
        throw new ModelFormatException(
            file, $"tensor '{Shown.Of(needed.Name)}'",
            tensor is null ? "nothing" : $"shape [{string.Join(", ", tensor.Shape)}]",
            $"[{string.Join(", ", needed.Shape)}], as layer '{Shown.Of(needed.Layer)}' needs it");
    }

    private static IEnumerable<GraphTensor> Of(LayerNode node, IReadOnlyDictionary<string, LayerShape> shapes)
    {
        var (name, output) = (node.Name, shapes[node.Name]);
        var input = node.Sources.Count > 0 ? shapes[node.Sources[0]] : default;
        switch (node)
        {
            case ConvolutionNode n:
                yield return new(name, $"{name}.weight", [n.Channels, input.Channels / n.Groups, n.Kernel]);
                if (n.HasBias)
                    yield return new(name, $"{name}.bias", [n.Channels]);
                break;
            case DenseNode n:
                yield return new(name, $"{name}.weight", [n.Channels, input.Channels]);
                if (n.HasBias)
                    yield return new(name, $"{name}.bias", [n.Channels]);
                break;
            case BatchNormNode:
                foreach (var part in (string[])["weight", "bias", "running_mean", "running_var"])
                    yield return new(name, $"{name}.{part}", [output.Channels]);
                break;
            case LayerNormNode { HasWeights: true } n:
                foreach (var part in (string[])["weight", "bias"])
                    yield return new(name, $"{name}.{part}", n.OverTime ? [output.Channels, output.Length] : [output.Channels]);
                break;
            case GroupNormNode { HasWeights: true }:
                foreach (var part in (string[])["weight", "bias"])
                    yield return new(name, $"{name}.{part}", [output.Channels]);
                break;
            case ScaleNode n:
                yield return new(name, n.Weight, [output.Channels], IsAnyShape: true);
                break;
        }
    }
}
