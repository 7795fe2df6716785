using System.Text.RegularExpressions;
using SignalCam.Testing;

namespace Packaging.Tests;

/// <summary>The documentation as a site.</summary>
public sealed partial class SiteTests
{
    [SkippableFact]
    public async Task The_site_and_its_API_reference_build_without_a_warning()
    {
        Skip.If(OperatingSystem.IsWindows(), "build/docs.sh needs a Unix shell");
        var none = new Dictionary<string, string>();
        var tools = await Command.RunAsync(TestData.Root, TimeSpan.FromMinutes(3), none, Command.Dotnet, "tool", "restore");
        Skip.If(tools.ExitCode != 0, "docfx cannot be fetched from the NuGet feed");
        var site = await Command.RunAsync(TestData.Root, TimeSpan.FromMinutes(15), none, Path.Combine(TestData.Root, "build/docs.sh"));
        Assert.True(site.ExitCode == 0, site.Text);
        var pages = Path.Combine(TestData.Root, "artifacts", "docs", "site");
        Assert.Contains("SignalCam SDK", File.ReadAllText(Path.Combine(pages, "index.html")), StringComparison.Ordinal);
        Assert.Contains("AddSignalCam", File.ReadAllText(
            Path.Combine(pages, "api", "Microsoft.Extensions.DependencyInjection.SignalCamServiceCollectionExtensions.html")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_page_is_in_the_contents()
    {
        var docs = Path.Combine(TestData.Root, "docs");
        var listed = Link().Matches(File.ReadAllText(Path.Combine(docs, "toc.yml"))).Select(m => m.Groups[1].Value)
            .ToHashSet(StringComparer.Ordinal);
        var pages = Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(docs, f).Replace('\\', '/'));
        // The index is the site's own first page, and decisions have one of theirs.
        Assert.Equal(
            pages.Where(p => p != "README.md" && (!p.StartsWith("decisions/", StringComparison.Ordinal)
                || p.EndsWith("README.md", StringComparison.Ordinal))).Order(), listed.Order());
    }

    [GeneratedRegex(@"href: ([\w/-]+\.md)")]
    private static partial Regex Link();
}
