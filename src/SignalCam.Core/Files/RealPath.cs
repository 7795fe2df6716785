namespace SignalCam.Core.Files;

/// <summary>Where a path leads when every symbolic link on the way is followed.</summary>
internal static class RealPath
{
    // As Linux has it.
    private const int MostLinks = 40;

    /// <summary>The path without links. Parts that are not there stay as they are.</summary>
    /// <exception cref="IOException">The links lead round in a circle.</exception>
    public static string Of(string path)
    {
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var left = new Stack<string>();
        Push(left, full[real.Length..]);
        var links = 0;
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            var next = Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MostLinks)
                throw new FileRefusedException(path, "links that lead round in a circle", $"at most {MostLinks} links");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            Push(left, target[(Path.GetPathRoot(target) ?? "").Length..]);
        }
        return real;
    }

    /// <summary>Whether a path without links is a folder or below it.</summary>
    public static bool IsWithin(string folder, string path) =>
        path == folder
        || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static void Push(Stack<string> parts, string path)
    {
        var names = path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        for (var i = names.Length - 1; i >= 0; i--)
            if (names[i] != ".")
                parts.Push(names[i]);
    }
}
