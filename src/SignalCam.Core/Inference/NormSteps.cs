using System.Numerics.Tensors;

namespace SignalCam.Core.Inference;

/// <summary>Layer norm over the channels of each cell. Weights and biases (channel).</summary>
internal sealed unsafe class ChannelNormStep(
    RowSlot input, RowSlot output, int channels, float[] weights, float[] biases, float epsilon, Scratch scratch,
    RowFunction function) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        var length = input.Length;
        var room = scratch.Span(workspace, 2 * length);
        Span<float> means = room[..length], factors = room[length..];
        room.Clear();
        for (var c = 0; c < channels; c++)
            TensorPrimitives.Add(means, input.Row(workspace, c), means);
        TensorPrimitives.Divide(means, channels, means);
        for (var c = 0; c < channels; c++)
        {
            var target = output.Row(workspace, c);
            TensorPrimitives.Subtract(input.Row(workspace, c), means, target);
            TensorPrimitives.MultiplyAdd(target, target, factors, factors);
        }
        TensorPrimitives.Divide(factors, channels, factors);
        TensorPrimitives.Add(factors, epsilon, factors);
        TensorPrimitives.ReciprocalSqrt<float>(factors, factors);
        for (var c = 0; c < channels; c++)
        {
            var target = output.Row(workspace, c);
            TensorPrimitives.Multiply(target, factors, target);
            TensorPrimitives.Multiply(target, weights[c], target);
            TensorPrimitives.Add(target, biases[c], target);
            function.Apply(target);
        }
    }
}

/// <summary>
/// Group norm, instance norm and layer norm over time: mean and variance of neighbouring channels over all of their cells. Weights and
/// biases (channel), or (channel, cell).
/// </summary>
internal sealed unsafe class GroupNormStep(
    RowSlot input, RowSlot output, int channels, int groups, float[] weights, float[] biases, double epsilon,
    RowFunction function) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        var size = channels / groups;
        for (var first = 0; first < channels; first += size)
        {
            var mean = 0.0;
            for (var c = first; c < first + size; c++)
                mean += Rows.Sum(input.Row(workspace, c));
            mean /= (double)size * input.Length;
            var variance = 0.0;
            for (var c = first; c < first + size; c++)
            {
                var target = output.Row(workspace, c);
                TensorPrimitives.Subtract(input.Row(workspace, c), (float)mean, target);
                variance += TensorPrimitives.SumOfSquares<float>(target);
            }
            variance /= (double)size * input.Length;
            var factor = (float)(1 / Math.Sqrt(variance + epsilon));
            for (var c = first; c < first + size; c++)
                Finish(output.Row(workspace, c), c, factor);
        }
    }

    private void Finish(Span<float> row, int channel, float factor)
    {
        if (weights.Length == channels)
        {
            TensorPrimitives.Multiply(row, factor * weights[channel], row);
            TensorPrimitives.Add(row, biases[channel], row);
        }
        else
        {
            TensorPrimitives.Multiply(row, factor, row);
            TensorPrimitives.MultiplyAdd(
                row, weights.AsSpan(channel * row.Length, row.Length), biases.AsSpan(channel * row.Length, row.Length), row);
        }
        function.Apply(row);
    }
}
