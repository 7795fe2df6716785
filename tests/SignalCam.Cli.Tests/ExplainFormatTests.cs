using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

public sealed class ExplainFormatTests
{
    [Fact]
    public async Task A_page_or_a_picture_in_either_layout_is_written()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "20");
        var record = folder["data/records100/00000/00001_lr"];
        await Tool.OkAsync("explain", record, "--task", "super", "--layout", "3x4", "--format", "html", "--out", folder["page"]);
        await Tool.OkAsync("explain", record, "--task", "super", "--layout", "3x4", "--out", folder["picture"]);
        await Tool.OkAsync("explain", record, "--task", "super", "--out", folder["stacked"]);

        var page = await File.ReadAllTextAsync(folder["page/00001_lr.html"]);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        // Five classes side by side; lead II is there twice, as a part of three rows and as the rhythm strip.
        Assert.Equal(5, Count(page, "class=\"sheet\""));
        Assert.Equal(2, Count(page, "data-lead=\"II\""));
        Assert.Equal(2, Count(await File.ReadAllTextAsync(folder["picture/00001_lr.svg"]), "data-lead=\"II\""));
        Assert.Equal(1, Count(await File.ReadAllTextAsync(folder["stacked/00001_lr.svg"]), "data-lead=\"II\""));
    }

    [Fact]
    public async Task Classes_stand_side_by_side_and_values_are_post_processed_as_asked()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "20");
        var record = folder["data/records100/00000/00001_lr"];
        await Tool.OkAsync("explain", record, "--task", "super", "--classes", "MI,CD", "--out", folder["below"]);
        await Tool.OkAsync("explain", record, "--task", "super", "--classes", "MI,CD", "--columns", "2", "--post", "relu,smooth,symmetric",
            "--explainer", "gradient-x-input", "--out", folder["beside"]);

        Assert.True(Width(folder["beside/00001_lr.svg"]) > 1.8 * Width(folder["below/00001_lr.svg"]));
        var scores = JsonNode.Parse(await File.ReadAllTextAsync(folder["beside/00001_lr.json"]))!["scores"]!.AsArray();
        Assert.Equal(["MI", "CD"], scores.Where(s => s!["heat_map"] is not null).Select(s => (string)s!["class"]!));
        var map = scores[1]!["heat_map"]!["samples"]!.AsArray();
        Assert.Equal((0, 1), (Math.Min(0, map.Min(v => (double)v!)), map.Max(v => (double)v!)));

        var wrong = await Tool.RunAsync("explain", record, "--post", "blur", "--out", folder["none"]);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("--post: found blur, expected Relu, MinMax, Symmetric, Smooth", wrong.Error, StringComparison.Ordinal);

        static double Width(string svg) =>
            double.Parse(Regex.Match(File.ReadAllText(svg), "width=\"([0-9.]+)mm").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
