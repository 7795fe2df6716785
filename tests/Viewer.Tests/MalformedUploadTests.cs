using System.Net;

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
        await using var host = new ViewerHost(("Viewer:MaxUploadTime", "00:00:00.300"));
        using var client = host.CreateClient();
        using var content = new StreamContent(new EndlessStream());
        content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        using var response = await client.PostAsync(new Uri("/api/recordings", UriKind.Relative), content);
        Assert.Equal("too-slow", (await response.ProblemAsync()).Kind());
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

    /// <summary>A body that begins well and never ends: a byte now and then.</summary>
    private sealed class EndlessStream : Stream
    {
        private readonly byte[] _start = "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.dat\"\r\n\r\n"u8.ToArray();
        private int _given;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_given >= _start.Length)
                await Task.Delay(20, cancellationToken);
            buffer.Span[0] = _given < _start.Length ? _start[_given] : (byte)'z';
            _given++;
            return 1;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
