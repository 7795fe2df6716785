using SignalCam.Core.Files;

namespace SignalCam.Cli;

/// <summary>Files that a command writes.</summary>
internal static class OutputFile
{
    private const int LongestName = 200;

    /// <summary>Creates the folder of an output file, so that a bad path is reported before the work starts.</summary>
    /// <exception cref="IOException">Something other than a regular file exists there, or the folder cannot be created.</exception>
    public static void Prepare(string path)
    {
        RegularFile.RequireWritable(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            Directory.CreateDirectory(folder);
    }

    /// <summary>The name, or, if another file has it, the name with the first free number appended: "rec-2".</summary>
    public static string Distinct(string name, HashSet<string> taken)
    {
        var distinct = name;
        for (var n = 2; !taken.Add(distinct); n++)
            distinct = FormattableString.Invariant($"{name}-{n}");
        return distinct;
    }

    /// <summary>A file's name that tells of an id, whatever the id holds: it cannot lead out of the folder that it is written to.</summary>
    public static string NameOf(string id)
    {
        var name = string.Concat(id.Select(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ' ? c : '_')).Trim(' ', '.');
        return name.Length switch
        {
            0 => "_",
            > LongestName => name[..LongestName],
            _ => name,
        };
    }
}
