using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace SignalCam.Viewer.Tests;

/// <summary>Whatever is uploaded is answered: in bounded time and memory, and with a reason.</summary>
public sealed class MalformedUploadTests
{
    private const int Many = 200;
    private const long Mebi = 1 << 20;

    [Fact]
    public async Task Two_hundred_malformed_uploads_are_refused_with_a_reason_and_leave_nothing_behind()
    {
        await using var host = new ViewerHost(
            ("Viewer:MaxUploadBytes", $"{MalformedUploads.MaxUploadBytes}"),
            ("Viewer:MaxUnpackedBytes", $"{MalformedUploads.MaxUnpackedBytes}"), ("Viewer:MaxUploadTime", "00:01:00"));
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
            Assert.True(response.StatusCode is >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError,
                $"{upload.What}: {response.StatusCode} {text}");
            var problem = await response.ProblemAsync();
            kinds.Add(problem.Kind());
        }
        // Different mistakes get different answers.
        Assert.Superset(
            new HashSet<string>
            {
                "broken-recording", "broken-archive", "broken-upload", "unsafe-name", "too-large", "too-many-files", "recording-too-large",
                "nothing-to-open", "bad-value",
            }, kinds);
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
        await using var host = new ViewerHost(("Viewer:MaxUploadTime", "00:00:00.300"));
        var context = await host.Server.SendAsync(c =>
        {
            (c.Request.Method, c.Request.Scheme, c.Request.Host, c.Request.Path) = (
                "POST", "http", new HostString("localhost"), "/api/recordings");
            c.Request.ContentType = "multipart/form-data; boundary=x";
            c.Request.Body = new UnendingBody();
        });
        Assert.Equal(408, context.Response.StatusCode);
        using var answer = new StreamReader(context.Response.Body);
        Assert.Contains("urn:signalcam:viewer:too-slow", await answer.ReadToEndAsync(), StringComparison.Ordinal);
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

    /// <summary>A body that begins well, and then nothing more comes.</summary>
    private sealed class UnendingBody()
        : MemoryStream(Encoding.ASCII.GetBytes("--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.dat\"\r\n\r\nzzz"))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position == Length)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return await base.ReadAsync(buffer, cancellationToken);
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
