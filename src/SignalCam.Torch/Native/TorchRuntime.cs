using System.Reflection;
using SignalCam.Abstractions;
using TorchSharp;

namespace SignalCam.Torch.Native;

/// <summary>Which TorchSharp is here, and whether its native library loads.</summary>
/// <param name="Version">The version of the managed assembly.</param>
/// <param name="CudaDevices">Number of CUDA devices; 0 when the native library is missing.</param>
/// <param name="Problem">Why torch cannot be used and what to do; null when it can.</param>
public sealed record TorchRuntime(string Version, int CudaDevices, string? Problem)
{
    private static readonly Lazy<string?> s_problem = new(NativeTorch.Load);

    /// <summary>Whether this process has tried to load the native library. Does not load it.</summary>
    public static bool IsLoaded => s_problem.IsValueCreated;

    /// <summary>Asks torch, which loads the native library unless it is loaded already.</summary>
    public static TorchRuntime Probe()
    {
        var assembly = typeof(torch).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? assembly.GetName().Version?.ToString() ?? "unknown";
        return s_problem.Value is { } problem ? new TorchRuntime(version, 0, problem) : new TorchRuntime(version, CountCudaDevices(), null);
    }

    /// <summary>Ensures that torch can be used. Call it before the first use of TorchSharp.</summary>
    /// <exception cref="TorchNotFoundException">Its native library is missing or does not fit; the message states what to do.</exception>
    public static void EnsureUsable()
    {
        if (s_problem.Value is { } problem)
            throw new TorchNotFoundException(problem);
    }

    /// <summary>For people: "TorchSharp 0.107.0".</summary>
    public override string ToString() => $"TorchSharp {Version}";

    private static int CountCudaDevices() => torch.cuda.is_available() ? torch.cuda.device_count() : 0;
}

/// <summary>Torch's native library is missing or does not fit this machine.</summary>
public sealed class TorchNotFoundException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public TorchNotFoundException(string message)
        : base(message)
    {
    }
}
