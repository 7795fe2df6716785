using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Playwright;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;
using Xunit.Abstractions;

namespace SignalCam.Viewer.Tests;

/// <summary>The pages in a real browser.</summary>
public sealed class BrowserTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    [SkippableFact]
    public async Task The_example_is_there_at_once_with_its_decision_in_words()
    {
        await using var page = await browser.OpenAsync();
        Assert.Contains("Not a medical device", await page.Page.Locator(".banner").TextContentAsync(), StringComparison.Ordinal);
        Assert.Matches(@"^abnormal \(.*\): \d+\.\d %, called present$", await page.HeadlineAsync());
        Assert.Contains("threshold", await page.TextAsync("decision"), StringComparison.Ordinal);
        Assert.Contains("Calibrated", await page.TextAsync("calibration"), StringComparison.Ordinal);
        Assert.Contains("detrend",
            await page.TextAsync("canvas") + await page.Page.Locator("#model").TextContentAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_real_recording_that_is_dropped_is_explained()
    {
        var path = Path.Combine(TestData.PtbXl(), "records100", "00000", "00008_lr");
        Part[] pair = [.. new[] { ".hea", ".dat" }
            .Select(extension => new Part("00008_lr" + extension, File.ReadAllBytes(path + extension)))];
        await using var page = await browser.OpenAsync();
        await page.DropAsync(pair);
        await page.Page.WaitForFunctionAsync("() => document.querySelector('[data-part=recording]').selectedOptions[0].text === "
            + "'00008_lr' && document.querySelector('.pane').getAttribute('aria-busy') === 'false'");
        Assert.Matches(@"^abnormal .*: \d+\.\d %", await page.HeadlineAsync());

        // The first sample of the first lead, as the file has it.
        await page.Canvas.FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        var expected = WfdbReader.ReadSignal(path).Lead("I")[0];
        Assert.Contains($"I, 0.000 s; {Signed(expected)} mV", await page.TextAsync("reading"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Class_and_explainer_change_the_picture_and_the_words()
    {
        await using var page = await browser.OpenAsync();
        await page.ChooseAsync("model", "super");
        var seen = new HashSet<string>();
        foreach (var @class in new[] { "NORM", "MI", "HYP" })
        {
            await page.ChooseAsync("class", @class);
            Assert.StartsWith($"{@class} (", await page.HeadlineAsync(), StringComparison.Ordinal);
            Assert.True(seen.Add(await page.PaintedAsync()), $"{@class} looks like another class");
        }
        Assert.Equal(5, await page.Page.Locator("[data-part=scores] tbody tr").CountAsync());
        foreach (var explainer in new[] { "integrated-gradients", "saliency" })
        {
            await page.ChooseAsync("explainer", explainer);
            Assert.True(seen.Add(await page.PaintedAsync()), $"{explainer} looks like another explainer");
        }
        // Saliency has no sign, and the scale says so.
        Assert.Equal("no weight", await page.TextAsync("low"));
    }

    [SkippableFact]
    public async Task Layout_gain_speed_heat_map_and_trend_change_the_picture()
    {
        await using var page = await browser.OpenAsync();
        var seen = new HashSet<string> { await page.PaintedAsync() };
        foreach (var (name, value) in new[] { ("layout", "3x4"), ("gain", "20"), ("speed", "50") })
        {
            await page.SetAsync(name, value);
            Assert.True(seen.Add(await page.PaintedAsync()), $"{name} {value} changes nothing");
        }
        foreach (var name in new[] { "heat", "trend" })
        {
            await page.Page.Locator($"#toolbar [name={name}]").ClickAsync();
            await page.SettleAsync();
            Assert.True(seen.Add(await page.PaintedAsync()), $"{name} changes nothing");
        }
    }

    [SkippableFact]
    public async Task Zoom_and_pan_draw_a_frame_in_less_than_a_sixtieth_of_a_second()
    {
        await using var page = await browser.OpenAsync();
        var before = await page.PaintedAsync();
        await page.Canvas.HoverAsync();
        await page.Page.Keyboard.DownAsync("Control");
        await page.Page.Mouse.WheelAsync(0, -300);
        await page.Page.Keyboard.UpAsync("Control");
        var zoomed = await page.PaintedAsync();
        Assert.NotEqual(before, zoomed);
        var box = (await page.Canvas.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + 300, box.Y + 200);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + 200, box.Y + 180, new MouseMoveOptions { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        Assert.NotEqual(zoomed, await page.PaintedAsync());

        // Callbacks of a frame run in the order they were asked for: one before the chart's and one after it enclose its drawing.
        var median = await page.NumberAsync(
            """
            async () => {
              const canvas = document.querySelector('canvas');
              const times = [];
              for (let i = 0; i < 60; i++)
                await new Promise(done => {
                  let start;
                  requestAnimationFrame(() => { start = performance.now(); });
                  canvas.dispatchEvent(new WheelEvent('wheel', { deltaY: i % 2 ? 40 : -40, ctrlKey: true, cancelable: true }));
                  requestAnimationFrame(() => { times.push(performance.now() - start); done(); });
                });
              return times.sort((a, b) => a - b)[30];
            }
            """);
        output.WriteLine($"a frame of 12 leads of 5000 samples takes {median:0.0} ms (median of 60)");
        Assert.InRange(median, 0, 1000.0 / 60);
    }

    [SkippableFact]
    public async Task Values_are_read_by_keyboard()
    {
        await using var page = await browser.OpenAsync();
        using var client = new HttpClient { BaseAddress = browser.Address };
        var signal = await client.AskAsync("/api/recordings/example-inferior-infarction/signal");
        var strip =
            (await client.AskAsync(
                "/api/recordings/example-inferior-infarction/explanation"))["answer"]!["scores"]![0]!["heat_map"]!["samples"]!.Floats();
        var second = signal["leads"]![1]!["values"]!.Floats();

        await page.Canvas.FocusAsync();
        foreach (var key in new[] { "Home", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowRight", "ArrowRight" })
            await page.Page.Keyboard.PressAsync(key);
        // 500 samples a second: twice 0.1 s and a sample are sample 101, at 0.202 s; the map has 100 values a second.
        var reading = await page.TextAsync("reading");
        Assert.StartsWith($"II, 0.202 s; {Signed(second[101])} mV; evidence {Signed(strip[20])} (", reading, StringComparison.Ordinal);

        await page.Page.Keyboard.PressAsync("m");
        for (var i = 0; i < 3; i++)
            await page.Page.Keyboard.PressAsync("Shift+ArrowRight");
        Assert.Contains($"from the mark 300 ms (200 a minute), {Signed(second[251] - second[101])} mV",
            await page.TextAsync("reading"), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Calipers_measure_what_the_mouse_drags()
    {
        await using var page = await browser.OpenAsync();
        await page.Page.Locator("#toolbar [name=calipers]").CheckAsync();
        var before = await page.PaintedAsync();
        var box = (await page.Canvas.BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + 200, box.Y + 100);
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + 300, box.Y + 60, new MouseMoveOptions { Steps = 3 });
        await page.Page.Mouse.UpAsync();
        Assert.NotEqual(before, await page.PaintedAsync());
        Assert.Matches(@"Calipers: \d+ ms.* mV", await page.TextAsync("reading"));
    }

    [SkippableFact]
    public async Task Exports_are_files_that_hold_what_is_on_show()
    {
        await using var page = await browser.OpenAsync();
        var svg = await page.SaveAsync("#export-svg");
        Assert.EndsWith(".svg", svg.Name, StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Load(new MemoryStream(svg.Content)).Root!.Name.LocalName);

        var png = await page.SaveAsync("#export-png");
        Assert.EndsWith("-cam.png", png.Name, StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png.Content[..4]);
        // Width and height stand at byte 16 of a PNG: twice the pixels of the page.
        Assert.InRange(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.Content.AsSpan(16)), 1000, 4000);

        var json = JsonNode.Parse((await page.SaveAsync("#export-json")).Content)!;
        Assert.Equal("abnormal", (string)json["answer"]!["scores"]![0]!["class"]!);
        Assert.Equal(12, json["signal"]!["leads"]!.AsArray().Count);
    }

    [SkippableTheory]
    [InlineData("explainers")]
    [InlineData("recordings")]
    [InlineData("preprocessing")]
    public async Task Two_are_compared_side_by_side_and_move_together(string what)
    {
        await using var page = await browser.OpenAsync(1600);
        await page.SetAsync("compare", what);
        Assert.Equal(2, await page.Page.Locator(".pane").CountAsync());
        Assert.NotEqual(await page.PaintedAsync(0), await page.PaintedAsync(1));
        if (what == "preprocessing")
            Assert.Contains("preprocessed",
                await page.Page.Locator("[data-part=canvas]").Nth(1).GetAttributeAsync("aria-label"), StringComparison.Ordinal);
        var (first, second) = (await page.Page.Locator("[data-part=canvas]").Nth(0).BoundingBoxAsync(),
            await page.Page.Locator("[data-part=canvas]").Nth(1).BoundingBoxAsync());
        Assert.True(second!.X > first!.X + first.Width - 1 && Math.Abs(second.Y - first.Y) < 200);

        var before = await page.PaintedAsync(1);
        await page.Page.ClickAsync("#zoom-in");
        Assert.NotEqual(before, await page.PaintedAsync(1));
        await page.SetAsync("compare", "off");
        Assert.Equal(1, await page.Page.Locator(".pane").CountAsync());
    }

    [SkippableFact]
    public async Task A_table_without_rate_and_unit_is_asked_about()
    {
        await using var page = await browser.OpenAsync();
        await page.DropAsync(Uploads.Csv(Uploads.Recording(), lead => lead));
        await page.Page.Locator("#table-dialog").WaitForAsync();
        page.Forgive();
        await page.Page.FillAsync("#table-dialog [name=rate]", "100");
        await page.Page.ClickAsync("#table-dialog button[value=ok]");
        await page.Page.WaitForFunctionAsync("() => document.querySelector('[data-part=recording]').selectedOptions[0].text === 'table'");
        await page.SettleAsync();
        Assert.Matches(@"^abnormal .*: \d+\.\d %", await page.HeadlineAsync());
    }

    [SkippableFact]
    public async Task What_cannot_be_opened_says_why_and_the_page_goes_on()
    {
        await using var page = await browser.OpenAsync();
        await page.DropAsync(new Part("letter.pdf", "x"));
        await page.Page.WaitForFunctionAsync("() => document.getElementById('status').textContent.includes('letter.pdf')");
        // The browser notes an answer of 4xx by itself.
        page.Forgive();
        await page.ChooseAsync("recording", "example-normal");
        Assert.Contains("not called present", await page.HeadlineAsync(), StringComparison.Ordinal);
    }

    private static string Signed(float value) =>
        (value < 0 ? "\u2212" : "+") + Math.Abs(value).ToString("0.000", CultureInfo.InvariantCulture);
}
