using System.IO.Compression;
using System.Xml.Linq;
using SignalCam.Testing;

namespace Packaging.Tests;

/// <summary>The packages as build/pack.sh makes them, in a folder that lies outside the repository and goes away with the tests.</summary>
[CollectionDefinition(nameof(PackedFixture))]
public sealed class PackedFixture : IAsyncLifetime, ICollectionFixture<PackedFixture>
{
    /// <summary>The packages that a library's users see.</summary>
    public static readonly string[] Libraries =
    [
        "SignalCam.Abstractions", "SignalCam.Core", "SignalCam.Formats", "SignalCam.Reporting", "SignalCam.Imaging", "SignalCam.Torch",
        "SignalCam.Sdk", "SignalCam.Distributed", "SignalCam.Viewer",
    ];

    public const string Tool = "SignalCam.Cli";

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private readonly TemporaryFolder _folder = TestData.Folder("packed");
    private string? _obstacle;

    internal string Root => _folder.Path;

    internal string Feed => _folder["feed"];

    internal string Version { get; private set; } = "";

    public async Task InitializeAsync()
    {
        if (OperatingSystem.IsWindows())
            _obstacle = "build/pack.sh needs a Unix shell";
        if (_obstacle is not null)
            return;

        var packing = await Command.RunAsync(
            TestData.Root, s_limit, new Dictionary<string, string>(), Path.Combine(TestData.Root, "build/pack.sh"), "--out", Feed);
        if (packing.ExitCode != 0 && packing.Text.Contains("NU1301", StringComparison.Ordinal))
            _obstacle = "the NuGet feed cannot be reached";
        else
            Assert.True(packing.ExitCode == 0, packing.Text);
        if (_obstacle is null)
            Version = Describe("SignalCam.Sdk").Element("version")!.Value;
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    internal void SkipWithoutPackages() => Skip.If(_obstacle is not null, $"nothing can be packed here: {_obstacle}");

    /// <summary>The package's file, whatever its version.</summary>
    internal string PathOf(string id, string extension = "nupkg") => Assert.Single(Directory.GetFiles(Feed, $"{id}.*.{extension}"));

    internal ZipArchive Open(string id, string extension = "nupkg") => ZipFile.OpenRead(PathOf(id, extension));

    /// <summary>What the package says of itself.</summary>
    internal XElement Describe(string id) => Metadata(Nuspec(id));

    /// <summary>Dependencies, with their versions.</summary>
    internal Dictionary<string, string> Dependencies(string id) =>
        Describe(id).Descendants("dependency").ToDictionary(d => d.Attribute("id")!.Value, d => d.Attribute("version")!.Value);

    private XDocument Nuspec(string id)
    {
        using var package = Open(id);
        using var stream = package.Entries.Single(e => e.FullName.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(stream);
    }

    private static XElement Metadata(XDocument nuspec)
    {
        foreach (var element in nuspec.Descendants())
            element.Name = element.Name.LocalName;
        return nuspec.Root!.Element("metadata")!;
    }
}
