using System.Numerics.Tensors;

namespace SignalCam.Core.Inference;

/// <summary>Class activation maps: class weights times feature maps, or the rows of a convolution that gives just that.</summary>
/// <param name="parts">What makes the rows of that convolution; empty if feature maps are read.</param>
/// <param name="source">The rows of the convolution, or the feature maps.</param>
/// <param name="channels">Channels of the feature maps.</param>
/// <param name="cells">Cells of a map.</param>
/// <param name="dense">The class weights.</param>
internal sealed unsafe class CamStep(ScorerStep[] parts, RowSlot source, int channels, int cells, DenseWeights dense)
{
    /// <summary>The bias that is added to the mean of each class's map: one per class.</summary>
    public ReadOnlySpan<float> Biases => dense.Biases;

    /// <summary>Cells of a map.</summary>
    public int Cells => cells;

    /// <summary>The step that computes the rows of the convolution.</summary>
    public IReadOnlyList<ScorerStep> Parts => parts;

    /// <summary>Channels of the feature maps that are pooled; 0 where a convolution gives the maps without them.</summary>
    public int Channels => parts.Length == 0 ? channels : 0;

    /// <summary>The mean of each channel of the feature maps.</summary>
    public void Pool(float* workspace, Span<float> features)
    {
        for (var c = 0; c < features.Length; c++)
            features[c] = TensorPrimitives.Sum<float>(source.Row(workspace, c)) / cells;
    }

    /// <summary>Writes the maps (class, cell).</summary>
    public void Run(float* workspace, VectorWidth width, Span<float> maps)
    {
        foreach (var part in parts)
            part.Run(workspace, width);
        for (var k = 0; k < dense.Biases.Length; k++)
        {
            var map = maps.Slice(k * cells, cells);
            if (parts.Length > 0)
            {
                source.Row(workspace, k).CopyTo(map);
                continue;
            }
            var weights = dense.Of(k);
            map.Clear();
            for (var c = 0; c < channels; c++)
                TensorPrimitives.MultiplyAdd(source.Row(workspace, c), weights[c], map, map);
        }
    }
}
