using System.IO.Compression;
using System.Reflection.Metadata;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace Packaging.Tests;

/// <summary>What is in the packages, and what they ask for.</summary>
[Collection(nameof(PackedFixture))]
public sealed class PackageContentTests(PackedFixture packed)
{
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    public static TheoryData<string> Libraries => [.. PackedFixture.Libraries];

    public static TheoryData<string> Packages =>
        [.. PackedFixture.Libraries, PackedFixture.Tool, "SignalCam.CommandLine", "SignalCam.Templates"];

    [SkippableTheory]
    [MemberData(nameof(Packages))]
    public void A_package_says_what_it_is(string id)
    {
        packed.SkipWithoutPackages();
        var said = packed.Describe(id);
        Assert.Equal("MIT", said.Element("license")!.Value);
        Assert.True(said.Element("description")!.Value.Length > 40);
        Assert.Contains("ecg", said.Element("tags")!.Value, StringComparison.Ordinal);
        using var package = packed.Open(id);
        foreach (var file in new[] { said.Element("readme")!.Value, said.Element("icon")!.Value })
            Assert.True(package.GetEntry(file)!.Length > 300, file);
        // A local path, or a host that only this network knows, is of no use to whoever installs it.
        if (said.Element("repository")?.Attribute("url")?.Value is { } url)
            Assert.StartsWith("https://", url, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void All_packages_carry_one_version_and_ask_for_it()
    {
        packed.SkipWithoutPackages();
        Assert.StartsWith(VersionJson() + ".", packed.Version, StringComparison.Ordinal);
        Assert.Matches(@"^\d+\.\d+\.\d+(-g[0-9a-f]+)?$", packed.Version);
        foreach (var id in PackedFixture.Libraries.Append(PackedFixture.Tool))
        {
            Assert.Equal(packed.Version, packed.Describe(id).Element("version")!.Value);
            Assert.All(packed.Dependencies(id).Where(d => d.Key.StartsWith("SignalCam.", StringComparison.Ordinal)),
                d => Assert.Equal(packed.Version, d.Value));
        }
        string[] direct =
        [
            "SignalCam.Core>SignalCam.Abstractions", "SignalCam.Formats>SignalCam.Core", "SignalCam.Reporting>SignalCam.Core",
            "SignalCam.Imaging>SignalCam.Reporting", "SignalCam.Torch>SignalCam.Core", "SignalCam.Sdk>SignalCam.Formats",
            "SignalCam.Sdk>SignalCam.Reporting", "SignalCam.Sdk>SignalCam.Torch", "SignalCam.Distributed>SignalCam.Sdk",
            "SignalCam.Viewer>SignalCam.Sdk",
        ];
        Assert.Equal(direct, PackedFixture.Libraries.SelectMany(
            id => packed.Dependencies(id).Keys.Where(d => d.StartsWith("SignalCam.", StringComparison.Ordinal)).Select(d => $"{id}>{d}")));
    }

    [SkippableFact]
    public void No_library_brings_or_asks_for_a_native_torch()
    {
        packed.SkipWithoutPackages();
        foreach (var id in PackedFixture.Libraries)
        {
            using var package = packed.Open(id);
            Assert.DoesNotContain(package.Entries,
                e => e.FullName.Contains("native/", StringComparison.Ordinal) || e.Name.EndsWith(".so", StringComparison.Ordinal));
            var torch = packed.Dependencies(id)
                .Where(d => d.Key.Contains("torch", StringComparison.OrdinalIgnoreCase)
                    && !d.Key.StartsWith("SignalCam.", StringComparison.Ordinal));
            Assert.Equal(id == "SignalCam.Torch" ? [new("TorchSharp", "[0.106.0, 0.108.0)")] : [], torch);
        }
    }

    [SkippableFact]
    public void The_tool_names_the_licence_of_every_library_in_it_and_holds_no_libtorch()
    {
        packed.SkipWithoutPackages();
        using var package = packed.Open(PackedFixture.Tool);
        using var reader = new StreamReader(package.GetEntry("THIRD-PARTY-NOTICES.txt")!.Open());
        // A row has three columns: name (a * stands for the rest), licence, copyright.
        var named = reader.ReadToEnd().Split('\n')
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(row => row.Length == 3).Select(row => row[0].TrimEnd('*')).ToArray();
        var bundled = package.Entries.Select(e => e.Name).Where(name => name.EndsWith(".dll", StringComparison.Ordinal)
            && !name.StartsWith("SignalCam.", StringComparison.Ordinal) && !name.StartsWith("signalcam", StringComparison.Ordinal)
            && !name.StartsWith("lib", StringComparison.Ordinal) && !name.StartsWith("LibTorchSharp", StringComparison.Ordinal));
        Assert.All(bundled, dll => Assert.Contains(named, name => dll.StartsWith(name, StringComparison.Ordinal)));
        Assert.DoesNotContain(package.Entries, e => e.Name.Contains("torch_cpu", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void The_pretrained_weights_come_with_their_cards()
    {
        packed.SkipWithoutPackages();
        using var package = packed.Open("SignalCam.Sdk");
        var cards = package.Entries.Where(e => e.FullName.StartsWith("models/", StringComparison.Ordinal)).Select(e => e.Name);
        Assert.Equal(PretrainedModels.All.Select(m => m.Name + ".md").Order(StringComparer.Ordinal), cards.Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [MemberData(nameof(Libraries))]
    public void A_library_comes_with_its_documentation_and_its_sources(string id)
    {
        packed.SkipWithoutPackages();
        using var package = packed.Open(id);
        Assert.NotNull(package.GetEntry($"lib/net10.0/{id}.xml"));
        using var symbols = packed.Open(id, "snupkg");
        using var pdb = new MemoryStream();
        using (var stream = symbols.GetEntry($"lib/net10.0/{id}.pdb")!.Open())
            stream.CopyTo(pdb);
        pdb.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(pdb);
        var reader = provider.GetMetadataReader();
        foreach (var document in reader.Documents)
        {
            var path = reader.GetString(reader.GetDocument(document).Name);
            Assert.StartsWith("/_", path, StringComparison.Ordinal);
            Assert.Contains(reader.GetCustomDebugInformation(document),
                info => reader.GetGuid(reader.GetCustomDebugInformation(info).Kind) == s_embeddedSource);
        }
        Assert.True(reader.Documents.Count > 2);
    }

    private static string VersionJson()
    {
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Root, "version.json")));
        return json.RootElement.GetProperty("version").GetString()!;
    }
}
