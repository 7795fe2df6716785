using SignalCam.Abstractions;

namespace SignalCam.Core.Models;

/// <summary>Reads and writes whole files.</summary>
internal static class ModelBytes
{
    /// <summary>All bytes of a file; what goes wrong is a <see cref="ModelFormatException"/> with the file's name.</summary>
    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return File.ReadAllBytes(path);
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

    /// <summary>
    /// Replaces a file in one step: the bytes are on the disk under a temporary name before they take the file's name,
    /// so that a crash leaves the old file or the new one, never a part.
    /// </summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
