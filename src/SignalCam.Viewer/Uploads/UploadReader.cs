using System.Buffers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>What somebody uploaded: files, and what was said of tables.</summary>
internal sealed record Upload(UploadedFiles Files, TableQuestions Answers);

/// <summary>The bytes of an upload, as long as nobody has looked into them; their room is given back when they are disposed.</summary>
internal sealed class ReceivedUpload(UploadBudget budget, ViewerOptions limits) : IDisposable
{
    private long _taken;

    public UploadedFiles Files { get; } = new(limits.MaxFiles, limits.MaxUnpackedBytes);

    public List<(string Name, byte[] Content)> Archives { get; } = [];

    public Dictionary<string, string> Fields { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes room for bytes that have come.</summary>
    /// <exception cref="ViewerProblemException">All uploads together have none left.</exception>
    public void Take(int bytes)
    {
        budget.Take(bytes);
        _taken += bytes;
    }

    public void Dispose() => budget.GiveBack(Interlocked.Exchange(ref _taken, 0));
}

/// <summary>Reads an upload into memory part by part, and never more of it than is allowed. Nothing goes to the disk.</summary>
internal sealed class UploadReader(IOptions<ViewerOptions> options, UploadBudget budget)
{
    private const int LongestBoundary = 70;
    private const int LongestField = 64;
    // Little where little comes: hundreds of slow senders hold only what they have sent.
    private const int FirstBytes = 1 << 12;
    private const int ChunkBytes = 1 << 16;

    /// <summary>Unpacks the archives of an upload.</summary>
    /// <exception cref="ViewerProblemException">An archive is malformed or too large, or a field says what none can.</exception>
    public static async Task<Upload> UnpackAsync(ReceivedUpload received, CancellationToken cancellationToken)
    {
        foreach (var (name, content) in received.Archives)
            await ZipFiles.UnpackAsync(name, content, received.Files, cancellationToken);
        return new Upload(received.Files, TableQuestions.Parse(received.Fields));
    }

    /// <summary>Receives the whole upload, however slowly it comes.</summary>
    /// <exception cref="ViewerProblemException">It is malformed or too large, or there is no room for it beside those that come at the same
    /// time.</exception>
    public async Task<ReceivedUpload> ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var received = new ReceivedUpload(budget, options.Value);
        try
        {
            await ReceiveAsync(request, received, cancellationToken);
            return received;
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    private async Task ReceiveAsync(HttpRequest request, ReceivedUpload received, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var reader = new MultipartReader(BoundaryOf(request), request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
        var left = limits.MaxUploadBytes;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                var (name, fileName) = Describe(section);
                if (fileName is null)
                {
                    received.Fields[name] = await ReadFieldAsync(name, section.Body, cancellationToken);
                    continue;
                }
                received.Files.CountIn();
                fileName = UploadedFiles.CheckName(fileName, mayHaveFolders: false);
                var content = await ReadAsync(section.Body, left, limits.MaxUploadBytes, received, cancellationToken);
                left -= content.Length;
                if (fileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
                    received.Archives.Add((fileName, content));
                else
                    received.Files.Add(fileName, content);
            }
        }
        // BadHttpRequestException is an IOException, too: the server's own limits have a status of their own.
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ViewerProblem.BrokenUpload.With($"the multipart body ends early or is malformed: {e.Message}");
        }
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw ViewerProblem.NotAnUpload.With(
                $"found content type '{request.ContentType}', expected multipart/form-data with a part for each file");
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (StringSegment.IsNullOrEmpty(boundary) || boundary.Length > LongestBoundary)
            throw ViewerProblem.NotAnUpload.With($"the content type has no boundary of 1 to {LongestBoundary} characters");
        return boundary.Value!;
    }

    private static (string Name, string? FileName) Describe(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            || !disposition.DispositionType.Equals("form-data"))
            throw ViewerProblem.BrokenUpload.With("a part of the upload has no content disposition form-data");
        var fileName = StringSegment.IsNullOrEmpty(disposition.FileNameStar) ? disposition.FileName : disposition.FileNameStar;
        return (HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), fileName.HasValue
            ? HeaderUtilities.RemoveQuotes(fileName).ToString()
            : null);
    }

    private static async Task<string> ReadFieldAsync(string name, Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[LongestField + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= LongestField
            ? System.Text.Encoding.UTF8.GetString(bytes, 0, length)
            : throw ViewerProblem.BadValue.With($"the field '{name}' is longer than {LongestField} bytes");
    }

    /// <summary>Reads a part in growing steps, so that memory follows what is really sent.</summary>
    private static async Task<byte[]> ReadAsync(
        Stream body, long most, long allowed, ReceivedUpload received, CancellationToken cancellationToken)
    {
        var content = new ArrayBufferWriter<byte>(FirstBytes);
        while (true)
        {
            var read = await body.ReadAsync(
                content.GetMemory(content.WrittenCount < ChunkBytes ? FirstBytes : ChunkBytes), cancellationToken);
            if (read == 0)
                return content.WrittenSpan.ToArray();
            content.Advance(read);
            received.Take(read);
            if (content.WrittenCount > most)
                throw ViewerProblem.TooLarge.With($"found more than {allowed} bytes in the files, allowed are {allowed}");
        }
    }
}
