using Microsoft.Playwright;
using SignalCam.Core.Synthetic;
using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>The viewer's states, and the reports of the command line, held to axe-core without a violation.</summary>
public sealed class AxeTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly string[] s_states =
        ["reading", "several-classes", "compare", "not-explainable", "problem", "folded", "table", "no-models"];

    public static TheoryData<string, int, int> States
    {
        get
        {
            var data = new TheoryData<string, int, int>();
            foreach (var state in s_states)
                foreach (var (width, height) in new[] { (1440, 900), (360, 740) })
                    data.Add(state, width, height);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(States))]
    public async Task No_rule_is_broken_in_any_state_of_the_viewer(string state, int width, int height)
    {
        await using var page = await browser.OpenAsync(width, height);
        await page.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(fold => { fold.open = true; })");
        await EnterAsync(state, page);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            Assert.Empty(await Axe.ViolationsAsync(page.Page));
            await KeepAsync(page.Page, $"axe-{state}-{width}-{scheme}.png");
        }
    }

    [SkippableTheory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(360, 740, ColorScheme.Dark)]
    public async Task No_rule_is_broken_in_the_list_of_a_folder(int width, int height, ColorScheme scheme)
    {
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder.Path, new SyntheticDatasetOptions { Records = 60, Seed = 5 });
        await using var viewer = await ViewerProcess.StartAsync("--data", folder.Path);
        await using var page = await browser.OpenAsync(width, height, scheme, viewer.Address);
        await page.Page.ClickAsync("#browse");
        await page.Page.Locator("#folder-list button").First.WaitForAsync();
        Assert.Empty(await Axe.ViolationsAsync(page.Page));
        await KeepAsync(page.Page, $"axe-folder-{width}-{scheme}.png");
    }

    [SkippableTheory]
    [InlineData(1440, 900, ColorScheme.Light)]
    [InlineData(360, 740, ColorScheme.Dark)]
    public async Task No_rule_is_broken_in_the_pages_that_the_command_line_writes(int width, int height, ColorScheme scheme)
    {
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder["data"], new SyntheticDatasetOptions { Records = 60, Seed = 5 });
        await using var page = await browser.OpenAsync(width, height, scheme);
        foreach (var (name, arguments) in Reports(folder))
        {
            var (exitCode, text) = TestProgram.Run("dotnet", [ViewerProcess.Program, .. arguments]);
            Assert.True(exitCode == 0, text);
            foreach (var file in Directory.GetFiles(folder.Path, "*.html", SearchOption.AllDirectories))
            {
                await page.Page.GotoAsync(new Uri(file).AbsoluteUri);
                Assert.Empty((await Axe.ViolationsAsync(page.Page)).Select(violation => $"{Path.GetFileName(file)}: {violation}"));
                await KeepAsync(page.Page, $"axe-{name}-{width}-{scheme}.png");
            }
        }
    }

    private static IEnumerable<(string Name, string[] Arguments)> Reports(TemporaryFolder folder)
    {
        yield return ("overview", ["overview", "--data", folder["data"], "--report", folder["overview.html"]]);
        yield return ("predict",
            ["predict", folder["data/records100"], "--out", folder["results.csv"], "--report", folder["predict.html"]]);
        var record = Directory.GetFiles(folder["data"], "*_lr.hea", SearchOption.AllDirectories)[0];
        yield return ("explain",
            ["explain", record, "--model", "super", "--classes", "all", "--format", "html", "--out", folder["explain"]]);
        yield return ("evaluate",
            ["evaluate", "--data", folder["data"], "--folds", "1-10", "--bootstrap", "20", "--report", folder["evaluate.html"]]);
    }

    private static async Task EnterAsync(string state, ViewerPage page)
    {
        switch (state)
        {
            case "reading":
                await page.Canvas.FocusAsync();
                await page.Page.Keyboard.PressAsync("End");
                break;
            case "several-classes":
                await page.ChooseAsync("model", "super");
                await page.Page.Locator("[data-part=measurements] dd").First.WaitForAsync();
                break;
            case "compare":
                await page.SetAsync("compare", "recordings");
                break;
            case "not-explainable":
                await page.DropAsync(Uploads.Wfdb(Uploads.Recording(seconds: 4)));
                await page.Page.Locator("[data-part=problem]").WaitForAsync();
                page.Forgive();
                break;
            case "problem":
                await page.DropAsync(new Part("letter.pdf", "x"));
                await page.Page.Locator("#status.is-problem").WaitForAsync();
                page.Forgive();
                break;
            case "folded":
                await page.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(fold => { fold.open = false; })");
                break;
            case "table":
                await page.DropAsync(Uploads.Csv(Uploads.Recording(), lead => lead));
                await page.Page.Locator("#table-dialog").WaitForAsync();
                page.Forgive();
                break;
            case "no-models":
                await page.Page.RouteAsync("**/api/models", route => route.AbortAsync());
                await page.Page.ReloadAsync();
                await page.Page.Locator("#status.is-problem").WaitForAsync();
                page.Forgive();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(state), state, "no such state");
        }
    }

    private static async Task KeepAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("SIGNALCAM_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name), FullPage = true });
    }
}
