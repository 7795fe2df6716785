using System.Buffers;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>What somebody uploaded: files, and what was said of tables.</summary>
internal sealed record Upload(UploadedFiles Files, TableQuestions Answers);

/// <summary>Reads an upload into memory part by part, and never more of it than is allowed. Nothing goes to the disk.</summary>
internal sealed class UploadReader(IOptions<ViewerOptions> options)
{
    private const int LongestBoundary = 70;
    private const int LongestField = 64;
    private const int ChunkBytes = 1 << 16;

    /// <summary>Reads the whole upload and unpacks its archives.</summary>
    /// <exception cref="ViewerProblemException">It is malformed, too large, or an archive in it is.</exception>
    public async Task<Upload> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limits = options.Value;
        var reader = new MultipartReader(BoundaryOf(request), request.Body) { HeadersCountLimit = 8, HeadersLengthLimit = 4096 };
        var files = new UploadedFiles(limits.MaxFiles, limits.MaxUnpackedBytes);
        var archives = new List<(string Name, byte[] Content)>();
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var left = limits.MaxUploadBytes;
        try
        {
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                var (name, fileName) = Describe(section);
                if (fileName is null)
                {
                    fields[name] = await ReadFieldAsync(name, section.Body, cancellationToken);
                    continue;
                }
                files.CountIn();
                fileName = UploadedFiles.CheckName(fileName, mayHaveFolders: false);
                var content = await ReadAsync(section.Body, left, limits.MaxUploadBytes, cancellationToken);
                left -= content.Length;
                if (fileName.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
                    archives.Add((fileName, content));
                else
                    files.Add(fileName, content);
            }
        }
        // BadHttpRequestException is an IOException, too: the server's own limits have a status of their own.
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw ViewerProblem.BrokenUpload.With($"the multipart body ends early or is malformed: {e.Message}");
        }
        foreach (var (name, content) in archives)
            await ZipFiles.UnpackAsync(name, content, files, cancellationToken);
        return new Upload(files, TableQuestions.Parse(fields));
    }

    private static string BoundaryOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw ViewerProblem.NotAnUpload.With($"found content type '{request.ContentType}', expected multipart/form-data with a part for each file");
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (StringSegment.IsNullOrEmpty(boundary) || boundary.Length > LongestBoundary)
            throw ViewerProblem.NotAnUpload.With($"the content type has no boundary of 1 to {LongestBoundary} characters");
        return boundary.Value!;
    }

    private static (string Name, string? FileName) Describe(MultipartSection section)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || !disposition.DispositionType.Equals("form-data"))
            throw ViewerProblem.BrokenUpload.With("a part of the upload has no content disposition form-data");
        var fileName = StringSegment.IsNullOrEmpty(disposition.FileNameStar) ? disposition.FileName : disposition.FileNameStar;
        return (HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), fileName.HasValue ? HeaderUtilities.RemoveQuotes(fileName).ToString() : null);
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
    private static async Task<byte[]> ReadAsync(Stream body, long most, long allowed, CancellationToken cancellationToken)
    {
        var content = new ArrayBufferWriter<byte>(ChunkBytes);
        while (true)
        {
            var read = await body.ReadAsync(content.GetMemory(ChunkBytes), cancellationToken);
            if (read == 0)
                return content.WrittenSpan.ToArray();
            content.Advance(read);
            if (content.WrittenCount > most)
                throw ViewerProblem.TooLarge.With($"found more than {allowed} bytes in the files, allowed are {allowed}");
        }
    }
}
