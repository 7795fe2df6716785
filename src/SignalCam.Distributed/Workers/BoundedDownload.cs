using System.Net;

namespace SignalCam.Distributed.Workers;

/// <summary>The files of one recording over HTTP: no redirection is followed, nothing is unpacked, and all together have a limit.</summary>
/// <param name="http">A client that neither redirects nor decompresses.</param>
/// <param name="most">Bytes that the files may have together.</param>
internal sealed class BoundedDownload(HttpClient http, long most)
{
    private const int FirstStep = 1 << 14;

    private readonly long _most = most;
    private long _left = most;

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="JobRejectedException">It is too long, or encoded.</exception>
    /// <exception cref="HttpRequestException">The server does not give it.</exception>
    public async Task<ArraySegment<byte>> GetAsync(Uri uri, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest)
            throw new JobRejectedException(
                FailureKind.UnreadableRecording, $"found a redirection ({(int)response.StatusCode}), expected the file itself");
        response.EnsureSuccessStatusCode();
        if (response.Content.Headers.ContentEncoding is { Count: > 0 } encoding)
            throw new JobRejectedException(FailureKind.UnreadableRecording,
                $"found an answer in encoding {string.Join(", ", encoding)}, expected the bytes as they are");
        if (response.Content.Headers.ContentLength > _left)
            throw TooLong();
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = stream.ConfigureAwait(false);
        var buffer = new byte[FirstStep];
        var length = 0;
        while (true)
        {
            // Memory follows what is really there.
            length += await stream.ReadAtLeastAsync(
                buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length > _left)
                throw TooLong();
            if (length < buffer.Length)
            {
                _left -= length;
                return new ArraySegment<byte>(buffer, 0, length);
            }
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, Math.Max(_left, buffer.Length) + 1));
        }
    }

    private JobRejectedException TooLong() => new(
        FailureKind.OversizedRecording,
        $"found more than {_most} bytes, expected at most {nameof(WorkerOptions.MaxFetchBytes)} of {WorkerOptions.SectionName} in all "
        + "files of the recording");
}
