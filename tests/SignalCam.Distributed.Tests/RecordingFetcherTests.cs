using System.Net;
using SignalCam.Core.Wfdb;
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

    [Fact]
    public async Task A_server_that_is_busy_is_asked_again()
    {
        using var folder = TestData.Folder();
        WfdbWriter.Write(folder.Path, "r1", Poison.Recording(1));
        var refusals = Attempts - 1;
        using var server = new Server(name => refusals-- > 0 ? (HttpStatusCode.ServiceUnavailable, []) : (HttpStatusCode.OK, File.ReadAllBytes(folder[name])));
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

    /// <summary>Answers each request for a name by a function, one after the other.</summary>
    private sealed class Server : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly List<string> _asked = [];

        public Server(Func<string, (HttpStatusCode Status, byte[] Body)> answer)
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

        public RecordingFetcher Fetcher()
        {
            var options = new WorkerOptions { FetchAttempts = Attempts };
            options.TrustedUris.Add(Ecg.AbsoluteUri);
            return new RecordingFetcher(options);
        }

        public void Dispose() => _listener.Close();

        private async Task AnswerAsync(Func<string, (HttpStatusCode Status, byte[] Body)> answer)
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    var name = Path.GetFileName(context.Request.Url!.AbsolutePath);
                    lock (_asked)
                        _asked.Add(name);
                    var (status, body) = answer(name);
                    context.Response.StatusCode = (int)status;
                    if (status == HttpStatusCode.Redirect)
                        context.Response.RedirectLocation = new Uri(Ecg, "/private/r1.hea").AbsoluteUri;
                    await context.Response.OutputStream.WriteAsync(body);
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
