using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

public sealed class ExportTests
{
    [SkippableFact]
    public async Task An_exported_model_gives_what_predict_gives()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "20");
        var record = folder["data/records100/00000/00001_lr"];
        foreach (var task in new[] { "normal-abnormal", "super" })
        {
            var predicted = (await Tool.OkAsync("predict", "--task", task, "--json", "-", record)).Json[0]!["scores"]!.AsArray();
            var run = await Tool.OkAsync(
                "export", "--task", task, "--format", "onnx", "--preprocessing", "--out", folder["deep/model.onnx"]);
            Assert.Contains("ONNX opset 13, input millivolt (batch, 12, 1000)", run.Out, StringComparison.Ordinal);
            var recording = await WfdbReader.ReadSignalAsync(record);
            var found = OnnxTools.Run(new OnnxJob(
                await File.ReadAllBytesAsync(folder["deep/model.onnx"]), "millivolt", [1, 12, 1000], recording.Samples.ToArray()))[0];
            foreach (var (c, row) in predicted.Index())
            {
                Assert.Equal((double)row!["probability"]!, found["probabilities"].Values[c], 1e-4);
                Assert.Equal((double)row["logit"]!, found["logits"].Values[c], 1e-4);
            }
        }
    }

    [Theory]
    [InlineData("export", "--out")]
    [InlineData("export --task guess --out x", "no weights for it come with signalcam")]
    [InlineData("export --format gguf --out x", "gguf")]
    public async Task What_cannot_be_exported_is_wrong_usage(string line, string message)
    {
        var run = await Tool.RunAsync(line.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
