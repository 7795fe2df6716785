using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>One pass over the workspace: a layer, or several that are computed together.</summary>
internal abstract unsafe class ScorerStep
{
    public abstract void Run(float* workspace, VectorWidth width);
}

/// <summary>Deals the samples of each row out to as many rows as the stride of the convolution that reads them, so that it reads neighbours.</summary>
internal sealed unsafe class DealStep(RowSlot input, RowSlot output, int channels, int stride) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
        {
            var source = input.Row(workspace, c);
            for (var phase = 0; phase < stride; phase++)
            {
                var target = output.Row(workspace, c * stride + phase);
                var at = 0;
                for (var t = phase; t < source.Length; t += stride)
                    target[at++] = source[t];
                target[at..].Clear();
            }
        }
    }
}

/// <summary>Scale, shift and activation of each channel: a batch norm or an activation that does not follow a convolution.</summary>
internal sealed unsafe class ScaleStep(RowSlot input, RowSlot output, float[] scales, float[] shifts, float slope) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < scales.Length; c++)
        {
            var source = input.Row(workspace, c);
            var target = output.Row(workspace, c);
            TensorPrimitives.Multiply(source, scales[c], target);
            TensorPrimitives.Add(target, shifts[c], target);
            Rows.Activate(target, slope);
        }
    }
}

/// <summary>A sum of layers and the activation that follows it.</summary>
internal sealed unsafe class AddStep(RowSlot[] inputs, RowSlot output, int channels, float slope) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
        {
            var target = output.Row(workspace, c);
            TensorPrimitives.Add(inputs[0].Row(workspace, c), inputs[1].Row(workspace, c), target);
            foreach (var input in inputs.AsSpan(2))
                TensorPrimitives.Add(target, input.Row(workspace, c), target);
            Rows.Activate(target, slope);
        }
    }
}

/// <summary>The channels of layers, one after the other.</summary>
internal sealed unsafe class ConcatStep((RowSlot Slot, int Channels)[] inputs, RowSlot output) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        var at = 0;
        foreach (var (slot, channels) in inputs)
            for (var c = 0; c < channels; c++)
                slot.Row(workspace, c).CopyTo(output.Row(workspace, at++));
    }
}

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

/// <summary>What steps do with a row.</summary>
internal static class Rows
{
    /// <summary>ReLU, leaky or not; nothing for slope 1.</summary>
    public static void Activate(Span<float> row, float slope)
    {
        if (slope == 0)
            TensorPrimitives.Max(row, 0f, row);
        else if (slope < 1)
            foreach (ref var x in row)
                x = MathF.Max(x, slope * x);
    }

    /// <summary>The sum; like <see cref="CellMaps.MinMax"/>, compiled in full at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(ReadOnlySpan<float> row)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
            sums += Vector.LoadUnsafe(ref first, (nuint)i);
        var sum = Vector.Sum(sums);
        for (; i < row.Length; i++)
            sum += row[i];
        return sum;
    }
}
