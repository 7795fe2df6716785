using System.Numerics.Tensors;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>Pooling of any window.</summary>
internal sealed unsafe class PoolStep(RowSlot input, RowSlot output, int channels, PoolNode pool) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
        {
            var source = input.Row(workspace, c);
            var target = output.Row(workspace, c);
            for (var i = 0; i < target.Length; i++)
            {
                var begin = i * pool.Stride - pool.Padding;
                var end = Math.Min(source.Length, begin + pool.Kernel);
                begin = Math.Max(0, begin);
                target[i] = pool.Pool == PoolKind.Max ? Largest(source[begin..end]) : Mean(source[begin..end]);
            }
        }
    }

    private static float Largest(ReadOnlySpan<float> window)
    {
        var largest = window[0];
        foreach (var value in window[1..])
            largest = MathF.Max(largest, value);
        return largest;
    }

    private static float Mean(ReadOnlySpan<float> window)
    {
        var sum = 0f;
        foreach (var value in window)
            sum += value;
        return sum / window.Length;
    }
}

/// <summary>The mean of each row.</summary>
internal sealed unsafe class GlobalPoolStep(RowSlot input, RowSlot output, int channels) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
            output.Row(workspace, c)[0] = Rows.Sum(input.Row(workspace, c)) / input.Length;
    }
}

/// <summary>The softmax of each row, times the row's length.</summary>
internal sealed unsafe class AttentionStep(RowSlot input, RowSlot output, int channels) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
        {
            var target = output.Row(workspace, c);
            var source = input.Row(workspace, c);
            // It does not change when all scores are shifted, and large ones would overflow.
            TensorPrimitives.Subtract(source, TensorPrimitives.Max<float>(source), target);
            TensorPrimitives.Exp<float>(target, target);
            TensorPrimitives.Multiply(target, target.Length / Rows.Sum(target), target);
        }
    }
}

/// <summary>A dense layer on one cell, and the activation that follows it.</summary>
internal sealed unsafe class DenseStep(
    RowSlot input, RowSlot output, DenseWeights weights, Scratch scratch, RowFunction function) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        var features = scratch.Span(workspace, weights.Channels);
        for (var c = 0; c < features.Length; c++)
            features[c] = input.Row(workspace, c)[0];
        for (var k = 0; k < weights.Biases.Length; k++)
        {
            var target = output.Row(workspace, k);
            target[0] = TensorPrimitives.Dot(features, weights.Of(k)) + weights.Biases[k];
            function.Apply(target);
        }
    }
}
