using System.Numerics.Tensors;

namespace SignalCam.Core.Inference;

/// <summary>Class activation maps: class weights times feature maps, or the rows of a convolution that gives just that.</summary>
internal sealed unsafe class CamStep(ConvolutionStep? convolution, RowSlot source, int channels, int cells, DenseWeights dense)
{
    /// <summary>Cells of a map.</summary>
    public int Cells => cells;

    /// <summary>Writes the maps (class, cell).</summary>
    public void Run(float* workspace, VectorWidth width, Span<float> maps)
    {
        convolution?.Run(workspace, width);
        for (var k = 0; k < dense.Biases.Length; k++)
        {
            var map = maps.Slice(k * cells, cells);
            if (convolution is not null)
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
