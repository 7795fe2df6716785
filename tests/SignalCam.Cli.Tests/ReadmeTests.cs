using System.Diagnostics;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>Every command of the README, run as it stands there, in a shell, one after the other in one folder.</summary>
public sealed class ReadmeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task The_demo_learns_and_leaves_a_report()
    {
        Assert.Contains("build/demo.sh ", string.Join('\n', Commands()), StringComparison.Ordinal);
        using var folder = TestData.Folder();
        var json = await RunAsync("build/signalcam.sh demo --json -", folder.Path, []);
        Assert.True((double)System.Text.Json.Nodes.JsonNode.Parse(json)!["evaluation"]!["roc_auc"]! >= 0.95);
        Assert.True(File.Exists(folder["runs/demo/report.html"]));
    }

    [Fact]
    public async Task The_commands_on_the_synthetic_set_run()
    {
        using var folder = TestData.Folder();
        var commands = Commands().Where(c => c.StartsWith("build/signalcam.sh", StringComparison.Ordinal)
            && !c.Contains("$PTBXL", StringComparison.Ordinal) && !c.Contains("$RECORDINGS", StringComparison.Ordinal)
            && !c.Contains("model_0.pt", StringComparison.Ordinal)).ToArray();
        Assert.Equal(11, commands.Length);
        foreach (var command in commands)
            await RunAsync(command, folder.Path, []);
        Assert.True(File.Exists(folder["explained/1.svg"]) && File.Exists(folder["explained/1.html"]) && File.Exists(folder["report.pdf"])
            && File.Exists(folder["model.onnx"]) && File.Exists(folder["evaluation.html"]));
    }

    [SkippableFact]
    public async Task The_commands_on_PTB_XL_run()
    {
        var data = TestData.PtbXl();
        using var folder = TestData.Folder();
        File.Copy(TestData.Shared("golden/model_0.pt"), folder["model_0.pt"]);
        var commands = Commands()
            .Where(c => c.StartsWith("build/signalcam.sh", StringComparison.Ordinal)
                && (c.Contains("$PTBXL", StringComparison.Ordinal) || c.Contains("model_0.pt", StringComparison.Ordinal))).ToArray();
        Assert.Equal(5, commands.Length);
        foreach (var command in commands)
            // A whole training takes many minutes: here one epoch on one fold.
            await RunAsync(command.Contains(" train ", StringComparison.Ordinal) ? command + " --epochs 1 --train-folds 1" : command,
                folder.Path, [("PTBXL", data)]);
        Assert.True(File.Exists(folder["explained/8.svg"]) && File.Exists(folder["paper.html"])
            && File.Exists(folder["super.safetensors"]));
    }

    [SkippableFact]
    public async Task The_commands_on_a_folder_of_ones_own_run_on_recordings_of_others()
    {
        var recordings = TestData.Shared("formats/cinc2021");
        using var folder = TestData.Folder();
        var commands = Commands().Where(c => c.Contains("$RECORDINGS", StringComparison.Ordinal)).ToArray();
        Assert.Equal(
            ["overview", "predict", "evaluate", "train", "evaluate", "explain", "report"], commands.Select(c => c.Split(' ')[1]));
        foreach (var command in commands)
            await RunAsync(command, folder.Path, [("RECORDINGS", recordings)]);
        string[] made =
        [
            "own.html", "predictions.html", "evaluation.html", "own.safetensors", "own-evaluation.html", "explained/E07500.svg",
            "report.pdf",
        ];
        Assert.All(made, file => Assert.True(File.Exists(folder[file]), file));
        // A heading, and a row for each of five classes of 34 recordings.
        Assert.Equal(1 + 5 * 34, File.ReadLines(folder["predictions.csv"]).Count());
    }

    [Fact]
    public void The_test_command_is_the_one_that_continuous_integration_runs()
    {
        Assert.Contains(Commands(), c => c.StartsWith("build/test.sh", StringComparison.Ordinal));
        Assert.Contains("exec build/test.sh", File.ReadAllText(Path.Combine(TestData.Root, ".ci", "run")), StringComparison.Ordinal);
    }

    /// <summary>The lines of the README's shell blocks.</summary>
    private static IEnumerable<string> Commands()
    {
        var inside = false;
        foreach (var line in File.ReadLines(Path.Combine(TestData.Root, "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
                inside = line == "```sh";
            else if (inside && line.Length > 0)
                yield return line;
        }
    }

    private static async Task<string> RunAsync(string command, string folder, (string Name, string Value)[] environment)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "signalcam.dll");
        var start = new ProcessStartInfo(
            "bash", ["-c", command.Replace("build/signalcam.sh", $"dotnet '{tool}'", StringComparison.Ordinal)])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(s_patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }
}
