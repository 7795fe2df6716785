using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Data;

/// <summary>Moves batches to the device, and results back.</summary>
internal static class DeviceTransfer
{
    /// <summary>
    /// A tensor of an array's values. On the CPU it is the array itself, which must not change while the tensor is in use. For a CUDA
    /// device the copy starts from pinned memory and is not waited for; the array may be used again at once.
    /// </summary>
    public static Tensor ToDevice(float[] values, long[] shape, Device device)
    {
        using var flat = as_tensor(values);
        if (device.type == DeviceType.CPU)
            return flat.view(shape);
        using var pinned = flat.pin_memory();
        using var shaped = pinned.view(shape);
        return shaped.to(device, non_blocking: true);
    }

    /// <summary>
    /// The loss (a scalar) and the probabilities of a batch side by side, still on the device: one copy brings both back, and a copy is
    /// what the host waits for.
    /// </summary>
    public static Tensor Join(Tensor loss, Tensor probabilities)
    {
        using var quiet = no_grad();
        using var one = loss.detach().reshape(1);
        using var all = probabilities.detach().reshape(-1);
        return cat([one, all]);
    }

    /// <summary>Copies the result of <see cref="Join"/> back.</summary>
    public static (float Loss, float[] Probabilities) Split(Tensor joined)
    {
        using var here = joined.cpu();
        var values = here.data<float>().ToArray();
        return (values[0], values[1..]);
    }
}
