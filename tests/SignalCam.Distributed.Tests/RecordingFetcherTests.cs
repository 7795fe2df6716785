using System.Net;
using SignalCam.Core.Wfdb;
using SignalCam.Formats;
using SignalCam.Testing.Servers;
using SignalCam.Distributed.Workers;
using SignalCam.Testing;
using Xunit;

namespace SignalCam.Distributed.Tests;

/// <summary>Recordings at http URIs, from a server of this process.</summary>
public sealed class RecordingFetcherTests
{
    private const int Attempts = 3;

    [Fact]
    public async Task A_recording_comes_over_HTTP_as_from_its_file()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "r1", Poison.Recording(1));
        using var server = new Server(name => (HttpStatusCode.OK, File.ReadAllBytes(folder[name])));
        using var fetcher = server.Fetcher();

        var fetched = await fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default);

        var expected = WfdbReader.ReadSignal(folder["r1"]);
        Assert.Equal(expected.Layout, fetched.Layout);
        Assert.Equal(expected.Samples.ToArray(), fetched.Samples.ToArray());
        Assert.Equal(["r1.hea", "r1.dat"], server.Asked);
    }

    [SkippableFact]
    public async Task A_file_of_another_format_comes_over_HTTP_as_its_reader_gives_it()
    {
        var path = TestData.Shared("formats/scp-ecg/hl7-example.scp");
        using var server = new Server(_ => (HttpStatusCode.OK, File.ReadAllBytes(path)));
        using var fetcher = server.Fetcher();

        var fetched = await fetcher.FetchAsync(new Uri(server.Ecg, "ward7.scp"), default);

        var expected = EcgFile.Read(path).Signal;
        Assert.Equal(expected.Layout, fetched.Layout);
        Assert.Equal(expected.Samples.ToArray(), fetched.Samples.ToArray());
        Assert.Equal(["ward7.scp"], server.Asked);
    }

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "r1", Poison.Recording(1));
        var refusals = Attempts - 1;
        using var server = new Server(
            name => refusals-- > 0 ? (HttpStatusCode.ServiceUnavailable, []) : (HttpStatusCode.OK, File.ReadAllBytes(folder[name])));
        using var fetcher = server.Fetcher();

        Assert.Equal(12, (await fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default)).Layout.LeadCount);
        Assert.Equal(["r1.hea", "r1.hea", "r1.hea", "r1.dat"], server.Asked);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, FailureKind.UnreachableUri, Attempts)]
    [InlineData(HttpStatusCode.NotFound, FailureKind.UnreadableRecording, 1)]
    // It could lead to a place that nobody trusts.
    [InlineData(HttpStatusCode.Redirect, FailureKind.UnreadableRecording, 1)]
    public async Task What_does_not_come_is_rejected_with_its_kind(HttpStatusCode answer, string kind, int asked)
    {
        using var server = new Server(_ => (answer, []));
        using var fetcher = server.Fetcher();

        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));

        Assert.Equal(kind, error.Kind);
        Assert.Equal(asked, server.Asked.Count);
    }

    [Fact]
    public async Task What_is_no_header_is_an_unreadable_recording()
    {
        using var server = new Server(_ => (HttpStatusCode.OK, "<html>"u8.ToArray()));
        using var fetcher = server.Fetcher();
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));
        Assert.Equal(FailureKind.UnreadableRecording, error.Kind);
        Assert.Contains("<html>", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../private/r1.hea")]
    [InlineData("%2e%2e/private/r1.hea")]
    [InlineData("..%2fprivate/r1.hea")]
    [InlineData("../ecg-private/r1.hea")]
    public async Task What_is_not_below_a_trusted_URI_is_not_asked_for(string path)
    {
        using var server = new Server(_ => (HttpStatusCode.OK, []));
        using var fetcher = server.Fetcher();
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, path), default));
        Assert.Equal(FailureKind.UntrustedUri, error.Kind);
        Assert.Empty(server.Asked);
    }

    [Fact]
    public async Task A_name_in_a_header_that_leads_elsewhere_once_it_is_decoded_is_not_asked_for()
    {
        foreach (var name in new[]
        {
            "..%2fprivate%2fr1.dat", "%2e%2e%2fr1.dat", "..%252f..%252fr1.dat", "%2e%2e", "a%5c..%5cr1.dat", "r1%00.dat",
        })
        {
            using var server = new Server(
                _ => (HttpStatusCode.OK, System.Text.Encoding.ASCII.GetBytes($"r1 1 100 1000\n{name} 16 200 16 0 0 0 0 II\n")));
            using var fetcher = server.Fetcher();
            var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));
            Assert.Equal(FailureKind.UntrustedUri, error.Kind);
            Assert.Equal(["r1.hea"], server.Asked);
        }
    }

    [SkippableFact]
    public async Task The_header_that_led_out_of_the_trusted_folder_does_not_any_more()
    {
        var header = await File.ReadAllBytesAsync(TestData.Shared("cases/fuzz/http-header-encoded-path/e.hea"));
        using var server = new Server(_ => (HttpStatusCode.OK, header));
        using var fetcher = server.Fetcher();
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "e.hea"), default));
        Assert.Equal((FailureKind.UntrustedUri, 1), (error.Kind, server.Asked.Count));
    }

    [Fact]
    public async Task Names_with_blanks_percent_signs_and_other_letters_are_found()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "r1", Poison.Recording(1));
        File.WriteAllText(folder["ä 1%.hea"], File.ReadAllText(folder["r1.hea"]).Replace("r1.dat", "50%#ü.dat", StringComparison.Ordinal));
        File.Move(folder["r1.dat"], folder["50%#ü.dat"]);
        using var server = new Server(name => (HttpStatusCode.OK, File.ReadAllBytes(folder[Uri.UnescapeDataString(name)])));
        using var fetcher = server.Fetcher();
        var fetched = await fetcher.FetchAsync(new Uri(server.Ecg.AbsoluteUri + Uri.EscapeDataString("ä 1%.hea")), default);
        Assert.Equal(Poison.Recording(1).Layout, fetched.Layout);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_without_end_is_given_up_at_the_limit(bool isHeader)
    {
        var sent = 0L;
        using var server = new Server(async (name, response) =>
        {
            if (name.EndsWith(".hea", StringComparison.Ordinal) && !isHeader)
            {
                await response.OutputStream.WriteAsync("r1 1 100 1000\nr1.dat 16 200 16 0 0 0 0 II\n"u8.ToArray());
                return;
            }
            response.SendChunked = true;
            var chunk = new byte[1 << 16];
            for (; sent < 1L << 31; sent += chunk.Length)
                await response.OutputStream.WriteAsync(chunk);
        });
        using var fetcher = server.Fetcher(options => options.MaxFetchBytes = 1 << 20);
        var before = GC.GetTotalAllocatedBytes();
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));
        Assert.Equal(FailureKind.OversizedRecording, error.Kind);
        // What the sockets on both sides hold is sent, too.
        Assert.InRange(sent, 0, 64 << 20);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 64 << 20);
    }

    [Fact]
    public async Task All_files_of_a_recording_share_the_limit_and_a_length_that_is_claimed_is_not_waited_for()
    {
        using var server = new Server(async (name, response) =>
        {
            var text = "r1 3 100 1000\n" + string.Concat(Enumerable.Range(0, 3).Select(i => $"r{i}.dat 16 200 16 0 0 0 0 S{i}\n"));
            await response.OutputStream.WriteAsync(
                name.EndsWith(".hea", StringComparison.Ordinal) ? System.Text.Encoding.ASCII.GetBytes(text) : new byte[2000]);
        });
        using var small = server.Fetcher(options => options.MaxFetchBytes = 5000);
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => small.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));
        Assert.Equal((FailureKind.OversizedRecording, 4), (error.Kind, server.Asked.Count));
        using var enough = server.Fetcher(options => options.MaxFetchBytes = 6300);
        Assert.Equal(3, (await enough.FetchAsync(new Uri(server.Ecg, "r1.hea"), default)).Layout.LeadCount);

        using var claiming = new Server(async (_, response) =>
        {
            response.ContentLength64 = 1L << 40;
            await response.OutputStream.WriteAsync(new byte[10]);
            await response.OutputStream.FlushAsync();
            await Task.Delay(Timeout.Infinite);
        });
        using var waiting = claiming.Fetcher();
        error = await Assert.ThrowsAsync<JobRejectedException>(() => waiting.FetchAsync(new Uri(claiming.Ecg, "r1.hea"), default));
        Assert.Equal(FailureKind.OversizedRecording, error.Kind);
    }

    [Fact]
    public async Task A_header_that_claims_more_samples_than_the_limit_reserves_no_memory()
    {
        // A gap has no bytes.
        using var server = new Server(name => (HttpStatusCode.OK, System.Text.Encoding.ASCII.GetBytes(
            name == "r1.hea" ? "r1/2 1 100 2000000000\na 1000\n~ 1999999000\n" : "a 1 100 1000\na.dat 16 200 16 0 0 0 0 II\n")));
        using var fetcher = server.Fetcher();
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));
        Assert.Equal(FailureKind.UnreadableRecording, error.Kind);
    }

    [Fact]
    public async Task An_answer_that_drips_is_given_up_in_time_and_asked_for_again()
    {
        using var server = new Server(async (_, response) =>
        {
            response.SendChunked = true;
            while (true)
            {
                await response.OutputStream.WriteAsync("#"u8.ToArray());
                await response.OutputStream.FlushAsync();
                await Task.Delay(50);
            }
        });
        using var fetcher = server.Fetcher(options => options.FetchTimeout = TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));
        Assert.Equal((FailureKind.UnreachableUri, Attempts), (error.Kind, server.Asked.Count));
        Assert.Contains("it took more than 1 s", error.Message, StringComparison.Ordinal);

        // Whoever stops the worker does not wait for it.
        using var patient = server.Fetcher(options => options.FetchTimeout = TimeSpan.FromHours(1));
        using var stop = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.FetchAsync(new Uri(server.Ecg, "r1.hea"), stop.Token))
            .WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_packed_answer_is_not_unpacked()
    {
        using var server = new Server(async (_, response) =>
        {
            response.AddHeader("Content-Encoding", "gzip");
            await using var packed = new System.IO.Compression.GZipStream(
                response.OutputStream, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true);
            await packed.WriteAsync(new byte[1 << 24]);
        });
        using var fetcher = server.Fetcher();
        var error = await Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default));
        Assert.Equal(FailureKind.UnreadableRecording, error.Kind);
        Assert.Contains("gzip", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_in_an_encoding_that_does_not_exist_is_read_as_bytes()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "r1", Poison.Recording(1));
        using var server = new Server(async (name, response) =>
        {
            response.ContentType = "text/plain; charset=no-such-thing";
            await response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(folder[name]));
        });
        using var fetcher = server.Fetcher();
        Assert.Equal(12, (await fetcher.FetchAsync(new Uri(server.Ecg, "r1.hea"), default)).Layout.LeadCount);
    }

    [SkippableFact]
    public async Task Of_files_too_a_link_out_of_the_trusted_folder_and_what_is_no_file_are_refused()
    {
        using var folder = TestData.Folder();
        Directory.CreateDirectory(folder["trusted"]);
        Directory.CreateDirectory(folder["private"]);
        WfdbWriter.Write(folder["private"], "r1", Poison.Recording(1));
        WfdbWriter.Write(folder["trusted"], "r2", Poison.Recording(2));
        Directory.CreateSymbolicLink(folder["trusted/out"], folder["private"]);
        Directory.CreateSymbolicLink(folder["trusted/in"], folder["trusted"]);
        File.CreateSymbolicLink(folder["trusted/header.hea"], folder["private/r1.hea"]);
        SpecialFiles.Fifo(folder["trusted/fifo.hea"]);
        File.WriteAllText(folder["trusted/x.hea"], "x 1 100 1000\nx.dat 16 200 16 0 0 0 0 II\n");
        SpecialFiles.Fifo(folder["trusted/x.dat"]);
        var options = new WorkerOptions { FetchAttempts = 1 };
        var place = new Uri($"file://{folder["trusted"]}/");
        options.TrustedUris.Add(place.AbsoluteUri);
        using var fetcher = new RecordingFetcher(options);

        foreach (var (name, kind) in new[]
        {
            ("out/r1.hea", FailureKind.UntrustedUri), ("header.hea", FailureKind.UntrustedUri),
            ("..%2fprivate%2fr1.hea", FailureKind.UntrustedUri), ("../private/r1.hea", FailureKind.UntrustedUri),
            ("fifo.hea", FailureKind.UnreadableRecording), ("x.hea", FailureKind.UnreadableRecording),
            ("none.hea", FailureKind.UnreadableRecording),
        })
        {
            var error = await SpecialFiles.WithoutWaiting(
                () => Assert.ThrowsAsync<JobRejectedException>(() => fetcher.FetchAsync(new Uri(place.AbsoluteUri + name), default)));
            Assert.Equal((name, kind), (name, error.Kind));
        }
        Assert.Equal(12, (await fetcher.FetchAsync(new Uri(place, "in/r2.hea"), default)).Layout.LeadCount);
    }

    /// <summary>Answers each request for a name by a function.</summary>
    private sealed class Server : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<string> _asked = [];

        public Server(Func<string, (HttpStatusCode Status, byte[] Body)> answer)
            : this(async (name, response) =>
            {
                var (status, body) = answer(name);
                response.StatusCode = (int)status;
                if (status == HttpStatusCode.Redirect)
                    response.RedirectLocation = "/private/r1.hea";
                await response.OutputStream.WriteAsync(body);
            })
        {
        }

        public Server(Func<string, HttpListenerResponse, Task> answer)
        {
            Ecg = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}/ecg/");
            _listener.Prefixes.Add(new Uri(Ecg, "/").AbsoluteUri);
            _listener.Start();
            _ = AnswerAsync(answer);
        }

        public Uri Ecg { get; }

        public IReadOnlyList<string> Asked
        {
            get
            {
                lock (_asked)
                    return [.. _asked];
            }
        }

        public RecordingFetcher Fetcher(Action<WorkerOptions>? configure = null)
        {
            var options = new WorkerOptions { FetchAttempts = Attempts };
            options.TrustedUris.Add(Ecg.AbsoluteUri);
            configure?.Invoke(options);
            return new RecordingFetcher(options);
        }

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync(Func<string, HttpListenerResponse, Task> answer)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var name = Path.GetFileName(context.Request.Url!.AbsolutePath);
                    lock (_asked)
                        _asked.Add(name);
                    _ = AnswerOneAsync(name, context.Response, answer);
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }

        private static async Task AnswerOneAsync(
            string name, HttpListenerResponse response, Func<string, HttpListenerResponse, Task> answer)
        {
            try
            {
                await answer(name, response);
                response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                // Whoever asked has gone, or the test is over.
            }
        }
    }
}
