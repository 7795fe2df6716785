using System.Globalization;
using Microsoft.Playwright;
using SignalCam.Testing;

namespace SignalCam.Viewer.Tests;

/// <summary>
/// The viewer as a program, and a headless Chromium to look at it with; where there is none, tests that need it are skipped.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Executable = "/usr/bin/chromium";

    // Far above what a page takes on two busy cores.
    private const float Patience = 120_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private ViewerProcess? _viewer;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Executable))
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Executable, Args = ["--no-sandbox", "--disable-gpu"] });
        _viewer = await ViewerProcess.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        if (_viewer is not null)
            await _viewer.DisposeAsync();
    }

    /// <summary>A page with the first example on show.</summary>
    internal async Task<ViewerPage> OpenAsync(
        int width = 1280, int height = 800, ColorScheme scheme = ColorScheme.Light, Uri? address = null)
    {
        Skip.If(_browser is null, $"there is no Chromium at {Executable}: Debian's package chromium has it");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            AcceptDownloads = true,
        });
        context.SetDefaultTimeout(Patience);
        var page = new ViewerPage(context, await context.NewPageAsync());
        await page.GoToAsync(address ?? _viewer!.Address);
        return page;
    }

    internal Uri Address => _viewer!.Address;
}

/// <summary>A page of the viewer. Closing it asserts that nothing went wrong in it and that its policy was kept.</summary>
internal sealed class ViewerPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    public ViewerPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, error) => _complaints.Add(error);
        page.Console += (_, message) =>
        {
            // Only the tests read a canvas back.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Canvas2D: Multiple readback", StringComparison.Ordinal))
                _complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    public ILocator Canvas => Page.Locator("[data-part=canvas]").First;

    public async Task GoToAsync(Uri address)
    {
        await Page.GotoAsync(address.ToString());
        await SettleAsync();
    }

    /// <summary>Waits until a verdict is there and nothing is being asked for.</summary>
    public Task SettleAsync() => Page.WaitForFunctionAsync(
        "() => { const panes = [...document.querySelectorAll('.pane')]; return panes.length > 0 && panes.every(p => "
        + "p.getAttribute('aria-busy') === 'false'); }");

    /// <summary>Opens what is folded on narrow screens.</summary>
    private async Task UnfoldAsync() =>
        await Page.EvaluateAsync("() => document.querySelectorAll('details.fold').forEach(fold => { fold.open = true; })");

    public Task<string> HeadlineAsync(int pane = 0) => TextAsync("headline", pane);

    public async Task<string> TextAsync(string part, int pane = 0) =>
        (await Page.Locator($"[data-part={part}]").Nth(pane).TextContentAsync())!;

    public async Task ChooseAsync(string part, string value, int pane = 0)
    {
        await UnfoldAsync();
        await Page.Locator($"select[data-part={part}]").Nth(pane).SelectOptionAsync(value);
        await SettleAsync();
    }

    public async Task SetAsync(string name, string value)
    {
        await UnfoldAsync();
        await Page.Locator($"#toolbar [name={name}]").SelectOptionAsync(value);
        await SettleAsync();
    }

    /// <summary>Drops files on the page, as somebody would with a mouse.</summary>
    public async Task DropAsync(params Part[] parts)
    {
        var files = parts.Select(p => new { name = p.Name, content = Convert.ToBase64String(p.Content) }).ToArray();
        await Page.EvaluateAsync(
            """
            files => {
              const data = new DataTransfer();
              for (const { name, content } of files)
                data.items.add(new File([Uint8Array.from(atob(content), c => c.charCodeAt(0))], name));
              window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
            }
            """, files);
    }

    /// <summary>What is painted on a chart, as one number.</summary>
    public async Task<string> PaintedAsync(int pane = 0)
    {
        await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        return await Page.EvaluateAsync<string>(
            """
            n => {
              const canvas = document.querySelectorAll('[data-part=canvas]')[n];
              const pixels = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer);
              let sum = 7;
              for (const pixel of pixels) sum = (Math.imul(sum, 31) + pixel) | 0;
              return String(sum);
            }
            """, pane);
    }

    /// <summary>Clicks a button that saves a file, and gives the file.</summary>
    public async Task<(string Name, byte[] Content)> SaveAsync(string button)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => Page.ClickAsync(button));
        return (download.SuggestedFilename, await File.ReadAllBytesAsync(await download.PathAsync()));
    }

    /// <summary>A number of the page's.</summary>
    public async Task<double> NumberAsync(string script) =>
        double.Parse((await Page.EvaluateAsync(script))!.Value.ToString(), CultureInfo.InvariantCulture);

    /// <summary>Forgets complaints that a test provoked.</summary>
    public void Forgive() => _complaints.Clear();

    public async ValueTask DisposeAsync()
    {
        await _context.CloseAsync();
        Assert.Empty(_complaints);
    }
}
