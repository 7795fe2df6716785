using System.Diagnostics.CodeAnalysis;
using SignalCam.Viewer.Problems;

namespace SignalCam.Viewer.Uploads;

/// <summary>The files of an upload by name, with those of its archives; bounded in number and bytes while it is filled.</summary>
internal sealed class UploadedFiles(int maxFiles, long maxUnpackedBytes)
{
    private const int LongestName = 255;

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private int _seen;
    private long _unpacked;

    /// <summary>Files that an upload may have, those in archives included.</summary>
    public int MaxFiles => maxFiles;

    /// <summary>Names of all files: plain, or a path with '/' within an archive.</summary>
    public IReadOnlyCollection<string> Names => _files.Keys;

    /// <summary>Bytes that archives may still unpack to.</summary>
    public long UnpackableBytes => maxUnpackedBytes - _unpacked;

    /// <summary>Counts a file in, before any of it is read.</summary>
    /// <exception cref="ViewerProblemException">There are too many.</exception>
    public void CountIn()
    {
        if (++_seen > maxFiles)
            throw ViewerProblem.TooManyFiles.With($"found more than {maxFiles} files, those in archives included; allowed are {maxFiles}");
    }

    /// <summary>Adds a file that has been counted in.</summary>
    /// <exception cref="ViewerProblemException">There is one of this name.</exception>
    public void Add(string name, byte[] content)
    {
        if (!_files.TryAdd(name, content))
            throw ViewerProblem.BrokenUpload.With($"there are two files called '{name}'");
    }

    /// <summary>Adds a file of an archive that has been counted in.</summary>
    public void AddUnpacked(string name, byte[] content)
    {
        Add(name, content);
        _unpacked += content.Length;
    }

    /// <summary>The content of a file.</summary>
    public bool TryGet(string name, [MaybeNullWhen(false)] out byte[] content) => _files.TryGetValue(name, out content);

    /// <summary>A name as it may be used: no path that leads out, no drive, no control character.</summary>
    /// <param name="name">As the upload or the archive says it.</param>
    /// <param name="mayHaveFolders">Whether it may be a path downwards, as in an archive.</param>
    /// <exception cref="ViewerProblemException">It is not.</exception>
    public static string CheckName(string name, bool mayHaveFolders)
    {
        var parts = name.Split('/');
        if (name.Length is 0 or > LongestName || name.Any(c => c is '\\' or ':' || char.IsControl(c))
            || (parts.Length > 1 && !mayHaveFolders)
            || parts.Any(part => part is "" or "." or ".."))
            throw ViewerProblem.UnsafeName.With($"found '{Shown(name)}'; a name is "
                + $"{(mayHaveFolders ? "a path downwards" : "that of a file alone")}, of at most {LongestName} characters, without .. "
                + "and \\ and :");
        return name;
    }

    private static string Shown(string name) => string.Concat(name.Take(80).Select(c => char.IsControl(c) ? '?' : c));
}
