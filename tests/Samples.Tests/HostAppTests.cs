using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace Samples.Tests;

public sealed class HostAppTests
{
    [Fact]
    public async Task Every_recording_becomes_a_line_and_bad_ones_are_left_out_by_name()
    {
        using var folder = TestData.Folder();
        var model = WriteModel(folder["model.safetensors"]);
        var recordings = Enumerable.Range(0, 40).ToDictionary(i => $"{i:00}", i => Recording((ulong)i));
        foreach (var (name, recording) in recordings)
            Write(folder["records/a"], name, recording);
        Write(folder["records/a"], "20-short", Recording(99, seconds: 1));
        Directory.CreateDirectory(folder["records/b"]);
        File.WriteAllText(folder["records/b/broken.hea"], "not a header");

        var run = (await Start(folder["records"], model).EndAsync()).Succeeded();

        var lines = run.Lines.Select(line => JsonNode.Parse(line)!).ToArray();
        Assert.Equal(recordings.Keys.Select(name => Path.Combine("a", name)), lines.Select(line => (string)line["recording"]!));
        Assert.Contains("20-short left out: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("broken left out: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("40 of 42 recordings classified, 2 left out", run.Errors, StringComparison.Ordinal);

        await using var services = new ServiceCollection().AddSignalCam().AddModel("here", model).Services.BuildServiceProvider();
        var classifier = services.GetRequiredService<IEcgClassifier>();
        foreach (var (line, recording) in lines.Zip(recordings.Values))
        {
            var (finding, expected) = (
                line["findings"]![0]!, classifier.Classify(recording, new ClassifyOptions { Explain = true }).Scores[0]);
            Assert.Equal("abnormal", (string)finding["class"]!);
            Assert.Equal(expected.Probability, (double)finding["probability"]!, 1e-4);
            Assert.Equal(expected.Decision.ToString().ToLowerInvariant(), (string)finding["decision"]!);
            var heights = finding["peakSeconds"]!.AsArray()
                .Select(second => expected.HeatMap!.Samples[(int)Math.Round((double)second! * 100)]).ToArray();
            Assert.All(heights, height => Assert.True(height > 0));
            Assert.Equal(heights.OrderDescending(), heights);
        }
        Assert.Contains(lines, line => line["findings"]![0]!["peakSeconds"]!.AsArray().Count == 5);
    }

    [Fact]
    public async Task Without_a_model_the_weights_that_come_with_the_SDK_classify()
    {
        using var folder = TestData.Folder();
        var recording = Recording(5, seconds: 10);
        Write(folder["records"], "one", recording);

        var run = (await Sample.Start("HostApp", $"--Folder={folder["records"]}").EndAsync()).Succeeded();

        var line = JsonNode.Parse(Assert.Single(run.Lines))!;
        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        Assert.Equal("normal-abnormal", (string)line["model"]!);
        Assert.Equal(services.GetRequiredService<IEcgClassifier>().Classify(recording)["abnormal"].Probability,
            (double)line["findings"]![0]!["probability"]!, 1e-4);
    }

    [SkippableFact]
    public async Task A_request_to_stop_ends_it_cleanly()
    {
        const int Many = 1500;
        Skip.If(OperatingSystem.IsWindows(), "there is no SIGTERM on Windows");
        using var folder = TestData.Folder();
        var model = WriteModel(folder["model.safetensors"]);
        var recording = Recording(1);
        for (var i = 0; i < Many; i++)
            Write(folder["records"], $"{i:0000}", recording);

        var process = Start(folder["records"], model);
        var first = await process.StandardOutput.ReadLineAsync();
        // It waits by now, for what it writes is not read: a pipe holds a few hundred lines.
        using (var kill = Process.Start("kill", ["-TERM", process.Id.Text()]))
            await kill.WaitForExitAsync();
        await Task.Delay(500);
        var run = (await process.EndAsync()).Succeeded();

        Assert.NotNull(first);
        Assert.InRange(run.Lines.Length, 1, Many - 2);
        Assert.Contains($"{run.Lines.Length + 1} of {Many} recordings classified, 0 left out", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_settings_are_named_without_a_stack_trace()
    {
        using var folder = TestData.Folder();
        var run = await Start(folder["nowhere"], folder["none.safetensors"]).EndAsync();
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Contains($"Folder is {folder["nowhere"]}: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("none.safetensors", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    private static Process Start(string records, string model) =>
        Sample.Start("HostApp", $"--Folder={records}", $"--SignalCam:Models:normal-abnormal:Path={model}");

    private static EcgSignal Recording(ulong seed, double seconds = 2) => Tiny.Recording(seed, seconds: seconds);

    private static void Write(string folder, string name, EcgSignal recording) =>
        WfdbWriter.Write(Directory.CreateDirectory(folder).FullName, name, recording);

    /// <summary>A small network with weights drawn at random, for recordings of two seconds.</summary>
    private static string WriteModel(string path) => Tiny.Write(path, 3, Tiny.Manifest() with { Task = "normal-abnormal" });
}
