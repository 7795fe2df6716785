using Microsoft.Win32.SafeHandles;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

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
        if (!File.Exists(path) && File.Exists(path + ".hea"))
            path += ".hea";
        return BoundedReading.Guard(path, () =>
        {
            using var handle = RegularFile.OpenHandle(path);
            var head = new byte[(int)Math.Min(RandomAccess.GetLength(handle), HeadLength)];
            return new PathSource(path, head[..ReadFully(handle, head)]);
        });
    }

    public override Stream Open() => BoundedReading.Guard(_path, () => RegularFile.OpenRead(_path));

    public override ReadOnlyMemory<byte> ReadAll(long maxBytes) =>
        BoundedReading.Guard(_path, () => (ReadOnlyMemory<byte>)RegularFile.ReadAllBytes(_path, maxBytes));

    public override Stream? OpenSibling(string name)
    {
        SiblingName.RequirePlain(_path, name);
        var folder = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        var path = Path.Combine(folder, name);
        return BoundedReading.Guard(path, () =>
        {
            if (!File.Exists(path) && !Directory.Exists(path))
                return null;
            if (!RealPath.IsWithin(RealPath.Of(folder), RealPath.Of(path)))
                throw new EcgFormatException(path, null, "a link that leads out of the recording's folder", "a file in that folder");
            return RegularFile.OpenRead(path);
        });
    }

    private static int ReadFully(SafeFileHandle handle, Span<byte> buffer)
    {
        var length = 0;
        for (int read; length < buffer.Length && (read = RandomAccess.Read(handle, buffer[length..], length)) > 0;)
            length += read;
        return length;
    }
}
