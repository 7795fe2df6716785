using SignalCam.Abstractions;
using SignalCam.Core.Files;

namespace SignalCam.Core.Folders;

/// <summary>The recordings of a folder by their names.</summary>
internal sealed class FolderFiles
{
    private const string HeaderExtension = ".hea";

    // Signal files of WFDB, which are parts of the recording whose header is beside them.
    private static readonly string[] s_parts = [".dat", ".mat"];

    private readonly Dictionary<string, string> _byPath = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byName = new(StringComparer.Ordinal);

    private FolderFiles(string root, IReadOnlyList<string> paths)
    {
        Root = root;
        Paths = paths;
        foreach (var path in paths)
        {
            // A header is called by its record's name everywhere; other files keep their extension, and may be named without it.
            _byPath.TryAdd(path, path);
            _byPath.TryAdd(IdOf(path), path);
            foreach (var name in NamesOf(path))
            {
                if (!_byName.TryGetValue(name, out var same))
                    _byName.Add(name, same = []);
                same.Add(path);
            }
        }
    }

    /// <summary>The folder, as a full path.</summary>
    public string Root { get; }

    /// <summary>The recordings' files, relative to the folder, with '/', in the order of their names.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Finds recordings. WFDB headers are recognized by name, other files by content.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="reader">Knows the formats.</param>
    /// <param name="tables">Files that are not recordings, such as the label table, which may also be in the folder.</param>
    /// <exception cref="EcgFormatException">The folder does not exist, or a subfolder is not readable.</exception>
    public static FolderFiles Find(string folder, IRecordingFileReader reader, params IEnumerable<string?> tables)
    {
        var others = tables.OfType<string>().Select(Path.GetFullPath).ToHashSet(StringComparer.Ordinal);
        var root = Path.GetFullPath(folder);
        if (!Directory.Exists(root))
            throw new EcgFormatException(root, null, File.Exists(root) ? "a file" : "no such folder", "a folder with recordings");
        var all = FolderWalk.Files(root, "*").ToList();
        var headers = all.Where(IsHeader).Select(IdOf).ToHashSet(StringComparer.Ordinal);
        return new FolderFiles(root, [.. all.Where(IsRecording).Order(StringComparer.Ordinal)]);

        bool IsRecording(string path)
        {
            if (IsHeader(path))
                return true;
            var extension = Path.GetExtension(path);
            if (s_parts.Contains(extension, StringComparer.OrdinalIgnoreCase) && headers.Contains(path[..^extension.Length]))
                return false;
            var full = Path.Combine(root, path);
            return !others.Contains(full) && reader.Recognizes(full);
        }
    }

    /// <summary>The id of a recording that no table names: its path without the extension of a header.</summary>
    public static string IdOf(string path) => IsHeader(path) ? path[..^HeaderExtension.Length] : path;

    /// <summary>The files of a recording, as full paths: a header with the signal files of its name, or the file alone.</summary>
    public static IEnumerable<string> PartsOf(string file) =>
        IsHeader(file) ? s_parts.Select(part => file[..^HeaderExtension.Length] + part).Prepend(file) : [file];

    public static bool IsHeader(string path) => path.EndsWith(HeaderExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The recordings to which a name in a table may refer: one by its path, or those with that file name. Empty for
    /// none.</summary>
    public IReadOnlyList<string> Named(string name)
    {
        var path = name.Replace('\\', '/');
        if (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        // A table may name the signal file of a recording.
        var stem = Path.GetExtension(path) is { Length: > 0 } extension && s_parts.Contains(extension, StringComparer.OrdinalIgnoreCase)
            ? path[..^extension.Length] : path;
        if (_byPath.TryGetValue(path, out var exact) || _byPath.TryGetValue(stem, out exact))
            return [exact];
        return _byName.TryGetValue(path, out var same) || _byName.TryGetValue(stem, out same) ? same : [];
    }

    private static IEnumerable<string> NamesOf(string path)
    {
        yield return Path.GetFileName(path);
        if (Path.GetFileNameWithoutExtension(path) is { Length: > 0 } stem && stem != Path.GetFileName(path))
            yield return stem;
        if (path.Contains('/', StringComparison.Ordinal) && Path.GetExtension(path) is { Length: > 0 } extension)
            yield return path[..^extension.Length];
    }
}
