using TorchSharp;

namespace SignalCam.Torch.Tests;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void It_says_which_torch_is_here()
    {
        var runtime = TorchRuntime.Probe();
        Assert.Null(runtime.Problem);
        Assert.Equal(runtime.IsStandIn, runtime.Version.Contains("offline", StringComparison.Ordinal));
        Assert.Contains(runtime.Version, runtime.ToString(), StringComparison.Ordinal);
        Assert.Equal(torch.cuda.is_available() ? torch.cuda.device_count() : 0, runtime.CudaDevices);
        TorchRuntime.EnsureUsable();
    }

    [Theory]
    [InlineData(false, "TorchSharp-cpu")]
    [InlineData(true, "libtorch-dev")]
    public void A_missing_library_is_told_with_what_to_install_and_the_loaders_own_words(bool isStandIn, string install)
    {
        var advice = TorchRuntime.Advice(isStandIn, new TypeInitializationException("torch", new DllNotFoundException("libLibTorchSharp: not found")));
        Assert.StartsWith("torch's native library cannot be loaded: ", advice, StringComparison.Ordinal);
        Assert.Contains(install, advice, StringComparison.Ordinal);
        Assert.EndsWith("The loader says: libLibTorchSharp: not found", advice, StringComparison.Ordinal);
    }
}
