using SignalCam.Abstractions;

namespace SignalCam.Core.Files;

/// <summary>
/// The files of a folder and of those below it. Links to folders are followed wherever they lead, and every folder is walked once: a link
/// into a part that comes anyway is left out, so that loops end.
/// </summary>
internal static class FolderWalk
{
    /// <summary>
    /// Folder by folder, each in the order of the names, so that only the names of one are in memory and the order is always the same.
    /// </summary>
    /// <param name="root">The folder.</param>
    /// <param name="pattern">Which files, as "*.hea".</param>
    /// <param name="recursive">Whether the folders below it count.</param>
    /// <returns>Paths from the folder on, with '/'.</returns>
    /// <exception cref="EcgFormatException">A folder is missing or may not be read.</exception>
    public static IEnumerable<string> Files(string root, string pattern, bool recursive = true)
    {
        var walk = new Walk(root, pattern, recursive, RealOf(root));
        return walk.Files("", walk.Root);
    }

    private static string RealOf(string folder) => Guarded(folder, () => RealPath.Of(folder));

    private static T Guarded<T>(string folder, Func<T> look)
    {
        try
        {
            return look();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            var (found, expected) = FileErrors.Describe(e, "a folder");
            throw new EcgFormatException(folder, null, found, expected, e);
        }
    }

    private sealed class Walk(string root, string pattern, bool recursive, string realRoot)
    {
        // Folders that links led to.
        private readonly HashSet<string> _linked = new(StringComparer.Ordinal);

        public string Root => realRoot;

        public IEnumerable<string> Files(string below, string real)
        {
            var here = new DirectoryInfo(Path.Combine(root, below));
            foreach (var file in Guarded(
                here.FullName, () => here.EnumerateFiles(pattern).Select(f => f.Name).Order(StringComparer.Ordinal).ToList()))
                yield return below + file;
            if (!recursive)
                yield break;
            foreach (var (name, isLink) in Guarded(here.FullName, () => here.EnumerateDirectories()
                .Select(d => (d.Name, IsLink: d.LinkTarget is not null)).OrderBy(d => d.Name, StringComparer.Ordinal).ToList()))
                if (Enter(Path.Combine(here.FullName, name), Path.Combine(real, name), isLink) is { } target)
                    foreach (var file in Files(below + name + "/", target))
                        yield return file;
        }

        /// <summary>The folder without links; null where it is walked elsewhere.</summary>
        private string? Enter(string path, string real, bool isLink)
        {
            if (!isLink)
                return real == realRoot || _linked.Contains(real) ? null : real;
            var target = RealOf(path);
            return RealPath.IsWithin(realRoot, target) || _linked.Any(other => RealPath.IsWithin(other, target))
                || !_linked.Add(target) ? null : target;
        }
    }
}
