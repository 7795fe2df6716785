using System.Text;
using SignalCam.Core.Files;

namespace SignalCam.Core.Models;

/// <summary>
/// Replaces a file atomically: the bytes are on the disk under a temporary name ("NAME.*.tmp") before they take the file's name, so that a
/// crash, or a full disk, leaves the old file or the new one, never a part.
/// </summary>
internal static class WholeFile
{
    /// <summary>Writes bytes.</summary>
    /// <exception cref="IOException">
    /// They cannot be written, or something that is not a regular file is at the path; the old file remains.
    /// </exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Taking the name of a device or a FIFO would remove it.
        RegularFile.RequireWritable(path);
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

    /// <inheritdoc cref="Write"/>
    public static async Task WriteAsync(string path, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Writes text as UTF-8.</summary>
    /// <exception cref="IOException">It cannot be written; the old file remains.</exception>
    public static void WriteText(string path, string text) => Write(path, Encoding.UTF8.GetBytes(text));
}
