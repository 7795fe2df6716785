using System.Buffers;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Wfdb;

/// <summary>
/// Opens and reads the files of a recording; whatever goes wrong there is an <see cref="EcgFormatException"/> with the file's name.
/// </summary>
internal static class WfdbFiles
{
    private const int LongestName = 255;

    /// <summary>Room for some ten thousand segments; more would only serve to keep a reader busy.</summary>
    private const long MaxHeaderBytes = 1 << 20;

    private const int UsualHeaderBytes = 1 << 12;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Whether a name in a header is the plain name of a file, which cannot lead out of the header's folder.</summary>
    public static bool IsPlainName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > LongestName || name is "." or ".." or "-" or "~")
            return false;
        foreach (var c in name)
            if (c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' || char.IsControl(c))
                return false;
        return true;
    }

    /// <summary>Opens the files that a header in this folder names. A link to a place outside the folder is refused.</summary>
    public static Func<string, Stream> Folder(string folder) => name =>
    {
        var path = Path.Combine(folder, name);
        RequireInside(folder, path);
        return Open(path);
    };

    /// <summary>Opens a file of a folder for reading at any place. A link to a place outside the folder is refused.</summary>
    /// <exception cref="IOException">It is not there or cannot be opened.</exception>
    public static SafeFileHandle OpenInside(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        RequireInside(folder, path);
        return RegularFile.OpenHandle(path);
    }

    /// <summary>
    /// The header of a recording of which any file is named: NAME.hea itself, a file of the recording beside it, or NAME.
    /// </summary>
    public static string HeaderPath(string recordPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(recordPath);
        if (recordPath.EndsWith(".hea", StringComparison.OrdinalIgnoreCase))
            return recordPath;
        var header = recordPath + ".hea";
        // A dot may also be part of the record's name.
        if (!Path.HasExtension(recordPath) || File.Exists(header))
            return header;
        var beside = Path.ChangeExtension(recordPath, ".hea");
        return File.Exists(beside) ? beside : header;
    }

    public static Stream Open(string path) => Guard(path, () =>
        // Reads are large and in order: a buffer would only copy them once more.
        RegularFile.OpenRead(path));

    /// <summary>Fills as much of the buffer as the stream has; completes synchronously unless <paramref name="isAsync"/>.</summary>
    public static async ValueTask<int> ReadAsync(
        Stream stream, string name, Memory<byte> buffer, bool isAsync, CancellationToken cancellationToken)
    {
        try
        {
            return isAsync
                ? await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)
                : stream.ReadAtLeast(buffer.Span, buffer.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            throw Failure(name, e);
        }
    }

    /// <summary>Reads a stream to its end in growing steps, so that memory follows what is really there.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAllAsync(
        Stream stream, string name, long most, bool isAsync, CancellationToken cancellationToken)
    {
        var there = stream.CanSeek ? stream.Length - stream.Position : 0;
        if (there > 0 && there <= most)
        {
            // A reader that knows where the end is need not run into it.
            var whole = new byte[there];
            return whole.AsMemory(0, await ReadAsync(stream, name, whole, isAsync, cancellationToken).ConfigureAwait(false));
        }
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            length += await ReadAsync(stream, name, buffer.AsMemory(length), isAsync, cancellationToken).ConfigureAwait(false);
            if (length > most)
                throw TooLong(name, most);
            if (length < buffer.Length)
                return buffer.AsMemory(0, length);
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, most + 1));
        }
    }

    /// <summary>Reads and parses the header of a path.</summary>
    public static WfdbHeader ReadHeader(string path)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(UsualHeaderBytes);
        try
        {
            using var file = RegularFile.OpenHandle(path);
            var length = 0;
            for (int read; (read = RandomAccess.Read(file, buffer.AsSpan(length), length)) > 0;)
            {
                length += read;
                if (length > MaxHeaderBytes)
                    throw TooLong(path, MaxHeaderBytes);
                if (length == buffer.Length)
                    Grow(ref buffer);
            }
            return WfdbHeader.Parse(DecodeText(buffer.AsSpan(0, length)), path);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            throw Failure(path, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    /// <summary>Reads and parses a header.</summary>
    public static async Task<WfdbHeader> ReadHeaderAsync(Stream stream, string name, bool isAsync, CancellationToken cancellationToken)
    {
        var bytes = await ReadAllAsync(stream, name, MaxHeaderBytes, isAsync, cancellationToken).ConfigureAwait(false);
        return WfdbHeader.Parse(DecodeText(bytes.Span), name);
    }

    /// <summary>Headers are ASCII by the specification; units such as µV come as UTF-8 or Latin-1.</summary>
    private static string DecodeText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    /// <summary>Runs what may fail for reasons that lie with the file.</summary>
    public static T Guard<T>(string name, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            throw Failure(name, e);
        }
    }

    private static EcgFormatException Failure(string name, Exception e)
    {
        var (found, expected) = FileErrors.Describe(e, "a file of the recording");
        return new EcgFormatException(name, null, found, expected, e);
    }

    private static EcgFormatException TooLong(string name, long most) => new(name, null, $"more than {most} bytes", $"at most {most}");

    private static void RequireInside(string folder, string path)
    {
        var target = Guard(path, () => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName);
        if (target is null)
            return;
        var home = Guard(folder, () => Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName);
        if (!IsInside(folder, target) && !(home is not null && IsInside(home, target)))
            throw new EcgFormatException(path, null, "a link that leads out of the recording's folder", "a file in that folder");
    }

    private static bool IsInside(string folder, string path) => Path.GetFullPath(path).StartsWith(
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
}
