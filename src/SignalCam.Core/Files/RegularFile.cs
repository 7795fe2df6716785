using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SignalCam.Core.Files;

/// <summary>
/// Opens files for reading, and refuses everything that is no regular file by its kind: a FIFO would wait for a writer, a device may never
/// end. Opening never waits, reading never goes beyond the length that the file had when it was opened.
/// </summary>
/// <remarks>
/// Symbolic links are followed: which links are allowed is decided by whoever has the folder, see <see cref="RealPath"/>.
/// </remarks>
internal static class RegularFile
{
    /// <summary>Opens a file for reading at any place.</summary>
    /// <exception cref="IOException">
    /// The file is missing, cannot be opened, or is no regular file (<see cref="FileRefusedException"/>).
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static SafeFileHandle OpenHandle(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new FileRefusedException(path.Replace('\0', '\uFFFD'), "a path with a NUL character", "a path");
        return OperatingSystem.IsWindows() ? WindowsFile.Open(path) : UnixFile.Open(path);
    }

    /// <summary>Opens a file as a seekable stream without a buffer. The caller disposes it.</summary>
    /// <exception cref="IOException">As for <see cref="OpenHandle"/>.</exception>
    public static FileStream OpenRead(string path) => ToStream(OpenHandle(path));

    /// <summary>
    /// Opens a file as a stream that ends where the file ended when it was opened, so that a file that grows is not read for ever.
    /// </summary>
    /// <exception cref="IOException">As for <see cref="OpenHandle"/>; or the file is longer than <paramref name="most"/> bytes.</exception>
    public static Stream OpenBounded(string path, long most)
    {
        var stream = OpenRead(path);
        try
        {
            return new BoundedStream(stream, Length(stream.SafeFileHandle, path, most));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>All bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="most">Largest number of bytes that is read.</param>
    /// <exception cref="IOException">
    /// As for <see cref="OpenHandle"/>; or the file is longer, or changes its length while it is read.
    /// </exception>
    public static byte[] ReadAllBytes(string path, long most)
    {
        using var file = OpenHandle(path);
        var length = Length(file, path, Math.Min(most, Array.MaxLength));
        var bytes = GC.AllocateUninitializedArray<byte>((int)length);
        var read = 0;
        for (int step; read < bytes.Length && (step = RandomAccess.Read(file, bytes.AsSpan(read), read)) > 0;)
            read += step;
        if (read < bytes.Length)
            throw new FileRefusedException(path, $"the end after {read} bytes", $"the {length} bytes that were there when it was opened");
        Span<byte> more = stackalloc byte[1];
        return RandomAccess.Read(file, more, length) == 0
            ? bytes
            : throw new FileRefusedException(path, $"more than its {length} bytes", "a file that does not grow while it is read");
    }

    /// <summary>All text of a file in UTF-8, without a byte order mark.</summary>
    /// <exception cref="IOException">As for <see cref="ReadAllBytes"/>.</exception>
    public static string ReadAllText(string path, long most)
    {
        var bytes = ReadAllBytes(path, most).AsSpan();
        return Encoding.UTF8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
    }

    /// <summary>
    /// Makes sure that a file may be written at a path: that nothing is there, or a regular file. Writing to a FIFO would wait for a
    /// reader.
    /// </summary>
    /// <exception cref="FileRefusedException">Something else is there.</exception>
    public static void RequireWritable(string path)
    {
        if ((OperatingSystem.IsWindows() ? WindowsFile.KindOf(path) : UnixFile.KindOf(path)) is { } kind and not FileKind.Regular)
            throw FileRefusedException.Of(path, kind, "a regular file, or nothing, where a file is to be written");
    }

    private static FileStream ToStream(SafeFileHandle file)
    {
        try
        {
            return new FileStream(file, FileAccess.Read, bufferSize: 0);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static long Length(SafeFileHandle file, string path, long most)
    {
        var length = RandomAccess.GetLength(file);
        return length <= most ? length : throw new FileRefusedException(path, $"{length} bytes", $"at most {most}");
    }
}

/// <summary>What is at a path.</summary>
internal enum FileKind
{
    Regular,
    Folder,
    Fifo,
    Socket,
    CharacterDevice,
    BlockDevice,
    Other,
}

/// <summary>A file is not read, or not written, for what it is.</summary>
/// <param name="path">The file.</param>
/// <param name="found">What is there.</param>
/// <param name="expected">What should be there.</param>
internal sealed class FileRefusedException(
    string path, string found, string expected) : IOException($"{path}: found {found}, expected {expected}")
{
    public string Found => found;

    public string Expected => expected;

    public static FileRefusedException Of(string path, FileKind kind, string expected = "a regular file") =>
        new(path, Name(kind), expected);

    private static string Name(FileKind kind) => kind switch
    {
        FileKind.Folder => "a folder",
        FileKind.Fifo => "a FIFO (named pipe)",
        FileKind.Socket => "a socket",
        FileKind.CharacterDevice => "a character device",
        FileKind.BlockDevice => "a block device",
        _ => "something that is no regular file",
    };
}
