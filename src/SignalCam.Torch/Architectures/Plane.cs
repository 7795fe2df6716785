using SignalCam.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Architectures;

/// <summary>
/// How signals pass through the built-in networks: as planes (batch, channel, 1, time) whose memory, on the CPU, runs channel by channel
/// within each time step ("channels last").
/// </summary>
/// <remarks>
/// The CPU's kernels take that form as it is. For plain memory they reorder each convolution's input, output and gradients, and the
/// gradient of a pooling is not vectorised. torch has the form for four dimensions only, hence the plane. Weights keep their shapes (out,
/// in, kernel).
/// </remarks>
internal static class Plane
{
    /// <summary>(batch, channel, 1, time) of signals (batch, channel, time), of the same type.</summary>
    public static Tensor From(Tensor signals)
    {
        if (signals.device_type != DeviceType.CPU)
            return signals.unsqueeze(2);
        using var turned = signals.transpose(1, 2);
        using var lastChannels = turned.contiguous();
        using var back = lastChannels.transpose(1, 2);
        return back.unsqueeze(2);
    }

    /// <summary>
    /// Feature maps (batch, channel, cell) of a plane, in plain memory and of the weights' type, as heads and plug-ins expect them.
    /// </summary>
    public static Tensor ToFeatures(Tensor plane)
    {
        using var squeezed = plane.squeeze(2);
        var plain = squeezed.contiguous();
        if (plain.dtype != ScalarType.BFloat16)
            return plain;
        using (plain)
            return plain.to(float32);
    }

    /// <summary>Runs a convolution over time, in the plane's type.</summary>
    public static Tensor Convolve(Conv1d convolution, Tensor plane) => Convolve(convolution, plane, convolution.weight, convolution.bias);

    /// <summary>Runs a convolution over time and the batch norm that follows it.</summary>
    public static Tensor ConvolveAndNormalise(Conv1d convolution, BatchNorm2d norm, Tensor plane)
    {
        // On other devices the calls that this saves memory traffic with cost more than the traffic.
        if (norm.training || is_grad_enabled() || plane.device_type != DeviceType.CPU)
        {
            using var convolved = Convolve(convolution, plane);
            return Normalise(norm, convolved);
        }
        // An affine map per channel, which the convolution's weights take in.
        using var variance = norm.running_var!.Plus(norm.eps);
        using var spread = variance.sqrt();
        using var scale = norm.weight!.div(spread);
        using var column = scale.view(-1, 1, 1);
        using var weight = convolution.weight.mul(column);
        using var shift = convolution.bias is { } own ? own.sub(norm.running_mean!) : norm.running_mean!.neg();
        using var bias = shift.mul(scale);
        bias.Increase(norm.bias!);
        return Convolve(convolution, plane, weight, bias);
    }

    /// <summary>Runs a batch norm; in training mode it takes the batch's statistics in, and counts it.</summary>
    public static Tensor Normalise(BatchNorm2d norm, Tensor plane)
    {
        if (norm.training)
            norm.num_batches_tracked!.Increase(1);
        return nn.functional.batch_norm(plane, norm.running_mean!, norm.running_var!, norm.weight, norm.bias, norm.training, eps: norm.eps);
    }

    /// <summary>Largest values over time.</summary>
    public static Tensor MaxPool(Tensor plane, long kernel, long stride, long padding)
    {
        if (kernel == 2 && stride == 2 && padding == 0 && !is_grad_enabled())
            return LargerOfPairs(plane);
        return nn.functional.max_pool2d(plane, [1, kernel], [1, stride], [0, padding]);
    }

    private static Tensor Convolve(Conv1d convolution, Tensor plane, Tensor weight, Tensor? bias)
    {
        using var flat = weight.unsqueeze(2);
        using var typedWeight = flat.to(plane.dtype);
        using var typedBias = bias?.to(plane.dtype);
        return nn.functional.conv2d(plane, typedWeight, typedBias, [1, convolution.stride[0]], [0, convolution.padding![0]]);
    }

    // Without gradients nobody needs to know where the larger one was, and that is most of the work.
    private static Tensor LargerOfPairs(Tensor plane)
    {
        var even = plane.shape[3] / 2 * 2;
        using var first = plane.slice(3, 0, even, 2);
        using var second = plane.slice(3, 1, even, 2);
        return maximum(first, second);
    }
}
