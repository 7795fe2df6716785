using SignalCam.Abstractions;
using SignalCam.Torch.Architectures;

namespace SignalCam.Torch.Networks;

/// <summary>What a network is made of and what it costs for one recording, with and without the class activation map.</summary>
/// <param name="Layers">The layers of the backbone and of the head.</param>
/// <param name="Cam">
/// What the class activation map adds: a dot product per class and cell, a linear interpolation per class and sample.
/// </param>
internal sealed record LayerTable(IReadOnlyList<LayerDescription> Layers, IReadOnlyList<LayerDescription> Cam)
{
    // Two weights and two products a sample.
    private const int MultiplyAddsPerInterpolation = 4;

    /// <summary>Trainable parameters.</summary>
    public long Parameters => Layers.Sum(l => l.Parameters);

    /// <summary>Multiply-adds of the convolutions alone; null where the architecture does not say.</summary>
    public long? ConvolutionMultiplyAdds => Sum(Layers.Where(l => l.Kind.StartsWith("Conv", StringComparison.Ordinal)));

    /// <summary>Multiply-adds of all layers, without the class activation map; null where the architecture does not say.</summary>
    public long? MultiplyAdds => Sum(Layers);

    /// <summary>
    /// Multiply-adds that the class activation map adds; null where the architecture does not say how many cells there are.
    /// </summary>
    public long? CamMultiplyAdds => Sum(Cam);

    /// <summary>Describes a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="input">The recordings it takes.</param>
    public static LayerTable Of(EcgNetwork network, SignalLayout input)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(input);
        var layers = network.Backbone.Describe(input);
        var (channels, cells) = (network.Backbone.Channels, layers.Count > 0 ? layers[^1].Length : null);
        var classes = (int)network.Head.Bias.numel();
        return new LayerTable(
            [
                .. layers,
                new("head", $"{network.Head.GetName()} {channels}->{classes}", classes, null,
                    network.Head.parameters().Sum(p => p.numel()), (long)channels * classes),
            ],
            [
                new("cam", "class weights x feature maps", classes, cells, 0, (long?)channels * classes * cells),
                new("heat map", "linear interpolation", classes, input.Length, 0,
                    (long)MultiplyAddsPerInterpolation * classes * input.Length),
            ]);
    }

    private static long? Sum(IEnumerable<LayerDescription> layers) =>
        layers.Aggregate((long?)0, (sum, layer) => sum + layer.MultiplyAdds);
}
