using System.Buffers;
using Microsoft.Win32.SafeHandles;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Formats.Sources;

/// <summary>A regular file of the file system, and the regular files in its folder.</summary>
/// <remarks>
/// The file stays open until this is disposed, so that what is recognized is what is read. Small files are read into memory that is used
/// again for the next one: a program that reads thousands of recordings would spend more time on collecting such garbage than on reading.
/// </remarks>
internal sealed class PathSource : EcgFileSource, IDisposable
{
    private const int LargestPooled = 1 << 20;

    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly byte[] _head;
    private byte[]? _pooled;

    private PathSource(string path, SafeFileHandle file, byte[] head) => (_path, _file, _head) = (path, file, head);

    public override string Name => _path;

    public override ReadOnlyMemory<byte> Head => _head;

    /// <summary>Opens a file, or the header of a WFDB record name.</summary>
    /// <exception cref="EcgFormatException">It is missing, cannot be read, or is not a regular file.</exception>
    public static PathSource Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path) && File.Exists(path + ".hea"))
            path += ".hea";
        return BoundedReading.Guard(path, () =>
        {
            var file = RegularFile.OpenHandle(path);
            try
            {
                var head = new byte[(int)Math.Min(RandomAccess.GetLength(file), HeadLength)];
                return new PathSource(path, file, head[..ReadFully(file, head)]);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        });
    }

    public override Stream Open() => BoundedReading.Guard(_path, () => RegularFile.OpenRead(_path));

    public override ReadOnlyMemory<byte> ReadAll(long maxBytes) => BoundedReading.Guard(_path, () =>
    {
        var length = RandomAccess.GetLength(_file);
        if (length > Math.Min(maxBytes, Array.MaxLength))
            throw BoundedReading.TooLarge(_path, length, maxBytes);
        var content = length > LargestPooled
            ? GC.AllocateUninitializedArray<byte>((int)length)
            : _pooled ??= ArrayPool<byte>.Shared.Rent((int)length);
        return (ReadOnlyMemory<byte>)content.AsMemory(0, ReadFully(_file, content.AsSpan(0, (int)length)));
    });

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

    public void Dispose()
    {
        _file.Dispose();
        if (_pooled is not null)
            ArrayPool<byte>.Shared.Return(_pooled);
        _pooled = null;
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> buffer)
    {
        var length = 0;
        for (int read; length < buffer.Length && (read = RandomAccess.Read(file, buffer[length..], length)) > 0;)
            length += read;
        return length;
    }
}
