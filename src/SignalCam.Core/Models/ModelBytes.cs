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
}
