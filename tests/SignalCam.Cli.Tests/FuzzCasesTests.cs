using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;

namespace SignalCam.Cli.Tests;

/// <summary>Inputs that broke the product once, through the command line: a text and an exit code, or an answer that is right.</summary>
public sealed class FuzzCasesTests
{
    private const string Cases = "cases/fuzz";

    private static readonly string[] s_commands =
    [
        "predict {record} --json - --model {model}", "predict {record} --backend torch --json - --model {model}",
        "describe --json - --model {model}", "export --out {out} --model {model}",
    ];

    public static TheoryData<string> ModelFiles => [.. Files()];

    [SkippableTheory]
    [MemberData(nameof(ModelFiles))]
    public async Task A_model_file_ends_in_a_text_or_a_right_answer(string file)
    {
        var model = TestData.Shared(Path.Combine(Cases, file));
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "record",
            SyntheticEcg.Generate(new SyntheticOptions { SamplingRate = 100, Seconds = 10 }, new EcgRandom(3)).Signal);
        foreach (var command in s_commands)
        {
            var arguments = command.Split(' ').Select(part => part.Replace("{record}", folder["record"], StringComparison.Ordinal)
                .Replace("{model}", model, StringComparison.Ordinal).Replace("{out}", folder["model.onnx"], StringComparison.Ordinal))
                    .ToArray();
            var run = await SpecialFiles.WithoutWaiting(() => Tool.RunAsync(arguments));
            Assert.True(run.ExitCode is 0 or 1, $"{command} ended with {run.ExitCode}: {run.Error}");
            if (run.ExitCode == 0 && arguments[0] == "predict")
                Assert.All(run.Json[0]!["scores"]!.AsArray(), score => Assert.InRange((double)score!["probability"]!, 0, 1));
            if (run.ExitCode == 0)
                continue;
            Assert.NotEqual("", run.Error);
            Assert.DoesNotContain("signalcam itself", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', run.Error);
        }
    }

    [SkippableFact]
    public async Task A_header_whose_signal_file_is_a_FIFO_is_refused_by_name()
    {
        using var folder = TestData.Folder();
        File.Copy(TestData.Shared(Cases + "/wfdb-fifo/x.hea"), folder["x.hea"]);
        SpecialFiles.Fifo(folder["x.dat"]);
        var run = await SpecialFiles.WithoutWaiting(() => Tool.RunAsync("predict", folder["x"]));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{folder["x.dat"]}: found a FIFO", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The model files by their paths below the folder; one that skips where the folder is not here.</summary>
    private static IEnumerable<string> Files()
    {
        var folder = Path.Combine(
            Environment.GetEnvironmentVariable("SIGNALCAM_SHARED") ?? Path.Combine(TestData.Root, "..", "shared"), Cases);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*.safetensors", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)
            : ["model.safetensors"];
    }
}
