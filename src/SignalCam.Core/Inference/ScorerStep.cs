using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>One pass over the workspace: a layer, or several that are computed together.</summary>
internal abstract unsafe class ScorerStep
{
    /// <summary>What the step touches by address; nothing for steps that touch whole rows alone. Known once all slots are placed.</summary>
    public virtual IEnumerable<MemoryAccess> Accesses => [];

    public abstract void Run(float* workspace, VectorWidth width);
}

/// <summary>
/// Deals the samples of each row out to as many rows as the stride of the convolution that reads them, so that it reads neighbours.
/// </summary>
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
internal sealed unsafe class ScaleStep(RowSlot input, RowSlot output, float[] scales, float[] shifts, RowFunction function) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < scales.Length; c++)
        {
            var source = input.Row(workspace, c);
            var target = output.Row(workspace, c);
            TensorPrimitives.Multiply(source, scales[c], target);
            TensorPrimitives.Add(target, shifts[c], target);
            function.Apply(target);
        }
    }
}

/// <summary>A function of each value.</summary>
internal sealed unsafe class FunctionStep(RowSlot input, RowSlot output, int channels, RowFunction function) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
        {
            var target = output.Row(workspace, c);
            input.Row(workspace, c).CopyTo(target);
            function.Apply(target);
        }
    }
}

/// <summary>A sum of layers and the activation that follows it.</summary>
internal sealed unsafe class AddStep(RowSlot[] inputs, RowSlot output, int channels, RowFunction function) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
        {
            var target = output.Row(workspace, c);
            TensorPrimitives.Add(inputs[0].Row(workspace, c), inputs[1].Row(workspace, c), target);
            foreach (var input in inputs.AsSpan(2))
                TensorPrimitives.Add(target, input.Row(workspace, c), target);
            function.Apply(target);
        }
    }
}

/// <summary>
/// A product of layers, some of which may have one cell for all or one channel for all, and the activation that follows it.
/// </summary>
internal sealed unsafe class MultiplyStep(
    (RowSlot Slot, int Channels)[] inputs, RowSlot output, int channels, RowFunction function) : ScorerStep
{
    public override void Run(float* workspace, VectorWidth width)
    {
        for (var c = 0; c < channels; c++)
        {
            var target = output.Row(workspace, c);
            Multiply(Row(inputs[0], workspace, c), Row(inputs[1], workspace, c), target);
            foreach (var input in inputs.AsSpan(2))
                Multiply(target, Row(input, workspace, c), target);
            function.Apply(target);
        }
    }

    private static Span<float> Row((RowSlot Slot, int Channels) input, float* workspace, int channel) =>
        input.Slot.Row(workspace, input.Channels == 1 ? 0 : channel);

    private static void Multiply(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> target)
    {
        if (a.Length == b.Length && a.Length == target.Length)
            TensorPrimitives.Multiply(a, b, target);
        else if (a.Length == b.Length)
            target.Fill(a[0] * b[0]);
        else if (b.Length == 1)
            TensorPrimitives.Multiply(a, b[0], target);
        else
            TensorPrimitives.Multiply(b, a[0], target);
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

/// <summary>What steps do with a row.</summary>
internal static class Rows
{
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
