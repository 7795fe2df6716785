using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Playwright;

namespace SignalCam.Viewer.Tests;

/// <summary>Several calipers at a time, by pointer, touch and keyboard, and in what is saved.</summary>
public sealed class CaliperTests(Browser browser) : IClassFixture<Browser>
{
    [SkippableFact]
    public async Task Several_are_added_chosen_moved_and_deleted_by_pointer()
    {
        await using var page = await browser.OpenAsync();
        await page.Page.Locator("#toolbar [name=calipers]").CheckAsync();
        var box = (await page.Canvas.BoundingBoxAsync())!;
        await DragAsync(page, (200, 100), (300, 80));
        await DragAsync(page, (420, 200), (500, 230));
        var (first, second) = (await ReadingAsync(page, 0), await ReadingAsync(page, 1));
        Assert.Matches(@"^1: \w+, \d+ ms \(\d+/min\), \+0\.\d{3} mV$", first);
        Assert.Matches(@"^2: \w+, \d+ ms \(\d+/min\), −0\.\d{3} mV$", second);
        Assert.Equal(["false", "true"], await PressedAsync(page));

        // One end of the first: twice as long, and chosen; the second stays as it is.
        await DragAsync(page, (300, 80), (400, 80));
        Assert.Equal(2 * Milliseconds(first), Milliseconds(await ReadingAsync(page, 0)), 2.0);
        Assert.Equal(second, await ReadingAsync(page, 1));
        Assert.Equal(["true", "false"], await PressedAsync(page));
        // The whole of it: as long and as high as before, somewhere else.
        var (before, painted) = (await ReadingAsync(page, 0), await page.PaintedAsync());
        await DragAsync(page, (300, 90), (330, 95));
        Assert.Equal(before, await ReadingAsync(page, 0));
        Assert.NotEqual(painted, await page.PaintedAsync());

        await page.Page.ClickAsync("[aria-label='Delete caliper 1']");
        Assert.Equal(second.Replace("2:", "1:", StringComparison.Ordinal), await ReadingAsync(page, 0));
        Assert.Equal(1, await page.Page.Locator(".calipers li").CountAsync());
        // Another layout shows the same samples: what was measured in them stays. Another recording does not.
        await page.SetAsync("layout", "6x2");
        Assert.Equal(1, await page.Page.Locator(".calipers li").CountAsync());
        await page.ChooseAsync("recording", "example-normal");
        Assert.Equal(0, await page.Page.Locator(".calipers li").CountAsync());

        async Task DragAsync(ViewerPage on, (float X, float Y) from, (float X, float Y) to)
        {
            await on.Page.Mouse.MoveAsync(box.X + from.X, box.Y + from.Y);
            await on.Page.Mouse.DownAsync();
            await on.Page.Mouse.MoveAsync(box.X + to.X, box.Y + to.Y, new MouseMoveOptions { Steps = 3 });
            await on.Page.Mouse.UpAsync();
        }
    }

    [SkippableFact]
    public async Task Keys_begin_choose_move_repeat_and_delete_them()
    {
        await using var page = await browser.OpenAsync();
        using var client = new HttpClient { BaseAddress = browser.Address };
        var samples = (await client.AskAsync("/api/recordings/example-inferior-infarction/signal"))["leads"]![0]!["values"]!.Floats();
        await page.Canvas.FocusAsync();
        await PressAsync("Home", "m", "Shift+ArrowRight", "Shift+ArrowRight", "m");
        // Set down: the cursor goes on alone. A second one where it is.
        await PressAsync("ArrowRight", "m", "Shift+ArrowRight", "m");
        Assert.Equal($"1: I, 200 ms (300/min), {Signed(samples[100] - samples[0])} mV", await ReadingAsync(page, 0));
        Assert.Equal($"2: I, 100 ms (600/min), {Signed(samples[151] - samples[101])} mV", await ReadingAsync(page, 1));

        await PressAsync("c", "r");
        Assert.Equal(["true", "false"], await PressedAsync(page));
        Assert.Equal("true", await page.Page.GetAttributeAsync("[aria-label='Repeat caliper 1 along the trace']", "aria-pressed"));
        var (reading, painted) = (await ReadingAsync(page, 0), await page.PaintedAsync());
        await PressAsync("Shift+ArrowRight");
        Assert.Equal(reading, await ReadingAsync(page, 0));
        Assert.NotEqual(painted, await page.PaintedAsync());
        // Its end, taken up again from 0.3 s on.
        await PressAsync("m", "ArrowRight", "m");
        Assert.Equal($"1: I, 202 ms (297/min), {Signed(samples[151] - samples[0])} mV", await ReadingAsync(page, 0));

        await PressAsync("c", "Delete");
        Assert.Equal(1, await page.Page.Locator(".calipers li").CountAsync());
        await PressAsync("m", "Escape");
        Assert.Equal(1, await page.Page.Locator(".calipers li").CountAsync());

        async Task PressAsync(params string[] keys)
        {
            foreach (var key in keys)
                await page.Page.Keyboard.PressAsync(key);
        }
    }

