using System.Text.Json.Serialization;

namespace SignalCam.Core.Models;

/// <summary>The sum of layers of the same shape.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Inputs">At least two layers.</param>
public sealed record AddNode(string Name, IReadOnlyList<string> Inputs) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => Inputs;
}

/// <summary>
/// The product of layers. A layer of one cell counts for every cell, such as the weights of squeeze-and-excitation (Hu et al. 2018,
/// <see href="https://arxiv.org/abs/1709.01507">arXiv:1709.01507</see>); one of one channel counts for every channel.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Inputs">At least two layers.</param>
public sealed record MultiplyNode(string Name, IReadOnlyList<string> Inputs) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => Inputs;
}

/// <summary>The channels of layers of the same length, one after the other.</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Inputs">At least two layers.</param>
public sealed record ConcatNode(string Name, IReadOnlyList<string> Inputs) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => Inputs;
}
