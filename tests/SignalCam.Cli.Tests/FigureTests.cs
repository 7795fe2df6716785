using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Core.Models;
using SignalCam.Sdk.Classification;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>Pictures in the forms that papers and wards take, the page for hand-over, and the numbers beside them.</summary>
public sealed class FigureTests
{
    [Fact]
    public async Task Explain_writes_every_layout_in_every_form_and_the_numbers_into_the_JSON()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "20");
        var record = folder["data/records100/00000/00001_lr"];
        foreach (var (layout, format) in new[] { ("12x1", "png"), ("6x2", "pdf"), ("strip", "png") })
            await Tool.OkAsync("explain", record, "--layout", layout, "--format", format, "--dpi", "60", "--out", folder[layout]);

        Assert.Equal("\u0089PNG", Head(folder["12x1/00001_lr.png"], 4));
        Assert.Equal("%PDF", Head(folder["6x2/00001_lr.pdf"], 4));
        Assert.Equal("\u0089PNG", Head(folder["strip/00001_lr.png"], 4));
        var json = JsonNode.Parse(await File.ReadAllTextAsync(folder["12x1/00001_lr.json"]))!;
        Assert.Equal("measured by software", (string)json["measurements"]!["source"]!);
        Assert.InRange((double)json["measurements"]!["heart_rate"]!["value"]!, 40, 130);
        // The file is still an answer.
        Assert.Equal(64, Abstractions.EcgAnswerJson.Read(json.ToJsonString()).ModelSha256.Length);

        var inspected = JsonNode.Parse((await Tool.OkAsync("inspect", record, "--json")).Out)![0]!;
        Assert.Equal((double)json["measurements"]!["qrs_duration"]!["value"]!,
            (double)inspected["measurements"]!["qrs_duration"]!["value"]!);
    }

    [Fact]
    public async Task Report_writes_a_page_a_recording()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "20");
        string[] records = [folder["data/records100/00000/00001_lr"], folder["data/records100/00000/00002_lr"]];
        await Tool.OkAsync("report", records[0], records[1], "--task", "super", "--out", folder["r.pdf"]);
        await Tool.OkAsync("report", records[0], "--task", "super", "--grey", "--out", folder["r.svg"]);

        Assert.Equal("%PDF", Head(folder["r.pdf"], 4));
        Assert.Contains("/Count 2", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(folder["r.pdf"])), StringComparison.Ordinal);
        var svg = await File.ReadAllTextAsync(folder["r.svg"]);
        Assert.Contains("width=\"297mm\" height=\"210mm\"", svg, StringComparison.Ordinal);
        foreach (var part in new[]
        {
            "Recording 00001_lr", "Numbers, measured by software", "Findings", "SHA-256", "Research use. Not a medical device.",
            "25 mm/s, 10 mm/mV",
        })
            Assert.Contains(part, svg, StringComparison.Ordinal);
        Assert.DoesNotMatch("(fill|stroke)=\"#(?!([0-9a-f]{2})\\2\\2\")[0-9a-f]{6}\"", svg);

        var wrong = await Tool.RunAsync("report", records[0], records[1], "--out", folder["r.png"]);
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("found 2 recordings, expected one", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_of_a_request_is_read_once_and_describes_itself_before_the_first_answer()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "20");
        var model = folder["model.safetensors"];
        PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read().Save(model);
        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var manifests = new List<ModelManifest>();
        var answers = services.GetRequiredService<IClassificationService>().ClassifyAsync(new ClassificationRequest
        {
            ModelPath = model,
            Files = [folder["data/records100/00000/00001_lr"], folder["data/records100/00000/00002_lr"]],
            OnModel = manifest =>
            {
                manifests.Add(manifest);
                File.Delete(model);
            },
        });
        await foreach (var answer in answers)
        {
            Assert.Null(answer.Error);
            Assert.Equal("normal-abnormal", Assert.Single(manifests).Task);
        }
    }

    [Fact]
    public async Task Overview_writes_the_figures_of_its_report_as_files()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "40");
        await Tool.OkAsync("overview", "--data", folder["data"], "--figures", folder["figures"], "--format", "pdf");
        var files = Directory.GetFiles(folder["figures"]);
        Assert.True(files.Length >= 4);
        Assert.All(files, file => Assert.Equal("%PDF", Head(file, 4)));
    }

    private static string Head(string file, int count) => Encoding.Latin1.GetString(File.ReadAllBytes(file).AsSpan(0, count));
}
