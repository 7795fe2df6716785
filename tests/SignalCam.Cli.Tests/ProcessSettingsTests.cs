using System.Diagnostics;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>What the library sets in the process before libtorch loads, as OpenMP's library itself reports it.</summary>
public sealed class ProcessSettingsTests
{
    [SkippableTheory]
    [InlineData(null, null, "0")]
    [InlineData("SIGNALCAM_TUNE_PROCESS", "0", "300000")]
    [InlineData("OMP_WAIT_POLICY", "ACTIVE", "30000000000")]
    public async Task Idle_threads_sleep_unless_told_otherwise(string? variable, string? value, string spins)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only libgomp, Linux's OpenMP, reports and takes these settings");
        using var folder = TestData.Folder();
        // A training, because it needs libtorch in any case.
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "20");
        var start = new ProcessStartInfo("dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "signalcam.dll"), "train", "--data", folder["data"], "--run", folder["run"],
                "--epochs", "1", "--device", "cpu",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_DISPLAY_ENV"] = "VERBOSE";
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment.Remove("GOMP_SPINCOUNT");
        if (variable is not null)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync();
        var report = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await text + report);
        // How often a thread looks for work before it sleeps.
        Assert.Contains($"GOMP_SPINCOUNT = '{spins}'", report, StringComparison.Ordinal);
    }
}
