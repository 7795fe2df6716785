using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.Playwright;
using SignalCam.Core.Synthetic;
using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>What is read belongs to what is shown, there is an ECG on every screen, and what is saved is what is shown.</summary>
public sealed class ShownTests(Browser browser) : IClassFixture<Browser>
{
    [SkippableFact]
    public async Task While_another_recording_or_class_is_on_its_way_nothing_of_the_last_one_is_said_or_can_be_saved()
    {
        await using var page = await browser.OpenAsync();
        await page.Canvas.FocusAsync();
        await page.Page.Keyboard.PressAsync("End");
        var first = await page.HeadlineAsync();
        Assert.Matches("I, 9.998 s", await page.TextAsync("reading"));

        var gate = new TaskCompletionSource();
        await page.Page.RouteAsync("**/explanation*", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        await page.Page.Locator("select[data-part=recording]").SelectOptionAsync("example-normal");
        await page.Page.WaitForFunctionAsync(
            "() => document.querySelector('canvas').getAttribute('aria-label').startsWith('Example: normal')");
        foreach (var part in new[] { "headline", "decision", "calibration", "findings", "source", "low", "high" })
            Assert.Equal("", await page.TextAsync(part));
        Assert.StartsWith("Click a trace", await page.TextAsync("reading"), StringComparison.Ordinal);
        Assert.False(await page.Page.Locator("[data-part=legend]").IsVisibleAsync());
        await page.Page.ClickAsync("#export-json");
        await page.Page.WaitForFunctionAsync("() => document.getElementById('status').textContent.startsWith('There is no answer')");

        gate.SetResult();
        await page.SettleAsync();
        Assert.NotEqual(first, await page.HeadlineAsync());
        Assert.Contains("Model", await page.TextAsync("source"), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(360, 740, ColorScheme.Light)]
    [InlineData(640, 450, ColorScheme.Dark)]
    [InlineData(768, 1024, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(3840, 2160, ColorScheme.Light)]
    public async Task The_first_screen_shows_an_ECG_and_no_text_is_cut(int width, int height, ColorScheme scheme)
    {
        await using var page = await browser.OpenAsync(width, height, scheme);
        var box = (await page.Canvas.BoundingBoxAsync())!;
        var visible = Math.Min(height, box.Y + box.Height) - box.Y;
        Assert.True(visible >= Math.Min(200, height / 3), $"{visible} pixels of the chart are in view");
        Assert.InRange(await page.NumberAsync("() => document.documentElement.scrollWidth"), 0, width);
        if (width >= 1440)
        {
            var headline = (await page.Page.Locator("[data-part=headline]").BoundingBoxAsync())!;
            Assert.True(headline.Y + headline.Height <= height, "the verdict is out of view");
            Assert.True(box.Width >= 0.6 * width, $"the chart takes {box.Width} of {width} pixels");
        }
        var cut = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('h1, h2, p, button, label, legend, dt, dd, th, td, summary, output')]
              .filter(e => e.checkVisibility() && !e.closest('.unseen, details:not([open]) > :not(summary)')
                && getComputedStyle(e).clipPath === 'none'
                && (e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).overflow !== 'visible'
                  || e.getBoundingClientRect().right > innerWidth + 1))
              .map(e => e.outerHTML.slice(0, 200))
            """);
        Assert.Empty(cut);
        if (Environment.GetEnvironmentVariable("SIGNALCAM_SCREENSHOTS") is { } folder)
            await page.Page.ScreenshotAsync(
                new PageScreenshotOptions { Path = Path.Combine(folder, $"viewer-{width}x{height}-{scheme}.png") });
    }

    [SkippableFact]
    public async Task Two_recordings_of_one_name_are_told_apart()
    {
        await using var page = await browser.OpenAsync();
        foreach (var seed in new ulong[] { 1, 2 })
        {
            await page.DropAsync([.. Uploads.Wfdb(Uploads.Recording(seed), "same")]);
            await page.Page.WaitForFunctionAsync("() => [...document.querySelector('[data-part=recording]').options].filter(o => "
                + $"o.text.startsWith('same')).length === {seed.ToString(CultureInfo.InvariantCulture)}");
            await page.SettleAsync();
        }
        var names = await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelector('[data-part=recording]').options].map(o => o.text).filter(t => t.startsWith('same'))");
        Assert.Equal(["same (2 of 2)", "same (1 of 2)"], names);
    }

    [SkippableFact]
    public async Task What_is_saved_has_the_gain_speed_and_layout_on_show_and_says_which_model_it_is()
    {
        await using var page = await browser.OpenAsync();
        await page.SetAsync("layout", "6x2");
        await page.SetAsync("gain", "20");
        await page.SetAsync("speed", "50");
        var svg = XDocument.Load(new MemoryStream((await page.SaveAsync("#export-svg")).Content)).Root!;
        var texts = svg.Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToArray();
        Assert.Contains(texts, t => t.StartsWith("50 mm/s, 20 mm/mV", StringComparison.Ordinal));
        Assert.Contains("Research use. Not a medical device.", texts);
        // Ten seconds of 50 mm and the margins.
        Assert.InRange(double.Parse(svg.Attribute("width")!.Value[..^2], CultureInfo.InvariantCulture), 520, 560);
        // 500 samples a second, as recorded: QRS would have other points at the model's 100.
        Assert.Contains(texts, t => t.Contains("500 Hz", StringComparison.Ordinal));

        var json = JsonNode.Parse((await page.SaveAsync("#export-json")).Content)!;
        Assert.Matches("^[0-9a-f]{64}$", (string)json["model"]!["sha256"]!);
        Assert.Equal((string)json["answer"]!["model_sha256"]!, (string)json["model"]!["sha256"]!);
        Assert.Equal("6x2", (string)json["view"]!["layout"]!);

        var png = (await page.SaveAsync("#export-png")).Content;
        var box = (await page.Canvas.BoundingBoxAsync())!;
        // Above the chart what it is and its decision, below it the colours, the scale, the model and what it is not.
        Assert.True(System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)) > 2 * (box.Height + 100));
        if (Environment.GetEnvironmentVariable("SIGNALCAM_SCREENSHOTS") is { } folder)
            await File.WriteAllBytesAsync(Path.Combine(folder, "exported.png"), png);
    }

    [SkippableFact]
    public async Task A_PDF_is_the_picture_on_show_where_the_host_writes_one()
    {
        await using var page = await browser.OpenAsync();
        await page.SetAsync("layout", "3x4");
        var pdf = await page.SaveAsync("#export-pdf");
        Assert.EndsWith("-cam.pdf", pdf.Name, StringComparison.Ordinal);
        Assert.Equal("%PDF"u8.ToArray(), pdf.Content[..4]);

        // The package by itself brings no graphics library.
        await using var host = new ViewerHost();
        using var client = host.CreateClient();
        Assert.Equal(["svg"], (await client.AskAsync("/api/about"))["pictures"]!.AsArray().Select(kind => (string)kind!));
        using var refused = await client.GetAsync(new Uri("/api/recordings/example-normal/explanation.pdf", UriKind.Relative));
        Assert.Contains("writes no PDF", (string)(await refused.ProblemAsync())["detail"]!, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("cam")]
    [InlineData("gradient-x-input")]
    public async Task The_median_beat_has_the_mean_evidence_of_its_beats(string explainer)
    {
        await using var page = await browser.OpenAsync();
        await page.ChooseAsync("explainer", explainer);
        await page.Page.Locator("[data-part=beat]").WaitForAsync();
        Assert.Matches(@"^Median of \d+ similar beats, .* mm/mV at 25 mm/s\.", await page.TextAsync("beatText"));
        var saved = JsonNode.Parse((await page.SaveAsync("#export-json")).Content)!;
        Assert.Matches(@"^\d+\.\d+", (string)saved["software"]!["version"]!);
        var (beat, map) = (saved["measurements"]!["medianBeat"]!, saved["answer"]!["scores"]![0]!["heat_map"]!);
        var evidence = saved["median_beat_evidence"]!;
        var (before, rate) = ((double)beat["before"]!, (double)saved["answer"]!["sampling_rate"]!);
        var length = beat["leads"]![0]!["values"]!.AsArray().Count / (double)beat["samplingRate"]!;
        var times = beat["times"]!.AsArray().Select(time => (double)time! - before).Where(start => start + length <= 9.995).ToArray();
        Assert.Equal(times.Length, (int)evidence["beats"]!);
        var (values, found) = map["lead_samples"] is { } leads
            ? (leads["V2"]!.Floats(), evidence["leads"]!.AsArray().Single(lead => (string)lead!["name"]! == "V2")!["values"]!.Floats())
            : (map["samples"]!.Floats(), evidence["strip"]!.Floats());
        Assert.NotEmpty(found);
        for (var i = 0; i < found.Length; i++)
            Assert.Equal(times.Average(start => values[(int)Math.Floor((start * rate) + 0.5) + i]), found[i], 1e-4f);
        if (Environment.GetEnvironmentVariable("SIGNALCAM_SCREENSHOTS") is { } folder)
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"beat-{explainer}.png"), FullPage = true });
    }

    [SkippableFact]
    public async Task A_published_map_has_the_colours_of_the_command_line_and_compared_maps_of_one_method_share_a_scale()
    {
        await using var page = await browser.OpenAsync(1600);
        await page.ChooseAsync("explainer", "cam-paper");
        Assert.Contains("as published", await page.TextAsync("high"), StringComparison.Ordinal);
        await page.ChooseAsync("explainer", "cam");
        await page.SetAsync("compare", "recordings");
        await page.SettleAsync();
        Assert.Equal(await page.TextAsync("high", 0), await page.TextAsync("high", 1));
        // Two methods are not on one scale: the mean of one is the logit, the sum of the other.
        await page.SetAsync("compare", "explainers");
        Assert.NotEqual(await page.TextAsync("high", 0), await page.TextAsync("high", 1));
    }

    [SkippableFact]
    public async Task Numbers_stand_beside_the_answer_and_are_those_of_the_recording()
    {
        await using var page = await browser.OpenAsync();
        await page.Page.Locator("[data-part=measurements] dd").First.WaitForAsync();
        using var client = new HttpClient { BaseAddress = browser.Address };
        var answer = await client.AskAsync("/api/recordings/example-inferior-infarction/measurements");
        var rate = answer["values"]!.AsArray().Single(v => (string)v!["name"]! == "heart_rate")!;
        Assert.InRange((double)rate["value"]!, 68, 76);
        Assert.StartsWith($"{(double)rate["value"]!:0} / min",
            await page.Page.Locator("[data-part=measurements] dd").First.TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("measured by software", await page.TextAsync("measured"), StringComparison.Ordinal);
    }
}
