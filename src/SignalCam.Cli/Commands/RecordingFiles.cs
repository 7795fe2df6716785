using SignalCam.Abstractions;
using SignalCam.Core.Files;
using SignalCam.Formats;

namespace SignalCam.Cli.Commands;

/// <summary>
/// Turns what a person names on the command line into files: a folder into the recordings in it, a glob into those that match.
/// </summary>
internal static class RecordingFiles
{
    /// <summary>The files in the order of their arguments, those of a folder or glob sorted by name, none twice.</summary>
    /// <exception cref="UsageException">A folder holds no recording, or nothing matches a glob.</exception>
    public static IReadOnlyList<string> Expand(IEnumerable<string> arguments, EcgFileReader reader)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
            foreach (var file in ExpandOne(argument, reader))
                if (seen.Add(Path.GetFullPath(file)))
                    files.Add(file);
        return files;
    }

    private static List<string> ExpandOne(string argument, EcgFileReader reader)
    {
        // A file or a WFDB record of this name comes first: names may have brackets and stars.
        if (File.Exists(argument) || File.Exists(argument + ".hea"))
            return [argument];
        if (Directory.Exists(argument))
        {
            var found = WithoutParts([.. FolderWalk.Files(argument, "*").Select(f => Path.Combine(argument, f)).Where(path => IsRecording(path, reader))]);
            return found.Count > 0 ? found : throw new UsageException($"{argument}: no recording in this folder");
        }
        if (argument.AsSpan().IndexOfAny('*', '?') < 0)
            return [argument];
        var folder = Path.GetDirectoryName(argument) is { Length: > 0 } named ? named : ".";
        if (folder.AsSpan().IndexOfAny('*', '?') >= 0)
            throw new UsageException($"{argument}: a glob has its stars in the file name, not in the folder");
        var matching = Directory.Exists(folder) ? WithoutParts([.. Directory.EnumerateFiles(folder, Path.GetFileName(argument))]) : [];
        return matching.Count > 0 ? [.. matching.Select(f => folder == "." ? Path.GetFileName(f) : f)]
            : throw new UsageException($"{argument}: no file matches");
    }

    /// <summary>
    /// A folder holds other files as well; they are no failures. What cannot be opened (a pipe, an empty file) is none of its recordings
    /// either.
    /// </summary>
    private static bool IsRecording(string path, EcgFileReader reader)
    {
        try
        {
            return reader.Find(path) is not null;
        }
        catch (EcgFormatException)
        {
            return false;
        }
    }

    /// <summary>Sorted, and without the signal files of a WFDB record whose header is there as well.</summary>
    private static List<string> WithoutParts(IReadOnlyList<string> files)
    {
        var headers = files.Where(f => f.EndsWith(".hea", StringComparison.OrdinalIgnoreCase)).Select(WithoutExtension)
            .ToHashSet(StringComparer.Ordinal);
        return [.. files
            .Where(f => f.EndsWith(".hea", StringComparison.OrdinalIgnoreCase) || !headers.Contains(WithoutExtension(f)) || !IsPart(f))
            .Order(StringComparer.Ordinal)];
    }

    private static bool IsPart(string file) => Path.GetExtension(file).ToLowerInvariant() is ".dat" or ".mat";

    private static string WithoutExtension(string file) => file[..^Path.GetExtension(file).Length];
}
