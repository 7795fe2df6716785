using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>Reads whole files.</summary>
internal static class ModelBytes
{
    /// <summary>All bytes of a file; what goes wrong is a <see cref="ModelFormatException"/> with the file's name.</summary>
    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            // A pipe or a device says that it has no bytes, and would be waited for or read without end.
            var file = new FileInfo(path);
            if (file is { Exists: true, Length: 0 })
                throw new ModelFormatException(path, null, "no bytes", "a model file or checkpoint");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (stream.Length > Array.MaxLength)
                throw new ModelFormatException(path, null, $"{stream.Length} bytes", $"at most {Array.MaxLength}");
            var bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException(path, null, "no such file", "a model file or checkpoint", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(path, null, $"an error ({e.Message})", "a readable file", e);
        }
    }
}
