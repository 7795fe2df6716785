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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <inheritdoc cref="Read"/>
    public static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static ModelFormatException Unreadable(string path, Exception e) => e is FileNotFoundException or DirectoryNotFoundException
        ? new ModelFormatException(path, null, "no such file", "a model file or checkpoint", e)
        : new ModelFormatException(path, null, $"an error ({e.Message})", "a readable file", e);
}
