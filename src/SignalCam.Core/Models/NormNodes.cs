using System.Text.Json.Serialization;

namespace SignalCam.Core.Models;

/// <summary>
/// Batch norm with its running statistics: (x - mean) / sqrt(variance + epsilon) x weight + bias per channel. Weights "Name.weight",
/// "Name.bias", "Name.running_mean", "Name.running_var" (channel).
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormNode(string Name, string Input, double Epsilon = 1e-5) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>
/// Layer norm (Ba et al. 2016, <see href="https://arxiv.org/abs/1607.06450">arXiv:1607.06450</see>): x minus its mean, divided by
/// sqrt(variance + epsilon), x weight + bias. Mean and variance are those of the channels at each cell, as in ConvNeXt, with weights
/// "Name.weight" and "Name.bias" (channel); or those of all channels and cells, with weights (channel, cell), which fit one length only.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="OverTime">Whether mean and variance are taken over the cells too.</param>
/// <param name="HasWeights">Whether there are weight and bias.</param>
public sealed record LayerNormNode(
    string Name, string Input, double Epsilon = 1e-5, bool OverTime = false, bool HasWeights = true) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>
/// Group norm (Wu and He 2018, <see href="https://arxiv.org/abs/1803.08494">arXiv:1803.08494</see>): like layer norm over time, but for
/// each group of neighbouring channels by itself, with weights "Name.weight" and "Name.bias" (channel). As many groups as channels:
/// instance norm.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Groups">Number of groups, a divisor of the channels.</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="HasWeights">Whether there are weight and bias.</param>
public sealed record GroupNormNode(string Name, string Input, int Groups, double Epsilon = 1e-5, bool HasWeights = true) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>
/// Each channel times a weight of its own, such as the layer scale of ConvNeXt (Liu et al. 2022,
/// <see href="https://arxiv.org/abs/2201.03545">arXiv:2201.03545</see>).
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Weight">
/// The tensor with the weights, one per channel and of any shape with as many elements: its whole name in the state dict.
/// </param>
public sealed record ScaleNode(string Name, string Input, string Weight) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}
