using System.Net;
using System.Net.Sockets;
using System.Text;
using SignalCam.Testing;

namespace Viewer.Tests;

/// <summary>Whatever is uploaded is answered: in bounded time and memory, and with a reason.</summary>
public sealed class MalformedUploadTests
{
    private const int Many = 200;
    private const long Mebi = 1 << 20;

    [Fact]
    public async Task Two_hundred_malformed_uploads_are_refused_with_a_reason_and_leave_nothing_behind()
    {
        await using var host = new ViewerHost(
            ("Viewer:MaxUploadBytes", $"{MalformedUploads.MaxUploadBytes}"), ("Viewer:MaxUnpackedBytes", $"{MalformedUploads.MaxUnpackedBytes}"), ("Viewer:MaxUploadTime", "00:01:00"));
        using var client = host.CreateClient();
        var uploads = new MalformedUploads();
        // Once before it is measured: code and tables that are loaded with the first use stay.
        foreach (var upload in uploads.Take(34))
            (await SendAsync(client, upload)).Dispose();
        await client.OpenOneAsync(Uploads.Recording());
        var before = Settled();

        var kinds = new HashSet<string>();
        var start = Environment.CpuUsage.TotalTime;
        foreach (var upload in uploads.Take(Many))
        {
            using var response = await SendAsync(client, upload);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError, $"{upload.What}: {response.StatusCode} {text}");
            var problem = await response.ProblemAsync();
            kinds.Add(problem.Kind());
        }
        // Different mistakes get different answers.
        Assert.Superset(
            new HashSet<string> { "broken-recording", "broken-archive", "broken-upload", "unsafe-name", "too-large", "too-many-files", "recording-too-large", "nothing-to-open", "bad-value" }, kinds);
        // All of them together, however busy the machine is: some take a tenth of a second, most a few milliseconds.
        Assert.InRange(Environment.CpuUsage.TotalTime - start, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.InRange(Settled() - before, long.MinValue, 8 * Mebi);
        Assert.Equal(1, host.Store.Count);

        var good = Uploads.Recording(7);
        var id = await client.OpenOneAsync(good);
        Assert.Equal(good.Lead(0).ToArray(), (await client.AskAsync($"/api/recordings/{id}/signal"))["leads"]![0]!["values"]!.Floats());
        Assert.NotNull(await client.AskAsync($"/api/recordings/{id}/explanation"));
    }

    [Fact]
    public async Task An_upload_that_takes_too_long_is_ended()
    {
        await using var viewer = await ViewerProcess.StartAsync("--Viewer:MaxUploadTime=00:00:00.300");
        using var client = new TcpClient(viewer.Address.Host, viewer.Address.Port);
        await using var stream = client.GetStream();
        // The body is announced, begun and never ended.
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/recordings HTTP/1.1\r\nHost: {viewer.Address.Authority}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 100000\r\n\r\n"
            + "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.dat\"\r\n\r\nzzz"));
        using var answer = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 408 Request Timeout", await answer.ReadLineAsync());
        string? line;
        while ((line = await answer.ReadLineAsync()) is not null && !line.Contains("urn:", StringComparison.Ordinal))
        {
        }
        Assert.Contains("urn:signalcam:viewer:too-slow", line, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, MalformedUpload upload)
    {
        using (upload.Content)
            return await client.PostAsync(new Uri("/api/recordings", UriKind.Relative), upload.Content);
    }

    private static long Settled()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
