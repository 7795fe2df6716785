using SignalCam.Core.Models;

namespace SignalCam.Core.Inference;

/// <summary>Weights of a convolution in the order in which <see cref="ConvolutionKernel"/> reads them.</summary>
internal static class PackedConvolution
{
    /// <summary>Blocks of four output channels; in each, four weights for every tap. Channels that are not there have zeros.</summary>
    /// <param name="weights">(output channel, tap).</param>
    /// <param name="groups">Groups of output channels, each filled up to whole blocks.</param>
    /// <param name="channels">Output channels of a group.</param>
    public static float[] Weights(double[] weights, int groups, int channels)
    {
        var taps = weights.Length / (groups * channels);
        var packed = new float[checked(groups * RoundUp(channels) * taps)];
        for (var group = 0; group < groups; group++)
        {
            var begin = group * RoundUp(channels) * taps;
            for (var c = 0; c < channels; c++)
            {
                var (block, row) = Math.DivRem(c, ConvolutionKernel.Rows);
                for (var tap = 0; tap < taps; tap++)
                    packed[begin + (block * taps + tap) * ConvolutionKernel.Rows + row] =
                        (float)weights[(group * channels + c) * taps + tap];
            }
        }
        return packed;
    }

    /// <summary>Filled up to whole blocks, group by group.</summary>
    public static float[] Biases(double[] biases, int groups)
    {
        var channels = biases.Length / groups;
        var packed = new float[groups * RoundUp(channels)];
        for (var i = 0; i < biases.Length; i++)
            packed[i / channels * RoundUp(channels) + i % channels] = (float)biases[i];
        return packed;
    }

    /// <summary>
    /// Where each tap reads, input channel by input channel: in floats from the output's time in the first row of the group. With a stride
    /// the input is dealt out, so that what is k samples further lies in row k modulo stride.
    /// </summary>
    public static int[] Offsets(ConvolutionNode convolution, int inputChannels, int rowStride)
    {
        var (kernel, stride) = (convolution.Kernel, convolution.Stride);
        var offsets = new int[checked(inputChannels * kernel)];
        for (var c = 0; c < inputChannels; c++)
            for (var k = 0; k < kernel; k++)
            {
                var from = (long)k * convolution.Dilation - convolution.PaddingBefore;
                var shift = (from < 0 ? from - (stride - 1) : from) / stride;
                var phase = from - shift * stride;
                offsets[c * kernel + k] = checked((int)(((long)c * stride + phase) * rowStride + shift));
            }
        return offsets;
    }

    /// <summary>Output channels in whole blocks.</summary>
    public static int RoundUp(int channels) => (channels + ConvolutionKernel.Rows - 1) / ConvolutionKernel.Rows * ConvolutionKernel.Rows;
}
