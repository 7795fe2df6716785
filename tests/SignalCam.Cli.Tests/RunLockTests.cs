using System.Diagnostics;
using System.Globalization;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

public sealed class RunLockTests
{
    [Fact]
    public async Task A_living_run_is_not_resumed_and_a_killed_one_is_at_once()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "120");
        var run = folder["run"];
        using var training = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "signalcam.dll"), "train", "--data", folder["data"], "--run", run, "--epochs",
                "100000", "--batch-size", "32",
            ])
        {
            RedirectStandardOutput = true,
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            while (await training.StandardOutput.ReadLineAsync(patience.Token) is { } line
                && !line.StartsWith("epoch   1", StringComparison.Ordinal))
            {
            }
            foreach (var arguments in new string[][] { ["--resume", run], ["--data", folder["data"], "--run", run] })
            {
                var refused = await Tool.RunAsync(["train", .. arguments]);
                Assert.Equal(1, refused.ExitCode);
                Assert.Contains($"'{run}' is in use by process {training.Id.ToString(CultureInfo.InvariantCulture)} on ",
                    refused.Error, StringComparison.Ordinal);
                Assert.Contains(" since 2", refused.Error, StringComparison.Ordinal);
            }
            Assert.False(training.HasExited);
        }
        finally
        {
            training.Kill(entireProcessTree: true);
            await training.WaitForExitAsync(CancellationToken.None);
        }
        // The lock went with the process: what is refused now is the number of epochs, which is compared later.
        var resumed = await Tool.RunAsync("train", "--resume", run, "--epochs", "7");
        Assert.Contains("option epochs is 100000 in the checkpoint and 7 now", resumed.Error, StringComparison.Ordinal);
    }
}
