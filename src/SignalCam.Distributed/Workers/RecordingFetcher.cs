using System.Net;
using SignalCam.Abstractions;
using SignalCam.Core.Wfdb;
using SignalCam.Distributed.Brokers;
using SignalCam.Formats;

namespace SignalCam.Distributed.Workers;

/// <summary>
/// Reads the recording at a URI: a file of any format that the host knows, or a WFDB header and beside it the files that it names. Bytes,
/// values and time of a recording are limited whatever a server sends.
/// </summary>
internal sealed class RecordingFetcher : IDisposable
{
    private const int MostFiles = 256;
    private const string Header = ".hea";

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_connectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(5);

    private readonly WorkerOptions _options;
    private readonly TrustedPlaces _trusted;
    private readonly HttpClient _http;
    private readonly EcgFileReader _reader;
    private readonly WfdbReadOptions _reading;
    private readonly EcgReadOptions _readingFiles;

    /// <param name="options">Which places are trusted, and the limits.</param>
    /// <param name="reader">The formats that the host knows; null for the built-in ones.</param>
    public RecordingFetcher(WorkerOptions options, EcgFileReader? reader = null)
    {
        _options = options;
        _reader = reader ?? new EcgFileReader(EcgFile.Formats);
        _trusted = new TrustedPlaces(options.TrustedUris);
        // As many values as the bytes hold of 16 bits each. Gaps have no bytes, and some formats fewer bits.
        _reading = new WfdbReadOptions { MaxValues = options.MaxFetchBytes / sizeof(short) };
        _readingFiles = new EcgReadOptions { MaxBytes = options.MaxFetchBytes, MaxValues = _reading.MaxValues };
        _http = new HttpClient(new SocketsHttpHandler
        {
            // A redirection could lead to a place that nobody trusts, and a packed answer could unpack to any size.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = s_connectTimeout,
            PooledConnectionLifetime = s_connectionLifetime,
        })
        {
            // The whole recording has a limit of its own.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Reads a recording.</summary>
    /// <exception cref="JobRejectedException">
    /// The URI is not trusted, nothing is there, it is too large, or the place does not answer.
    /// </exception>
    public async Task<EcgSignal> FetchAsync(Uri uri, CancellationToken cancellationToken)
    {
        _trusted.Require(uri);
        var backoff = new Backoff(s_firstPause, s_longestPause);
        for (var attempt = 1; ; attempt++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(_options.FetchTimeout);
            try
            {
                return uri.IsFile
                    ? ReadFile(uri.LocalPath)
                    : await DownloadAsync(uri, patience.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
            {
                if (attempt >= _options.FetchAttempts)
                    throw new JobRejectedException(FailureKind.UnreachableUri, $"{attempt} attempts failed, the last: {Reason(e)}");
                await Task.Delay(backoff.Next(), cancellationToken).ConfigureAwait(false);
            }
            // Beyond the first two: what the client makes of an answer that breaks HTTP, or of a scheme that it does not know.
            catch (Exception e) when (e is EcgFormatException or HttpRequestException or InvalidOperationException or NotSupportedException
                or ArgumentException or FormatException)
            {
                throw new JobRejectedException(FailureKind.UnreadableRecording, e.Message);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private EcgSignal ReadFile(string path) => Path.GetExtension(path) is Header or ""
        ? WfdbReader.ReadSignal(path, _reading)
        : _reader.Read(path, _readingFiles).Signal;

    private async Task<EcgSignal> DownloadAsync(Uri uri, CancellationToken cancellationToken)
    {
        var download = new BoundedDownload(_http, _options.MaxFetchBytes);
        using var reading = ToStream(await download.GetAsync(uri, cancellationToken).ConfigureAwait(false));
        if (Path.GetExtension(uri.AbsolutePath) is not (Header or ""))
            return _reader.Read(reading, Path.GetFileName(uri.AbsolutePath), _readingFiles).Signal;
        var header = WfdbHeader.Read(reading, Path.GetFileName(uri.AbsolutePath));
        var names = header.Signals.Where(signal => signal.Format != WfdbFormat.Null).Select(signal => signal.FileName)
            .Distinct(StringComparer.Ordinal).ToArray();
        if (names.Length > MostFiles)
            throw new JobRejectedException(
                FailureKind.UnreadableRecording, $"found {names.Length} files in the header, expected at most {MostFiles}");
        // The reader asks for files only as it comes to them, and a recording has few: all are brought first.
        var files = new Dictionary<string, ArraySegment<byte>>(StringComparer.Ordinal);
        foreach (var name in names)
            files[name] = await download.GetAsync(_trusted.Beside(uri, name), cancellationToken).ConfigureAwait(false);
        return await WfdbReader.ReadSignalAsync(
            header, file => files.TryGetValue(file, out var bytes) ? ToStream(bytes) : null, _reading, cancellationToken)
                .ConfigureAwait(false);
    }

    private static MemoryStream ToStream(ArraySegment<byte> bytes) => new(bytes.Array!, bytes.Offset, bytes.Count, writable: false);

    private string Reason(Exception e) =>
        e is OperationCanceledException ? $"it took more than {_options.FetchTimeout.TotalSeconds:F0} s" : e.Message;

    private static bool IsTransient(Exception e) => e switch
    {
        HttpRequestException { StatusCode: { } status } =>
            status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
        HttpRequestException => true,
        OperationCanceledException => true, // The limit of a recording's time.
        EcgFormatException { InnerException: FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException
            or Core.Files.FileRefusedException } => false,
        EcgFormatException { InnerException: IOException } => true,
        IOException => true,
        _ => false,
    };
}
