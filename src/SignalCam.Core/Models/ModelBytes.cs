using System.Buffers.Binary;
using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Models;

/// <summary>Reads whole files.</summary>
internal static class ModelBytes
{
    // Larger files are looked at before there is memory for all of them.
    private const long LookFirstBytes = 64 << 20;

    /// <summary>All bytes of a file; what goes wrong is a <see cref="ModelFormatException"/> with the file's name.</summary>
    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            RequireModel(path);
            return RegularFile.ReadAllBytes(path, Array.MaxLength);
        }
        catch (Exception e) when (FileErrors.IsOfFile(e))
        {
            var (found, expected) = FileErrors.Describe(e, "a model file or checkpoint");
            throw new ModelFormatException(path, null, found, expected, e);
        }
    }

    /// <summary>
    /// Refuses a large file that cannot be one of ours by its first bytes: memory is reserved only for what may be a model.
    /// </summary>
    private static void RequireModel(string path)
    {
        using var file = RegularFile.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        Span<byte> first = stackalloc byte[sizeof(ulong)];
        if (length <= LookFirstBytes || RandomAccess.Read(file, first, 0) < first.Length || first.StartsWith("PK"u8))
            return;
        // What a safetensors file begins with: the length of its header.
        var header = BinaryPrimitives.ReadUInt64LittleEndian(first);
        if (header is 0 or > ModelLimits.HeaderBytes)
            throw new ModelFormatException(
                path, "byte 0", $"a header of {header} bytes in a file of {length}", $"1 to {ModelLimits.HeaderBytes}, or a zip archive");
    }

    /// <inheritdoc cref="Read"/>
    public static Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken) => Task.Run(() => Read(path), cancellationToken);
}
