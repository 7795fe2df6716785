using System.Diagnostics;
using System.Text.Json.Nodes;
using SignalCam.Core.Models;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>A training whose process is killed again and again ends with the same bits as one that was left alone.</summary>
public sealed class KillTests
{
    private const int Kills = 20;
    private const int Epochs = 32;

    // Of 40 recordings 33 are in the folds 1 to 8, in batches of 4.
    private const int StepsPerEpoch = 9;

    [Fact]
    public async Task Killed_at_20_random_moments_and_resumed_it_ends_with_the_same_bits()
    {
        using var folder = TestData.Folder();
        var data = folder["data"];
        await Tool.OkAsync("synthesize", "--out", data, "--records", "40");
        // A small network on one thread: what takes time here is the starting of processes.
        await File.WriteAllTextAsync(
            folder["options.json"], """{"torchThreads": 1, "architecture": {"name": "signal-cnn", "options": {"channels": [4, 4, 8]}}}""");
        string[] options =
        [
            "--data", data, "--options", folder["options.json"], "--epochs", $"{Epochs}", "--batch-size", "4", "--checkpoint-seconds", "0",
            "--device", "cpu",
        ];
        await ToEndAsync(["train", "--run", folder["whole"], .. options]);

        // Most moments are spread over the first two thirds of the steps, each fifth falls into the start of a process: loading, restoring.
        var random = new Random(20);
        var steps = new Queue<int>(Enumerable.Range(0, Kills).Select(_ => random.Next(Epochs * StepsPerEpoch * 2 / 3)).Order());
        var moments = Enumerable.Range(1, Kills).Select(kill => kill % 5 == 0 ? (int?)null : steps.Dequeue()).ToArray();
        string[] start = ["train", "--run", folder["killed"], .. options];
        foreach (var moment in moments)
        {
            using var training = Start(File.Exists(folder["killed/run.json"]) ? ["train", "--resume", folder["killed"]] : start);
            if (moment is { } reached)
                await StepsReachedAsync(folder["killed/last.safetensors"], reached, training);
            else
                await Task.Delay(random.Next(100, 1000));
            await Task.Delay(random.Next(12));
            Assert.False(training.HasExited, "the training ended before it was killed");
            training.Kill();
            await training.WaitForExitAsync();
        }
        await ToEndAsync(["train", "--resume", folder["killed"]]);

        Assert.Equal(File.ReadAllBytes(folder["whole/model.safetensors"]), File.ReadAllBytes(folder["killed/model.safetensors"]));
        Assert.Equal(Weights(folder["whole/last.safetensors"]), Weights(folder["killed/last.safetensors"]));
        Assert.Equal(Figures(folder["whole/metrics.csv"]), Figures(folder["killed/metrics.csv"]));
        Assert.Equal(Epochs, Figures(folder["killed/metrics.csv"]).Length - 1);
        Assert.Empty(Directory.GetFiles(folder["killed"], "*.tmp"));
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "signalcam.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        })!;

    private static async Task ToEndAsync(string[] arguments)
    {
        using var training = Start(arguments);
        var output = await training.StandardOutput.ReadToEndAsync();
        await training.WaitForExitAsync();
        Assert.True(training.ExitCode == 0, output);
    }

    private static async Task StepsReachedAsync(string checkpoint, int steps, Process training)
    {
        while (!training.HasExited && StepsDone(checkpoint) < steps)
            await Task.Delay(2);
    }

    private static int StepsDone(string checkpoint)
    {
        if (!File.Exists(checkpoint))
            return -1;
        var position = JsonNode.Parse(ModelFile.Load(checkpoint).Suspended!.Text)!["position"]!;
        return ((int)position["epoch"]! - 1) * StepsPerEpoch + (int)position["step"]!;
    }

    private static byte[] Weights(string path) => new SafetensorsFile(ModelFile.Load(path).Weights).ToBytes();

    /// <summary>The rows of a table of metrics without the seconds.</summary>
    private static string[] Figures(string path) =>
        [.. File.ReadAllLines(path).Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 7)))];
}
