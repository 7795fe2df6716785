using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>Weights of a convolution in the order in which <see cref="ConvolutionKernel"/> reads them.</summary>
internal static class PackedConvolution
{
    /// <summary>Blocks of four output channels; in each, four weights for every tap. Channels that are not there have zeros.</summary>
    /// <param name="weights">(output channel, tap).</param>
    /// <param name="channels">Output channels.</param>
    public static float[] Weights(double[] weights, int channels)
    {
        var taps = weights.Length / channels;
        var packed = new float[RoundUp(channels) * taps];
        for (var c = 0; c < channels; c++)
        {
            var (block, row) = Math.DivRem(c, ConvolutionKernel.Rows);
            for (var tap = 0; tap < taps; tap++)
                packed[(block * taps + tap) * ConvolutionKernel.Rows + row] = (float)weights[c * taps + tap];
        }
        return packed;
    }

    /// <summary>Filled up to whole blocks.</summary>
    public static float[] Biases(double[] biases)
    {
        var packed = new float[RoundUp(biases.Length)];
        for (var c = 0; c < biases.Length; c++)
            packed[c] = (float)biases[c];
        return packed;
    }

    /// <summary>
    /// Where each tap reads, input channel by input channel: in floats from the output's time in the first row. With a stride the input
    /// is dealt out, so that what is k samples further lies in row k modulo stride.
    /// </summary>
    public static int[] Offsets(ConvolutionNode convolution, int inputChannels, int rowStride)
    {
        var (kernel, stride) = (convolution.Kernel, convolution.Stride);
        var offsets = new int[inputChannels * kernel];
        for (var c = 0; c < inputChannels; c++)
            for (var k = 0; k < kernel; k++)
            {
                var shift = (int)Math.Floor((k - convolution.PaddingBefore) / (double)stride);
                var phase = k - convolution.PaddingBefore - shift * stride;
                offsets[c * kernel + k] = (c * stride + phase) * rowStride + shift;
            }
        return offsets;
    }

    /// <summary>Output channels in whole blocks.</summary>
    public static int RoundUp(int channels) => (channels + ConvolutionKernel.Rows - 1) / ConvolutionKernel.Rows * ConvolutionKernel.Rows;
}
