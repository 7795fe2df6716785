using System.Reflection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace SignalCam.Viewer;

/// <summary>The pages under wwwroot, which are resources of this assembly.</summary>
internal sealed class EmbeddedPages : IFileProvider
{
    private const string Folder = "wwwroot/";

    private static readonly Assembly s_assembly = typeof(EmbeddedPages).Assembly;

    // Browsers ask whether a page is still the one they have; a host that is started again may be another version.
    private static readonly DateTimeOffset s_loaded = DateTimeOffset.UtcNow;

    // Resource names keep the path separator of the system that built the assembly.
    private readonly Dictionary<string, Page> _pages = s_assembly.GetManifestResourceNames()
        .Select(name => new Page(name, name.Replace('\\', '/')))
        .Where(page => page.Path.StartsWith(Folder, StringComparison.Ordinal))
        .ToDictionary(page => page.Path[Folder.Length..], StringComparer.Ordinal);

    public IFileInfo GetFileInfo(string subpath) =>
        _pages.TryGetValue(subpath.TrimStart('/'), out var page) ? page : new NotFoundFileInfo(subpath);

    /// <summary>The root, which is all that is ever asked for: only it has an index.html.</summary>
    public IDirectoryContents GetDirectoryContents(string subpath) =>
        subpath.Trim('/').Length == 0 ? new Root(_pages.Values) : NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    public static Stream Open(string resource) =>
        s_assembly.GetManifestResourceStream(resource)
        ?? throw new FileNotFoundException($"{s_assembly.GetName().Name} has no resource '{resource}'");

    private sealed class Page(string resource, string path) : IFileInfo
    {
        private readonly Lazy<long> _length = new(() =>
        {
            using var stream = Open(resource);
            return stream.Length;
        });

        public string Path => path;

        public bool Exists => true;

        public long Length => _length.Value;

        public string? PhysicalPath => null;

        public string Name => System.IO.Path.GetFileName(path);

        public DateTimeOffset LastModified => s_loaded;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => Open(resource);
    }

    private sealed class Root(IEnumerable<IFileInfo> pages) : IDirectoryContents
    {
        public bool Exists => true;

        public IEnumerator<IFileInfo> GetEnumerator() => pages.GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
