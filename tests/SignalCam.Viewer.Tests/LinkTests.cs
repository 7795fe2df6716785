using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>A view as an address.</summary>
public sealed class LinkTests(Browser browser) : IClassFixture<Browser>
{
    private const string Recording = "document.querySelector('[data-part=recording]').selectedOptions[0].text";

    [SkippableFact]
    public async Task A_link_shows_another_browser_the_same_view_and_holds_no_signal()
    {
        await using var page = await browser.OpenAsync();
        await page.DropAsync(Uploads.Wfdb(Uploads.Recording(3, samplingRate: 500, statements: "IMI"), "of-somebody"));
        await page.Page.WaitForFunctionAsync($"() => {Recording} === 'of-somebody'");
        await page.SettleAsync();
        await page.ChooseAsync("model", "super");
        await page.ChooseAsync("class", "MI");
        await page.ChooseAsync("explainer", "gradient-x-input");
        foreach (var (name, value) in new[] { ("layout", "6x2"), ("gain", "20"), ("speed", "50") })
            await page.SetAsync(name, value);
        for (var i = 0; i < 3; i++)
            await page.Page.ClickAsync("#zoom-in");
        await page.Page.ClickAsync("#link");
        await page.Page.WaitForFunctionAsync("() => location.hash.includes('recording=')");
        var link = new Uri(page.Page.Url);
        Assert.Contains("class=MI", link.Fragment, StringComparison.Ordinal);
        Assert.InRange(link.Fragment.Length, 1, 400);
        Assert.Empty(link.Query);

        await using var other = await browser.OpenAsync(address: link);
        Assert.Equal(await page.HeadlineAsync(), await other.HeadlineAsync());
        Assert.Equal("of-somebody", await other.Page.EvaluateAsync<string>($"() => {Recording}"));
        // Its own link is the same one, the part in view included.
        Assert.Contains("from=", link.Fragment, StringComparison.Ordinal);
        await other.Page.EvaluateAsync("() => history.replaceState(null, '', '#')");
        await other.Page.ClickAsync("#link");
        await other.Page.WaitForFunctionAsync("() => location.hash.includes('recording=')");
        Assert.Equal(link.Fragment, new Uri(other.Page.Url).Fragment);
    }

    [SkippableFact]
    public async Task A_link_to_a_comparison_shows_both()
    {
        await using var page = await browser.OpenAsync(1600);
        await page.SetAsync("compare", "explainers");
        await page.Page.ClickAsync("#link");
        await page.Page.WaitForFunctionAsync("() => location.hash.includes('compare=')");
        await using var other = await browser.OpenAsync(1600, address: new Uri(page.Page.Url));
        Assert.Equal(2, await other.Page.Locator(".pane").CountAsync());
        Assert.Equal(await page.PaintedAsync(1), await other.PaintedAsync(1));
        Assert.Equal("explainers", await other.Page.EvaluateAsync<string>("() => document.querySelector('#toolbar [name=compare]').value"));
    }

    [SkippableFact]
    public async Task A_link_to_a_recording_that_is_gone_says_so_and_shows_no_other()
    {
        var link = new Uri(browser.Address, "#recording=00000000000000000000000000000000&layout=3x4");
        await using var page = await browser.OpenAsync(address: link);
        Assert.StartsWith("The server no longer has this recording", await page.TextAsync("problem"), StringComparison.Ordinal);
        Assert.Equal("No longer on the server", await page.Page.EvaluateAsync<string>($"() => {Recording}"));
        Assert.Equal("hidden", await page.Page.EvaluateAsync<string>(
            "() => getComputedStyle(document.querySelector('[data-part=canvas]')).visibility"));
        Assert.Equal("", await page.TextAsync("headline"));
        Assert.Empty(await Axe.ViolationsAsync(page.Page));
        // The browser itself notes the answer of 404; by now it has.
        page.Forgive();
        await page.Page.ClickAsync("#zoom-in");
        await page.Page.ClickAsync("#export-png");
        await page.Page.WaitForFunctionAsync("() => document.getElementById('status').textContent.startsWith('There is nothing on show')");
        if (Environment.GetEnvironmentVariable("SIGNALCAM_SCREENSHOTS") is { } folder)
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, "gone.png") });

        await page.ChooseAsync("recording", "example-normal");
        Assert.Contains("not called present", await page.HeadlineAsync(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_link_to_a_model_that_this_server_lacks_says_so()
    {
        var link = new Uri(browser.Address, "#recording=example-normal&model=elsewhere&class=X");
        await using var page = await browser.OpenAsync(address: link);
        Assert.Contains("the model elsewhere, which this server does not have",
            await page.Page.Locator("#status").TextContentAsync(), StringComparison.Ordinal);
        Assert.Contains("not called present", await page.HeadlineAsync(), StringComparison.Ordinal);
    }
}
