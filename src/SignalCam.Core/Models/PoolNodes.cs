using System.Text.Json.Serialization;

namespace SignalCam.Core.Models;

/// <summary>What a pooling makes of the time steps under its window.</summary>
public enum PoolKind
{
    /// <summary>The largest.</summary>
    Max,

    /// <summary>Their mean.</summary>
    Average,
}

/// <summary>
/// Pooling over time. Only time steps that there are count: padding and what lies beyond the end are left out, of a mean's divisor too.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
/// <param name="Pool">What is made of a window.</param>
/// <param name="Kernel">The window in time steps.</param>
/// <param name="Stride">Time steps from one window to the next.</param>
/// <param name="Padding">By how much the first window begins early and the last may end late; at most half of the window.</param>
/// <param name="RoundUp">Whether a last window that is not full counts (PyTorch's ceil_mode).</param>
public sealed record PoolNode(
    string Name, string Input, PoolKind Pool, int Kernel, int Stride, int Padding = 0, bool RoundUp = false) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>The mean of each channel over its cells: (channel, cell) to (channel, 1).</summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The layer that it takes.</param>
public sealed record GlobalAveragePoolNode(string Name, string Input) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}

/// <summary>
/// The weight of each cell in an attention pooling: the softmax of each channel over its cells, times the number of cells, so that the mean
/// is one. Feature maps multiplied by it and averaged over the cells are pooled by attention, and explained by an exact map.
/// </summary>
/// <param name="Name">As for every node.</param>
/// <param name="Input">The scores: one channel for all, or one for each channel of the feature maps.</param>
public sealed record AttentionNode(string Name, string Input) : LayerNode(Name)
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<string> Sources => [Input];
}
