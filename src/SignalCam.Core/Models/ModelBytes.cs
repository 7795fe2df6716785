using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Models;

/// <summary>Reads whole files.</summary>
internal static class ModelBytes
{
    // Far above any network for recordings of some seconds, its checkpoint with the optimizer's moments included.
    private const long MostBytes = 1L << 30;

    /// <summary>All bytes of a file; what goes wrong is a <see cref="ModelFormatException"/> with the file's name.</summary>
    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return RegularFile.ReadAllBytes(path, MostBytes);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "a model file or checkpoint");
            throw new ModelFormatException(path, null, found, expected, e);
        }
    }
}
