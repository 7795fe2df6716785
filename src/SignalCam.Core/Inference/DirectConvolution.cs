using System.Runtime.CompilerServices;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>A convolution computed as it is defined, group by group.</summary>
/// <param name="plan">What is computed.</param>
/// <param name="weights">(output channel, input channel of the group, kernel).</param>
/// <param name="biases">One per output channel.</param>
internal sealed unsafe class DirectConvolution(ConvolutionPlan plan, double[] weights, double[] biases) : ConvolutionStep(plan)
{
    // Of the input, while all weights of four channels pass over it: most of a first-level cache of 32 KB.
    private const int TileFloats = 5_000;

    // Group by group.
    private readonly float[] _weights = PackedConvolution.Weights(weights, plan.Groups, plan.GroupChannels);
    private readonly float[] _biases = PackedConvolution.Biases(biases, plan.Groups);
    private readonly int[] _offsets = PackedConvolution.Offsets(plan.Node, plan.GroupInputs, plan.Input.Stride);

    public override long InnerMultiplyAdds => Plan.MultiplyAdds;

    /// <summary>From a group's input to the next one's.</summary>
    private int ToNextInput => Plan.GroupInputs * Plan.Node.Stride * Plan.Input.Stride;

    public override IEnumerable<MemoryAccess> Accesses
    {
        get
        {
            // Whole vectors of time, of which the last may end up to a vector of the widest kind behind the last time step.
            long vectors = RowSlot.RoundUp(Plan.Length), input = Plan.Input.Offset;
            yield return new(input + _offsets.Min(), input + (Plan.Groups - 1L) * ToNextInput + _offsets.Max() + vectors);
            yield return OutputAccess(vectors);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Run<T>(float* workspace)
    {
        fixed (float* packed = _weights, starts = _biases)
        fixed (int* offsets = _offsets)
        {
            T.Permit(packed, (long)_weights.Length * sizeof(float));
            T.Permit(starts, (long)_biases.Length * sizeof(float));
            T.Permit(offsets, (long)_offsets.Length * sizeof(int));
            float* input = workspace + Plan.Input.Offset, output = workspace + Plan.Output.Offset;
            var (slope, channels) = (T.Broadcast(Plan.Slope), Plan.GroupChannels);
            var padded = PackedConvolution.RoundUp(channels);
            for (var group = 0; group < Plan.Groups; group++)
                RunGroup(
                    offsets, packed + (nint)group * padded * _offsets.Length, starts + group * padded,
                    input + (nint)group * ToNextInput, output + (nint)group * channels * Plan.Output.Stride, slope);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunGroup<T>(int* offsets, float* packed, float* starts, float* input, float* output, T slope)
        where T : struct, ILanes<T>
    {
        var (taps, vectors, outStride, channels) = (
            _offsets.Length, (Plan.Length + T.Count - 1) / T.Count, Plan.Output.Stride, Plan.GroupChannels);
        var perVector = Plan.HalvesByMax ? T.Count / 2 : T.Count;
        var epilogue = Plan.HalvesByMax ? ConvolutionEpilogue.ActivationAndPairMax : ConvolutionEpilogue.Activation;
        // Vectors of time to take all output channels through before the next, a multiple of a block's.
        var tile = Math.Max(1, TileFloats / (Plan.GroupInputs * Plan.Node.Stride) / (T.Count * ConvolutionKernel.Vectors))
            * ConvolutionKernel.Vectors;
        for (var first = 0; first < vectors; first += tile)
        {
            var end = Math.Min(vectors, first + tile);
            for (var channel = 0; channel < channels; channel += ConvolutionKernel.Rows)
            {
                var block = new ConvolutionBlock(
                    offsets, taps, packed + (nint)channel * taps, starts + channel, outStride,
                    Math.Min(ConvolutionKernel.Rows, channels - channel), epilogue);
                var target = output + (nint)channel * outStride;
                for (int at = first, count; at < end; at += count)
                {
                    count = ConvolutionKernel.NextVectors(end - at, block.Rows);
                    ConvolutionKernel.Run(block, count, input + at * T.Count, target + at * perVector, slope);
                }
            }
        }
    }
}
