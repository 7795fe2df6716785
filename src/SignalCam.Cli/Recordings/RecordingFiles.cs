using System.IO.Enumeration;
using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Formats;

namespace SignalCam.Cli.Recordings;

/// <summary>
/// Turns what a person names on the command line into files: a folder into the recordings in it and below it, a glob into the files that
/// match. Files come one after the other, so that only the names of one folder are in memory at a time.
/// </summary>
/// <param name="reader">Tells which files of a folder are recordings.</param>
/// <param name="arguments">Files, record names, folders and globs.</param>
/// <param name="hasLeads">Whether the leads are said otherwise, so that a table of a folder need not name them.</param>
internal sealed class RecordingFiles(EcgFileReader reader, IReadOnlyList<string> arguments, bool hasLeads)
{
    private const string Table = "csv";
    private const string Header = ".hea";
    private const string AnyDepth = "**";

    /// <summary>Extensions that stand for nothing but recordings: such a file counts even where its content tells no format.</summary>
    private static readonly string[] s_recordings = [Header, ".dcm", ".scp", ".edf", ".ecg"];

    /// <summary>
    /// The distinct files in the order of their arguments; those of a folder or glob come folder by folder, sorted by name.
    /// </summary>
    /// <exception cref="UsageException">A folder holds no recording, or nothing matches a glob.</exception>
    public IEnumerable<string> Enumerate()
    {
        var seen = arguments.Count > 1 ? new NameSet() : null;
        foreach (var argument in arguments)
            foreach (var file in Expand(argument))
                if (seen?.Add(Path.GetFullPath(file)) != false)
                    yield return file;
    }

    /// <summary>
    /// How many files there are at most, for a progress bar: without looking into them, so that files of a folder that are not recordings
    /// count as well.
    /// </summary>
    /// <exception cref="UsageException">Nothing matches a glob.</exception>
    public long Count() => arguments.Sum(argument => Kind(argument) switch
    {
        ArgumentKind.Folder => WithoutParts(FolderWalk.Files(argument, "*")).LongCount(),
        ArgumentKind.Glob => Matching(argument).LongCount(),
        _ => 1,
    });

    private IEnumerable<string> Expand(string argument)
    {
        switch (Kind(argument))
        {
            case ArgumentKind.Folder:
                return NotEmpty(
                    WithoutParts(FolderWalk.Files(argument, "*")).Select(file => Path.Combine(argument, file)).Where(IsRecording),
                    $"{argument}: no recording in this folder");
            case ArgumentKind.Glob:
                return NotEmpty(Matching(argument), $"{argument}: no file matches");
            default:
                return [argument];
        }
    }

    private static ArgumentKind Kind(string argument) =>
        // A file or a WFDB record of this name comes first: names may have brackets and stars.
        File.Exists(argument) || File.Exists(argument + Header) ? ArgumentKind.File
        : Directory.Exists(argument) ? ArgumentKind.Folder
        : IsPattern(argument) ? ArgumentKind.Glob
        : ArgumentKind.File;

    private static IEnumerable<string> NotEmpty(IEnumerable<string> files, string message)
    {
        var isEmpty = true;
        foreach (var file in files)
        {
            isEmpty = false;
            yield return file;
        }
        if (isEmpty)
            throw new UsageException(message);
    }

    /// <summary>
    /// A folder holds other files as well; they are not failures. A file that cannot be opened (a pipe, an empty file) is not one of its
    /// recordings either.
    /// </summary>
    private bool IsRecording(string path)
    {
        try
        {
            if (s_recordings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
                return true;
            // Labels, patients and figures are tables too.
            return reader.Find(path) is { } format && (format.Name != Table || hasLeads || TableHead.NamesLead(path));
        }
        catch (Exception e) when (e is EcgFormatException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The files that match a glob: * and ? within a name, ** for any number of folders.</summary>
    private static IEnumerable<string> Matching(string pattern)
    {
        var parts = pattern.Replace('\\', Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        var literal = parts.TakeWhile(part => !IsPattern(part)).ToArray();
        var root = literal.Length == 0 ? "" : string.Join(Path.DirectorySeparatorChar, literal) + Path.DirectorySeparatorChar;
        return WithoutParts(Matching(root, parts[literal.Length..]));
    }

    private static IEnumerable<string> Matching(string folder, string[] parts)
    {
        var here = folder.Length == 0 ? "." : folder;
        if (!Directory.Exists(here))
            return [];
        if (parts[0] == AnyDepth)
        {
            var inner = Path.Combine([.. parts[1..] is { Length: > 0 } rest ? rest : ["*"]]);
            return FolderWalk.Files(here, "*").Where(file => MatchesBelow(file, inner)).Select(file => folder + file);
        }
        if (parts.Length == 1)
            return Names(Directory.EnumerateFiles(here), parts[0]).Select(name => folder + name);
        return Names(Directory.EnumerateDirectories(here), parts[0])
            .SelectMany(name => Matching(folder + name + Path.DirectorySeparatorChar, parts[1..]));
    }

    /// <summary>Whether the end of a path matches the rest of a pattern, name by name.</summary>
    private static bool MatchesBelow(string file, string pattern)
    {
        var (names, wanted) = (file.Split('/', Path.DirectorySeparatorChar), pattern.Split(Path.DirectorySeparatorChar));
        if (names.Length < wanted.Length)
            return false;
        for (var i = 1; i <= wanted.Length; i++)
            if (!FileSystemName.MatchesSimpleExpression(wanted[^i], names[^i], ignoreCase: false))
                return false;
        return true;
    }

    private static IEnumerable<string> Names(IEnumerable<string> paths, string pattern) => paths.Select(path => Path.GetFileName(path)!)
        .Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)).Order(StringComparer.Ordinal);

    /// <summary>Without the signal files of a WFDB record whose header is in the same folder.</summary>
    private static IEnumerable<string> WithoutParts(IEnumerable<string> files)
    {
        var inFolder = new List<string>();
        string? folder = null;
        foreach (var file in files)
        {
            var own = Path.GetDirectoryName(file) ?? "";
            if (folder is not null && own != folder)
            {
                foreach (var kept in Whole(inFolder))
                    yield return kept;
                inFolder.Clear();
            }
            folder = own;
            inFolder.Add(file);
        }
        foreach (var kept in Whole(inFolder))
            yield return kept;
    }

    private static IEnumerable<string> Whole(List<string> files)
    {
        var headers = files.Where(IsHeader).Select(WithoutExtension).ToHashSet(StringComparer.Ordinal);
        return files.Where(f => IsHeader(f) || !IsPart(f) || !headers.Contains(WithoutExtension(f)));
    }

    private static bool IsHeader(string file) => file.EndsWith(Header, StringComparison.OrdinalIgnoreCase);

    private static bool IsPart(string file) => Path.GetExtension(file).ToLowerInvariant() is ".dat" or ".mat";

    private static bool IsPattern(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    private static string WithoutExtension(string file) => file[..^Path.GetExtension(file).Length];

    private enum ArgumentKind
    {
        File,
        Folder,
        Glob,
    }
}