    [SkippableFact]
    public async Task A_finger_measures_and_two_fingers_zoom()
    {
        await using var page = await browser.OpenAsync(360, 740);
        await page.Page.EvaluateAsync("() => document.querySelector('#toolbar [name=calipers]').click()");
        await TouchAsync(page, "down 1 100 60", "move 1 130 50", "move 1 160 40", "up 1 160 40");
        Assert.Matches(@"^1: \w+, \d+ ms", await ReadingAsync(page, 0));
        // Within a finger's reach of its end, though no mouse would take it there.
        var before = Milliseconds(await ReadingAsync(page, 0));
        await TouchAsync(page, "down 1 172 52", "move 1 202 52", "up 1 202 52");
        Assert.Equal(1, await page.Page.Locator(".calipers li").CountAsync());
        Assert.True(Milliseconds(await ReadingAsync(page, 0)) > before);

        var painted = await page.PaintedAsync();
        await TouchAsync(page, "down 1 60 180", "down 2 160 180", "move 2 260 180", "up 2 260 180", "up 1 60 180");
        Assert.Equal(1, await page.Page.Locator(".calipers li").CountAsync());
        Assert.NotEqual(painted, await page.PaintedAsync());
    }

    [SkippableFact]
    public async Task They_are_in_what_is_saved()
    {
        await using var page = await browser.OpenAsync();
        await page.SetAsync("layout", "3x4");
        await page.Canvas.FocusAsync();
        const string right = "Shift+ArrowRight";
        foreach (var key in new[] { "Home", right, "m", right, right, right, "m", "c", "r" })
            await page.Page.Keyboard.PressAsync(key);
        var label = (await ReadingAsync(page, 0)).Replace("1: I, ", "1: ", StringComparison.Ordinal);

        var svg = XDocument.Load(new MemoryStream((await page.SaveAsync("#export-svg")).Content)).Root!;
        Assert.Contains(label, svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
        var drawn = svg.Descendants().Single(e => e.Name.LocalName == "rect" && e.Attribute("stroke-dasharray") is not null);
        // 300 ms at 25 mm/s, from 0.1 s on; the first lead's trace begins 25 mm from the left.
        Assert.Equal(7.5, (double)drawn.Attribute("width")!, 1e-3);
        Assert.Equal(27.5, (double)drawn.Attribute("x")!, 1e-3);
        // A quarter of ten seconds has nine lines from 0.1 s on, 300 ms apart.
        var marched = svg.Descendants().Single(e => e.Name.LocalName == "path" && (string?)e.Attribute("stroke") == "#7a0177");
        Assert.Equal(9, ((string)marched.Attribute("d")!).Count(c => c == 'M'));

        var json = JsonNode.Parse((await page.SaveAsync("#export-json")).Content)!["calipers"]!.AsArray().Single()!;
        Assert.Equal(("I", 300, true), ((string)json["lead"]!, (int)json["ms"]!, (bool)json["is_repeated"]!));
        Assert.NotEmpty((await page.SaveAsync("#export-png")).Content);
        if (Environment.GetEnvironmentVariable("SIGNALCAM_SCREENSHOTS") is { } folder)
        {
            await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "calipers.png") });
            await File.WriteAllBytesAsync(Path.Combine(folder, "calipers-saved.png"), (await page.SaveAsync("#export-png")).Content);
            svg.Save(Path.Combine(folder, "calipers-saved.svg"));
        }
    }

    [Theory]
    [InlineData("I,1,2,0", "expected LEAD,FROM,TO")]
    [InlineData("I,1,two,0,0", "'two' is not a number")]
    [InlineData("I,1,2,0,0,again", "expected LEAD,FROM,TO")]
    public async Task What_is_no_caliper_is_refused_with_the_form_that_one_has(string calipers, string message)
    {
        await using var host = new ViewerHost();
        using var client = host.CreateClient();
        var path = $"/api/recordings/example-normal/explanation.svg?calipers={Uri.EscapeDataString(calipers)}";
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        Assert.Contains(message, (string)(await response.ProblemAsync())["detail"]!, StringComparison.Ordinal);
    }

    /// <summary>
    /// Touches as the browser's protocol sends them: "down 1 100 60" is finger 1, 100 right of the chart's corner and 60 below.
    /// </summary>
    private static async Task TouchAsync(ViewerPage page, params string[] steps)
    {
        await page.Canvas.ScrollIntoViewIfNeededAsync();
        var box = (await page.Canvas.BoundingBoxAsync())!;
        var protocol = await page.Page.Context.NewCDPSessionAsync(page.Page);
        var fingers = new SortedDictionary<int, (double X, double Y)>();
        foreach (var step in steps.Select(s => s.Split(' ')))
        {
            var finger = int.Parse(step[1], CultureInfo.InvariantCulture);
            fingers[finger] = (box.X + Number(step[2]), box.Y + Number(step[3]));
            if (step[0] == "up")
                fingers.Remove(finger);
            await protocol.SendAsync("Input.dispatchTouchEvent", new Dictionary<string, object>
            {
                ["type"] = step[0] switch { "down" => "touchStart", "move" => "touchMove", _ => "touchEnd" },
                ["touchPoints"] = fingers.Select(f => new { x = f.Value.X, y = f.Value.Y, id = f.Key }).ToArray(),
            });
        }
    }

    private static async Task<string> ReadingAsync(ViewerPage page, int index) =>
        (await page.Page.Locator(".calipers li").Nth(index).Locator("button").First.TextContentAsync())!;

    private static Task<string[]> PressedAsync(ViewerPage page) => page.Page.EvaluateAsync<string[]>(
        "() => [...document.querySelectorAll('.calipers li button:first-child')].map(button => button.getAttribute('aria-pressed'))");

    private static double Milliseconds(string reading) => double.Parse(reading.Split(", ")[1].Split(' ')[0], CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string Signed(float value) =>
        (value < 0 ? "\u2212" : "+") + Math.Abs(value).ToString("0.000", CultureInfo.InvariantCulture);
}
