using System.Runtime.CompilerServices;
using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>A convolution computed as it is defined.</summary>
/// <param name="plan">What is computed.</param>
/// <param name="weights">(output channel, input channel, kernel).</param>
/// <param name="biases">One per output channel.</param>
internal sealed unsafe class DirectConvolution(ConvolutionPlan plan, double[] weights, double[] biases) : ConvolutionStep(plan)
{
    // Of the input, while all weights of four channels pass over it: most of a first-level cache of 32 KB.
    private const int TileFloats = 5_000;

    private readonly float[] _weights = PackedConvolution.Weights(weights, plan.Channels);
    private readonly float[] _biases = PackedConvolution.Biases(biases);
    private readonly int[] _offsets = PackedConvolution.Offsets(plan.Node, plan.InputChannels, plan.Input.Stride);

    public override long InnerMultiplyAdds => Plan.MultiplyAdds;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Run<T>(float* workspace)
    {
        fixed (float* packed = _weights, starts = _biases)
        fixed (int* offsets = _offsets)
        {
            var (taps, vectors, outStride, channels) = (_offsets.Length, (Plan.Length + T.Count - 1) / T.Count, Plan.Output.Stride, Plan.Channels);
            float* input = workspace + Plan.Input.Offset, output = workspace + Plan.Output.Offset;
            var (slope, perVector) = (T.Broadcast(Plan.Slope), Plan.HalvesByMax ? T.Count / 2 : T.Count);
            // Vectors of time to take all output channels through before the next, a multiple of a block's.
            var tile = Math.Max(1, TileFloats / (Plan.InputChannels * Plan.Node.Stride) / (T.Count * ConvolutionKernel.Vectors)) * ConvolutionKernel.Vectors;
            for (var first = 0; first < vectors; first += tile)
            {
                var end = Math.Min(vectors, first + tile);
                for (var channel = 0; channel < channels; channel += ConvolutionKernel.Rows)
                {
                    var block = new ConvolutionBlock(offsets, taps, packed + channel * taps, starts + channel, outStride, Math.Min(ConvolutionKernel.Rows, channels - channel), Plan.HalvesByMax ? ConvolutionEpilogue.ActivationAndPairMax : ConvolutionEpilogue.Activation);
                    var target = output + channel * outStride;
                    for (int at = first, count; at < end; at += count)
                    {
                        count = ConvolutionKernel.NextVectors(end - at, block.Rows);
                        ConvolutionKernel.Run(block, count, input + at * T.Count, target + at * perVector, slope);
                    }
                }
            }
        }
    }
}
