using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace SignalCam.Viewer.Tests;

/// <summary>Half an hour of twelve leads at 500 samples a second.</summary>
public sealed class PanningTests(Browser browser, ITestOutputHelper output) : IClassFixture<Browser>
{
    [SkippableFact]
    public async Task Half_an_hour_of_twelve_leads_is_moved_frame_by_frame()
    {
        await using var page = await browser.OpenAsync(1440, 900);
        using var client = new HttpClient { BaseAddress = browser.Address };
        var id = await client.OpenOneAsync(Uploads.Recording(seconds: 1800, samplingRate: 500));
        await page.Page.GotoAsync("about:blank");
        await page.GoToAsync(new Uri(browser.Address, $"#recording={id}"));
        Assert.Equal("", await page.TextAsync("problem"));
        var before = await page.PaintedAsync();

        // Callbacks of a frame run in the order that they were asked for in: one before the drawing and one after it enclose it.
        var figures = await page.Page.EvaluateAsync<JsonElement>(
            """
            async () => {
              const canvas = document.querySelector('[data-part=canvas]');
              const times = [];
              const begin = performance.now();
              for (let i = 0; i < 240; i++)
                await new Promise(done => {
                  let start;
                  requestAnimationFrame(() => { start = performance.now(); });
                  canvas.dispatchEvent(new WheelEvent('wheel', { deltaX: 24, cancelable: true }));
                  requestAnimationFrame(() => { times.push(performance.now() - start); done(); });
                });
              const seconds = (performance.now() - begin) / 1000;
              times.sort((a, b) => a - b);
              return { rate: times.length / seconds, median: times[120], slow: times[228] };
            }
            """);
        double Of(string name) => figures.GetProperty(name).GetDouble();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Of("rate"):0} frames a second while moving; a frame is drawn in {Of("median"):0.0} ms, 95 of 100 in {Of("slow"):0.0} ms"));
        Assert.NotEqual(before, await page.PaintedAsync());
    }
}
