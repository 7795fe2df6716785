using System.Text.Json.Serialization;
using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>
/// Turns logits into probabilities; a graph has one, and its input is the logits. No layer takes the probabilities.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The input layer.</param>
/// <param name="IsSoftmax">Softmax over the classes, or a sigmoid for each.</param>
public sealed record ProbabilityNode(string Name, string Input, bool IsSoftmax) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>
/// Class activation maps (Zhou et al. 2016, doi 10.1109/CVPR.2016.319, eq. 2): the weights of the dense layer that computes the logits,
/// times feature maps at each cell, without its bias. There is one of each kind at most, and no layer takes it.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The feature maps; for <see cref="CamKind.Exact"/> those that are pooled for the dense layer.</param>
/// <param name="Dense">The dense layer, earlier in the graph, whose weights are used.</param>
/// <param name="Map">The kind of map.</param>
public sealed record CamNode(string Name, string Input, string Dense, CamKind Map) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}
