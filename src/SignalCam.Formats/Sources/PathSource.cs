using Microsoft.Win32.SafeHandles;
using SignalCam.Abstractions;

namespace SignalCam.Formats.Sources;

/// <summary>A regular file of the file system, and the regular files in its folder.</summary>
internal sealed class PathSource : EcgFileSource
{
    private readonly string _path;
    private readonly byte[] _head;

    private PathSource(string path, byte[] head) => (_path, _head) = (path, head);

    public override string Name => _path;

    public override ReadOnlyMemory<byte> Head => _head;

    /// <summary>Opens a file, or the header of a WFDB record name.</summary>
    /// <exception cref="EcgFormatException">It is missing, cannot be read, or is no regular file.</exception>
    public static PathSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path) && HeaderOf(path) is { } header)
            path = header;
        return BoundedReading.Guard(path, () =>
        {
            using var handle = OpenRegular(path) ?? throw Missing(path);
            var head = new byte[(int)Math.Min(RandomAccess.GetLength(handle), HeadLength)];
            return new PathSource(path, head[..ReadFully(handle, head)]);
        });
    }

    public override Stream Open() =>
        BoundedReading.Guard(_path, () => new FileStream(OpenRegular(_path) ?? throw Missing(_path), FileAccess.Read));

    public override ReadOnlyMemory<byte> ReadAll(long maxBytes) => BoundedReading.Guard(_path, () =>
    {
        using var handle = OpenRegular(_path) ?? throw Missing(_path);
        var length = RandomAccess.GetLength(handle);
        if (length > maxBytes || length > Array.MaxLength)
            throw BoundedReading.TooLarge(_path, Math.Min(maxBytes, Array.MaxLength));
        var content = GC.AllocateUninitializedArray<byte>((int)length);
        return (ReadOnlyMemory<byte>)content.AsMemory(0, ReadFully(handle, content));
    });

    public override Stream? OpenSibling(string name)
    {
        SiblingName.RequirePlain(_path, name);
        var folder = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        var path = Path.Combine(folder, name);
        return BoundedReading.Guard(path, () =>
        {
            if (File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName is { } target
                && !IsInside(folder, target))
                throw new EcgFormatException(path, null, "a link that leads out of the recording's folder", "a file in that folder");
            return OpenRegular(path) is { } handle ? new FileStream(handle, FileAccess.Read) : null;
        });
    }

    private static string? HeaderOf(string path) => File.Exists(path + ".hea") ? path + ".hea" : null;

    /// <summary>
    /// Opens a file that has bytes; null where there is none. Opening a pipe waits for a writer, and a device may never end. Both have no
    /// length, so that a file without length is refused before it is opened.
    /// </summary>
    private static SafeFileHandle? OpenRegular(string path)
    {
        if (Directory.Exists(path))
            throw new EcgFormatException(path, null, "a folder", "a file of a recording");
        if (!File.Exists(path))
            return null;
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        if (file.Length == 0)
            throw new EcgFormatException(path, null, "an empty file, or a pipe or device", "a regular file of a recording");
        return File.OpenHandle(path, options: FileOptions.SequentialScan);
    }

    private static int ReadFully(SafeFileHandle handle, Span<byte> buffer)
    {
        var length = 0;
        for (int read; length < buffer.Length && (read = RandomAccess.Read(handle, buffer[length..], length)) > 0;)
            length += read;
        return length;
    }

    private static bool IsInside(string folder, string path)
    {
        var home = Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        return Within(folder, path) || Within(home, path);
    }

    private static bool Within(string folder, string path) => Path.GetFullPath(path).StartsWith(
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static EcgFormatException Missing(string path) => new(path, null, "no such file", "a file of a recording");
}
