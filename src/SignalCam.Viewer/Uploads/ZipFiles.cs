using System.IO.Compression;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>
/// Unpacks archives in memory. What an archive says of its sizes is not believed: each file is unpacked only until the limit is reached.
/// </summary>
internal static class ZipFiles
{
    private const int ChunkBytes = 1 << 16;

    // Finder's own files about files.
    private const string Leftovers = "__MACOSX/";

    /// <summary>The signature of an entry in an archive's directory (PKWARE APPNOTE 4.3.12).</summary>
    private static readonly byte[] s_entry = [(byte)'P', (byte)'K', 1, 2];

    /// <summary>Adds the files of an archive.</summary>
    /// <exception cref="ViewerProblemException">It is corrupt, holds too much, or a name in it leads out of it.</exception>
    public static async Task UnpackAsync(string archiveName, byte[] archive, UploadedFiles files, CancellationToken cancellationToken)
    {
        CheckCount(archive, files);
        try
        {
            await using var zip = await ZipArchive.CreateAsync(new MemoryStream(archive, writable: false), ZipArchiveMode.Read,
                leaveOpen: false, entryNameEncoding: null, cancellationToken);
            foreach (var entry in zip.Entries)
            {
                if (entry.FullName.EndsWith('/') || entry.FullName.StartsWith(Leftovers, StringComparison.Ordinal))
                    continue;
                files.CountIn();
                var name = UploadedFiles.CheckName(entry.FullName, mayHaveFolders: true);
                files.AddUnpacked($"{archiveName}/{name}", await UnpackAsync(archiveName, entry, files.UnpackableBytes, cancellationToken));
            }
        }
        catch (Exception e) when (e is InvalidDataException or NotSupportedException or IOException or ArgumentException)
        {
            throw ViewerProblem.BrokenArchive.With($"{archiveName}: {e.Message}");
        }
    }

    /// <summary>
    /// Counts directory entries before any is parsed, because each takes some hundred bytes of memory once it is. What looks like one
    /// within a packed file counts as well: rare, and at most a file more.
    /// </summary>
    private static void CheckCount(ReadOnlySpan<byte> archive, UploadedFiles files)
    {
        var count = 0;
        for (int at; (at = archive.IndexOf(s_entry)) >= 0; archive = archive[(at + s_entry.Length)..])
            if (++count > 4 * files.MaxFiles)
                throw ViewerProblem.TooManyFiles.With(
                    $"found more than {4 * files.MaxFiles} entries in an archive; allowed are {files.MaxFiles} files in all");
    }

    private static async Task<byte[]> UnpackAsync(string archiveName, ZipArchiveEntry entry, long most, CancellationToken cancellationToken)
    {
        // It starts small however large the entry claims to be.
        using var content = new MemoryStream((int)Math.Clamp(entry.Length, 0, ChunkBytes));
        await using var packed = await entry.OpenAsync(cancellationToken);
        var chunk = new byte[ChunkBytes];
        for (int read; (read = await packed.ReadAsync(chunk, cancellationToken)) > 0;)
        {
            if (content.Length + read > most)
                throw ViewerProblem.TooLarge.With(
                    $"{archiveName}: found more bytes than are allowed when it is unpacked; "
                    + $"the last file looked at was '{entry.FullName}'");
            content.Write(chunk, 0, read);
        }
        return content.ToArray();
    }
}
