using System.Net.Sockets;
using System.Text;
using SignalCam.Core.Synthetic;
using SignalCam.Testing;
using Xunit.Abstractions;

namespace SignalCam.Viewer.Tests;

/// <summary>What one client can take from the others, and what is given back.</summary>
public sealed class BoundsTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Three_hundred_slow_senders_hold_nobody_up()
    {
        await using var viewer = await ViewerProcess.StartAsync("--settings", Settings());
        var slow = new List<TcpClient>();
        using var stop = new CancellationTokenSource();
        var senders = new List<Task>();
        try
        {
            for (var i = 0; i < 300; i++)
            {
                var client = new TcpClient();
                slow.Add(client);
                await client.ConnectAsync(viewer.Address.Host, viewer.Address.Port);
                senders.Add(TrickleAsync(client.GetStream(), viewer.Address, stop.Token));
            }
            await Task.Delay(TimeSpan.FromSeconds(2));
            using var http = new HttpClient { BaseAddress = viewer.Address };
            await http.OpenAsync(Uploads.Wfdb(Uploads.Recording()));
            // Those that came first are still sending: the good one did not wait for them.
            Assert.True(senders.Count(s => !s.IsCompleted) >= 290);
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var client in slow)
                client.Dispose();
            await Task.WhenAll(senders);
        }
    }

    [Fact]
    public async Task Another_sites_page_cannot_ask_for_an_explanation()
    {
        await using var host = new ViewerHost();
        using var client = host.CreateClient();
        foreach (var path in new[] { "explanation", "explanation.svg" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/recordings/example-normal/{path}?explainer=occlusion");
            request.Headers.Add("Sec-Fetch-Site", "cross-site");
            using var response = await client.SendAsync(request);
            Assert.Equal("cross-site", (await response.ProblemAsync()).Kind());
        }
        using var own = new HttpRequestMessage(HttpMethod.Get, "/api/recordings/example-normal/explanation");
        own.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var answer = await client.SendAsync(own);
        Assert.True(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task An_error_does_not_say_where_the_folder_lies_on_the_server()
    {
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder.Path, new SyntheticDatasetOptions { Records = 20, Seed = 5 });
        foreach (var file in Directory.GetFiles(folder.Path, "00003_lr.dat", SearchOption.AllDirectories))
            File.Delete(file);
        await using var host = new ViewerHost(("Viewer:Folder", folder.Path));
        using var client = host.CreateClient();
        using var response = await client.PostAsync(new Uri("/api/folder/entries/3", UriKind.Relative), null);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("broken-recording", text, StringComparison.Ordinal);
        Assert.Contains("00003_lr", text, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_200_uploads_have_expired_their_memory_is_back()
    {
        await using var host = new ViewerHost();
        using var client = host.CreateClient();
        var parts = Uploads.Wfdb(Uploads.Recording(seconds: 60, samplingRate: 500));
        await client.OpenAsync(parts);
        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(host.Store.Find("nothing"));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 200; i++)
            await client.OpenAsync(parts);
        Assert.InRange(host.Store.Bytes, 100_000_000, 300_000_000);

        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.Null(host.Store.Find("nothing"));
        Assert.Equal(0, host.Store.Bytes);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{kept >> 10} KiB more than before");
        Assert.InRange(kept, long.MinValue, 16 << 20);
    }

    /// <summary>A time for uploads that the slow ones do not reach within the test.</summary>
    private static string Settings()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("signalcam-slow-").FullName, "settings.json");
        File.WriteAllText(file, """{ "Viewer": { "MaxUploadTime": "00:05:00" } }""");
        return file;
    }

    /// <summary>Sends 400 bytes of an upload a second until it is stopped or hung up on.</summary>
    private static async Task TrickleAsync(NetworkStream stream, Uri address, CancellationToken cancellationToken)
    {
        const string boundary = "slow";
        var head = $"POST /api/recordings HTTP/1.1\r\nHost: {address.Host}:{address.Port}\r\nContent-Type: multipart/form-data; "
            + $"boundary={boundary}\r\nContent-Length: 1000000\r\n\r\n"
            + $"--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.dat\"\r\n\r\n";
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken);
            while (true)
            {
                await stream.WriteAsync(new byte[400], cancellationToken);
                await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The test ends it, or the server did; how many are still sending is what the test counts.
        }
    }
}
