using System.Net;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Distributed.Brokers;

namespace SignalCam.Distributed.Workers;

/// <summary>Reads the WFDB recording at a URI: the header, and beside it the files that the header names.</summary>
internal sealed class RecordingFetcher(WorkerOptions options) : IDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);

    // A redirection could lead to a place that nobody trusts.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private readonly Uri[] _trusted = [.. options.TrustedUris.Select(uri => new Uri(uri, UriKind.Absolute))];

    /// <summary>Reads a recording.</summary>
    /// <exception cref="JobRejectedException">The URI is not trusted, nothing is there, or the place does not answer.</exception>
    public async Task<EcgSignal> FetchAsync(Uri uri, CancellationToken cancellationToken)
    {
        if (!_trusted.Any(trusted => IsBelow(uri, trusted)))
            throw new JobRejectedException(FailureKind.UntrustedUri, "the job's URI does not begin with any of TrustedUris");
        var backoff = new Backoff(s_firstPause, s_longestPause);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return uri.IsFile
                    ? WfdbReader.ReadSignal(uri.LocalPath)
                    : await DownloadAsync(uri, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                if (attempt >= options.FetchAttempts)
                    throw new JobRejectedException(FailureKind.UnreachableUri, $"{attempt} attempts failed, the last: {e.Message}");
                await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is EcgFormatException or HttpRequestException)
            {
                throw new JobRejectedException(FailureKind.UnreadableRecording, e.Message);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Whether a URI is in a folder of the trusted one; its dots have been resolved by then.</summary>
    private static bool IsBelow(Uri uri, Uri trusted) =>
        uri.Scheme == trusted.Scheme && uri.Authority == trusted.Authority && uri.UserInfo.Length == 0
        && uri.AbsolutePath.StartsWith(trusted.AbsolutePath.TrimEnd('/') + "/", StringComparison.Ordinal)
        // An encoded slash or dot would be resolved only after this test.
        && !uri.AbsolutePath.Contains("%2", StringComparison.OrdinalIgnoreCase);

    private async Task<EcgSignal> DownloadAsync(Uri uri, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(uri.AbsolutePath);
        var header = WfdbHeader.Parse(await _http.GetStringAsync(uri, cancellationToken).ConfigureAwait(false), name);
        // The reader asks for files only as it comes to them, and a recording has few: all are brought first.
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in header.Signals.Select(signal => signal.FileName).Distinct())
            files[file] = await _http.GetByteArrayAsync(new Uri(uri, file), cancellationToken).ConfigureAwait(false);
        return await WfdbReader.ReadSignalAsync(header, file => files.TryGetValue(file, out var bytes) ? new MemoryStream(bytes) : null, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private static bool IsTransient(Exception e) => e switch
    {
        HttpRequestException { StatusCode: { } status } => status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
        HttpRequestException => true,
        TaskCanceledException => true, // HttpClient's own time limit
        EcgFormatException { InnerException: FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException } => false,
        EcgFormatException { InnerException: IOException } => true,
        IOException => true,
        _ => false,
    };
}
