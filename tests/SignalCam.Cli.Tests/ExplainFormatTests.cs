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

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
