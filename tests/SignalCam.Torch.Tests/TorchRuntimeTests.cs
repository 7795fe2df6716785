using SignalCam.Torch.Native;
using TorchSharp;

namespace SignalCam.Torch.Tests;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void It_says_which_torch_is_here()
    {
        var runtime = TorchRuntime.Probe();
        Assert.Null(runtime.Problem);
        Assert.Equal($"TorchSharp {runtime.Version}", runtime.ToString());
        Assert.Equal(torch.cuda.is_available() ? torch.cuda.device_count() : 0, runtime.CudaDevices);
        TorchRuntime.EnsureUsable();
    }

    [Fact]
    public void A_missing_library_is_named_with_what_to_install_and_the_loaders_own_words()
    {
        var advice = NativeTorch.Advise(
            new TypeInitializationException("torch", new DllNotFoundException("libLibTorchSharp: not found")), null);
        Assert.StartsWith("torch's native library cannot be loaded: ", advice, StringComparison.Ordinal);
        Assert.Contains("libtorch-cpu-linux-x64", advice, StringComparison.Ordinal);
        Assert.EndsWith("The loader says: libLibTorchSharp: not found", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void An_old_libstdcpp_is_named_with_what_it_has_what_is_asked_for_and_what_to_do()
    {
        using var folder = SignalCam.Testing.TestData.Folder();
        File.WriteAllText(folder["libstdc++.so.6"], "\0GLIBCXX_3.4.9\0GLIBCXX_3.4.30\0GLIBCXX_DEBUG\0");
        var cause = new DllNotFoundException(
            $"{folder["libstdc++.so.6"]}: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)");
        var advice = NativeTorch.Advise(cause, folder["libstdc++.so.6"]);
        Assert.Contains("asks for GLIBCXX_3.4.32", advice, StringComparison.Ordinal);
        Assert.Contains("ends at GLIBCXX_3.4.30", advice, StringComparison.Ordinal);
        Assert.Contains("TorchSharpOldLinux=always", advice, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_on_troubleshooting_quotes_both_word_for_word()
    {
        using var folder = SignalCam.Testing.TestData.Folder();
        File.WriteAllText(folder["libstdc++.so.6"], "\0GLIBCXX_3.4.30\0");
        var page = File.ReadAllText(Path.Combine(SignalCam.Testing.TestData.Root, "docs", "troubleshooting.md"));
        Assert.Contains(NativeTorch.Advise(new DllNotFoundException("..."), null), page, StringComparison.Ordinal);
        var old = NativeTorch.Advise(new DllNotFoundException("version `GLIBCXX_3.4.32' not found"), folder["libstdc++.so.6"])
            .Replace(folder["libstdc++.so.6"], "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", StringComparison.Ordinal)
            .Replace("version `GLIBCXX_3.4.32' not found", "...", StringComparison.Ordinal);
        Assert.Contains(old, page, StringComparison.Ordinal);
    }
}
