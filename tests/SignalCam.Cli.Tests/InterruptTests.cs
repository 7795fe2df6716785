using System.Diagnostics;
using System.Runtime.InteropServices;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

[Collection(TrainingInThisProcess.Name)]
public sealed class InterruptTests
{
    [SkippableFact]
    public async Task Ctrl_C_ends_a_training_and_leaves_a_model_that_scores()
    {
        Skip.If(RuntimeInformation.IsOSPlatform(OSPlatform.Windows), "signals are sent with kill");
        using var folder = TestData.Folder();
        var (data, model) = (folder["data"], folder["model.safetensors"]);
        await Tool.OkAsync("synthesize", "--out", data, "--records", "120");
        string[] command =
        [
            "dotnet", Path.Combine(AppContext.BaseDirectory, "signalcam.dll"), "train", "--data", data, "--out", model, "--epochs",
            "100000", "--batch-size", "32",
        ];
        // A shell starts what it runs in the background with Ctrl-C ignored, and who runs the tests there hands that on.
        if (OperatingSystem.IsLinux())
            command = ["env", "--default-signal=INT", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var training = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            while (await training.StandardOutput.ReadLineAsync(patience.Token) is { } line
                && !line.StartsWith("epoch   2", StringComparison.Ordinal))
            {
            }
            using var kill = Process.Start("kill", ["-INT", training.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
            var rest = await training.StandardOutput.ReadToEndAsync(patience.Token);
            await training.WaitForExitAsync(patience.Token);
            Assert.Equal(1, training.ExitCode);
            Assert.Contains("best epoch", rest, StringComparison.Ordinal);
            Assert.Contains("ended: cancelled in epoch", rest, StringComparison.Ordinal);
            Assert.Contains($"train --resume {folder["model.run"]}", rest, StringComparison.Ordinal);
        }
        finally
        {
            if (!training.HasExited)
                training.Kill(entireProcessTree: true);
        }
        await Tool.OkAsync("evaluate", "--data", data, "--model", model, "--folds", "10");
        await Tool.OkAsync("evaluate", "--data", data, "--model", folder["model.run/last.safetensors"], "--folds", "10");
        // The wrong options are refused by name; going on with 100000 epochs would take a while.
        var refused = await Tool.RunAsync("train", "--resume", folder["model.run"], "--epochs", "7");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("option epochs is 100000 in the checkpoint and 7 now", refused.Error, StringComparison.Ordinal);
    }
}
