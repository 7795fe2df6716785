using System.Text.Json;
using Microsoft.Playwright;

namespace SignalCam.Viewer.Tests;

/// <summary>What everybody needs to be able to use the pages: names, contrast, room, themes.</summary>
public sealed class AccessibilityTests(Browser browser) : IClassFixture<Browser>
{
    [SkippableFact]
    public async Task Every_control_has_a_name_and_can_be_reached_by_keyboard()
    {
        await using var page = await browser.OpenAsync();
        var nameless = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('button, select, input, canvas, dialog, summary')]
              .filter(e => !(e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.labels?.length
                || e.textContent.trim() || e.hidden))
              .map(e => e.outerHTML)
            """);
        Assert.Empty(nameless);
        var reached = new HashSet<string>();
        for (var i = 0; i < 40; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            reached.Add(
                await page.Page.EvaluateAsync<string>("() => document.activeElement.id || document.activeElement.name || "
                    + "document.activeElement.dataset.part || document.activeElement.tagName"));
        }
        Assert.Superset(new HashSet<string>
        {
            "open", "layout", "heat", "calipers", "zoom-in", "export-svg", "recording", "explainer", "canvas",
        }, reached);
    }

    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_and_traces_stand_out_from_what_is_behind_them(ColorScheme scheme)
    {
        await using var page = await browser.OpenAsync(scheme: scheme);
        var colors = JsonSerializer.Deserialize<Dictionary<string, string>>(await page.Page.EvaluateAsync<string>(
            """
            () => JSON.stringify(Object.fromEntries(['page', 'panel', 'ink', 'muted', 'alarm', 'accent', 'banner', 'banner-page', 'paper',
              'trace', 'trend', 'for', 'against', 'heat-strength']
              .map(n => [n, getComputedStyle(document.documentElement).getPropertyValue('--' + n).trim()])))
            """))!;
        foreach (var (text, behind) in new[]
        {
            ("ink", "page"), ("ink", "panel"), ("muted", "page"), ("muted", "panel"), ("alarm", "page"), ("accent", "page"),
            ("banner", "banner-page"),
        })
            Assert.True(Contrast(colors[text], colors[behind]) >= 4.5,
                $"{text} on {behind}: {Contrast(colors[text], colors[behind]):0.00}");
        Assert.True(Contrast(colors["trace"], colors["paper"]) >= 7);
        Assert.True(Contrast(colors["trend"], colors["paper"]) >= 3);
        // A trace has to be seen on the strongest colour of a map as well.
        foreach (var side in new[] { "for", "against" })
        {
            var strength = double.Parse(colors["heat-strength"], System.Globalization.CultureInfo.InvariantCulture);
            var mixed = Channels(colors[side]).Zip(Channels(colors["paper"]), (c, p) => strength * c + (1 - strength) * p).ToArray();
            var contrast = Contrast(Luminance(Channels(colors["trace"])), Luminance(mixed));
            Assert.True(contrast >= 4.5, $"trace on {side}: {contrast:0.00}");
        }
        Assert.Equal(scheme == ColorScheme.Dark, Luminance(Channels(colors["page"])) < 0.2);
    }

    [SkippableTheory]
    [InlineData(360, 740)]
    [InlineData(768, 1024)]
    [InlineData(3840, 2160)]
    public async Task Nothing_sticks_out_at_any_width(int width, int height)
    {
        await using var page = await browser.OpenAsync(width, height);
        await page.SetAsync("compare", "explainers");
        Assert.InRange(await page.NumberAsync("() => document.documentElement.scrollWidth"), 0, width);
        // Twelve rows are told apart: each has at least 22 pixels.
        var box = (await page.Canvas.BoundingBoxAsync())!;
        Assert.True(box.Height >= 240 && box.Width <= width);
    }

    [SkippableFact]
    public async Task Motion_is_left_out_for_those_who_ask_for_it_and_the_theme_can_be_chosen()
    {
        await using var page = await browser.OpenAsync();
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        Assert.Equal(
            "0s", await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.getElementById('open')).transitionDuration"));
        var light = await page.PaintedAsync();
        await page.Page.SelectOptionAsync("#theme", "dark");
        Assert.NotEqual(light, await page.PaintedAsync());
        Assert.Equal("dark", await page.Page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).colorScheme"));
    }

    private static double Contrast(string a, string b) => Contrast(Luminance(Channels(a)), Luminance(Channels(b)));

    /// <summary>WCAG 2.2, definition of contrast ratio.</summary>
    private static double Contrast(double a, double b) => (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

    /// <summary>WCAG 2.2, definition of relative luminance.</summary>
    private static double Luminance(double[] channels)
    {
        var linear = channels.Select(c => c / 255 <= 0.04045 ? c / 255 / 12.92 : Math.Pow((c / 255 + 0.055) / 1.055, 2.4)).ToArray();
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    private static double[] Channels(string hex) => [.. new[] { 1, 3, 5 }.Select(i => (double)Convert.ToInt32(hex.Substring(i, 2), 16))];
}
