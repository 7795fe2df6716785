using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Networks;

/// <summary>Chooses where tensors live, from the option `device`: "auto", "cpu", "cuda" or "cuda:N".</summary>
internal static class TorchDevice
{
    /// <summary>The device that an option names.</summary>
    /// <param name="name">"auto" takes the first CUDA device if there is one, else the CPU.</param>
    /// <param name="allowFallback">Whether a CUDA device that is not there becomes the CPU instead of an error.</param>
    /// <exception cref="DeviceException">The name is none of these, or the CUDA device is not there.</exception>
    /// <exception cref="TorchNotFoundException">Torch's native library is missing.</exception>
    public static Device Select(string name, bool allowFallback = false)
    {
        TorchRuntime.EnsureUsable();
        return Select(name, allowFallback, cuda.is_available() ? cuda.device_count() : 0);
    }

    /// <summary>The same with the number of CUDA devices given.</summary>
    internal static Device Select(string name, bool allowFallback, int cudaDevices)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var wanted = name.Trim().ToLowerInvariant();
        if (wanted == "cpu" || (wanted == "auto" && cudaDevices == 0))
            return CPU;
        if (wanted == "auto")
            return new Device(DeviceType.CUDA, 0);
        if (wanted != "cuda" && !wanted.StartsWith("cuda:", StringComparison.Ordinal))
            throw new DeviceException($"device '{name}': expected auto, cpu, cuda or cuda:N");
        var index = 0;
        if (wanted.Length > 5 && !int.TryParse(wanted.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out index)
            || wanted == "cuda:")
            throw new DeviceException($"device '{name}': expected a number after 'cuda:'");
        if (index < cudaDevices)
            return new Device(DeviceType.CUDA, index);
        if (allowFallback)
            return CPU;
        var there = cudaDevices == 0
            ? "no CUDA device is here (is the CUDA build of libtorch installed?)"
            : $"CUDA devices are 0 to {cudaDevices - 1}";
        throw new DeviceException($"device '{name}' is not there: {there}; use auto or cpu, or allow the fallback");
    }
}
