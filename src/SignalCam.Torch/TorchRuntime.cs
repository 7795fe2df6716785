using System.Reflection;
using SignalCam.Abstractions;
using TorchSharp;

namespace SignalCam.Torch;

/// <summary>Which torch is here: the real TorchSharp or this project's stand-in, its version, and whether its native library loads.</summary>
/// <param name="IsStandIn">Whether it is the stand-in of this project's offline build instead of the published TorchSharp package.</param>
/// <param name="Version">The version of the managed assembly.</param>
/// <param name="CudaDevices">Number of CUDA devices; 0 when the native library is missing.</param>
/// <param name="Problem">Why torch cannot be used and what to install; null when all is well.</param>
public sealed record TorchRuntime(bool IsStandIn, string Version, int CudaDevices, string? Problem)
{
    private const string StandInMark = "-offline";

    /// <summary>Asks torch. Loads the native library if that has not happened yet.</summary>
    public static TorchRuntime Probe()
    {
        var assembly = typeof(torch).Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
            ?? assembly.GetName().Version?.ToString() ?? "unknown";
        var isStandIn = version.EndsWith(StandInMark, StringComparison.Ordinal);
        try
        {
            return new TorchRuntime(isStandIn, version, CountCudaDevices(), null);
        }
        catch (Exception e) when (IsMissingLibrary(e))
        {
            return new TorchRuntime(isStandIn, version, 0, Advice(isStandIn, e));
        }
    }

    /// <summary>Makes sure that torch can be used.</summary>
    /// <exception cref="TorchNotFoundException">Its native library is missing or does not fit; the message says what to install.</exception>
    public static void EnsureUsable()
    {
        if (Probe().Problem is { } problem)
            throw new TorchNotFoundException(problem);
    }

    /// <summary>"TorchSharp 0.106.0", or "stand-in for TorchSharp, 0.106.0-offline".</summary>
    public override string ToString() => IsStandIn ? $"stand-in for TorchSharp, {Version}" : $"TorchSharp {Version}";

    internal static string Advice(bool isStandIn, Exception cause)
    {
        while (cause is TypeInitializationException or TargetInvocationException && cause.InnerException is { } inner)
            cause = inner;
        var install = isStandIn
            ? "install libtorch (Debian: libtorch-dev and libopenblas0-pthread) and build again"
            : "add one package to the application, TorchSharp-cpu, or TorchSharp-cuda-linux or TorchSharp-cuda-windows for a GPU, in the version of TorchSharp";
        return $"torch's native library cannot be loaded: {install}. The loader says: {cause.Message}";
    }

    private static bool IsMissingLibrary(Exception e) =>
        e is DllNotFoundException or TypeInitializationException or TargetInvocationException or NotSupportedException or BadImageFormatException or EntryPointNotFoundException or FileNotFoundException;

    private static int CountCudaDevices()
    {
        // A tensor, because a managed call alone might not load the library.
        using (torch.zeros(1))
            return torch.cuda.is_available() ? torch.cuda.device_count() : 0;
    }
}

/// <summary>Torch's native library is missing or does not fit this machine.</summary>
public sealed class TorchNotFoundException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    public TorchNotFoundException(string message)
        : base(message)
    {
    }
}
