using System.Text.Json;
using System.Text.RegularExpressions;
using SignalCam.Testing;

namespace ThirdParty.Tests.Docs;

/// <summary>What holds for every page: its code is compiled, its links lead somewhere, its commands are there.</summary>
public sealed partial class PagesTests
{
    // Everything that is compiled; a block of code is a run of these lines, below using directives of the same file.
    private static readonly Lazy<string[]> s_sources = new(() =>
    [
        .. new[] { "src", "tests", "samples", "templates" }.Select(folder => Path.Combine(TestData.Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(file => Bare(File.ReadAllText(file))),
    ]);

    public static TheoryData<string> Pages => [.. Page.All];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_code_is_compiled(string page) => Assert.All(
        Page.Read(page).Blocks("csharp"),
        block =>
        {
            string[] parts = [.. UsingPattern().Matches(block).Select(m => Bare(m.Value)), Bare(UsingPattern().Replace(block, ""))];
            Assert.True(s_sources.Value.Any(source => parts.All(part => source.Contains(part, StringComparison.Ordinal))),
                $"no source file has this block of {page}:\n{block}");
        });

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_JSON_can_be_read(string page) =>
        Assert.All(Page.Read(page).Blocks("json"), block => JsonDocument.Parse(block).Dispose());

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_links_lead_to_files_that_are_there(string page) => Assert.All(
        Page.Read(page).Links(), link => Assert.True(Path.Exists(Path.Combine(Page.Read(page).Folder, link)), $"{page}: {link}"));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Its_commands_and_their_options_are_there(string page)
    {
        var tool =
            string.Concat(Directory.EnumerateFiles(Path.Combine(TestData.Root, "src", "SignalCam.Cli"), "*.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText));
        foreach (var line in Page.Read(page).Blocks("sh").SelectMany(block => block.Split('\n'))
            .Where(line => line.StartsWith("build/signalcam.sh ", StringComparison.Ordinal)))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[1] == "view")
            {
                // The script itself starts the viewer; what follows are settings of ASP.NET Core's.
                Assert.Contains("= view ]",
                    File.ReadAllText(Path.Combine(TestData.Root, "build", "signalcam.sh")), StringComparison.Ordinal);
                continue;
            }
            Assert.Matches($"new Command\\(\\s*\"{words[1]}\"", tool);
            Assert.All(words.Where(w => w.StartsWith("--", StringComparison.Ordinal)),
                option => Assert.Contains($"\"{option}\"", tool, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        var index = Page.Read("docs/README.md");
        var linked = index.Links().Select(link => Path.GetFullPath(Path.Combine(index.Folder, link))).ToHashSet();
        var pages =
            Page.All.Where(p => p != "README.md" && p != "docs/README.md" && !p.StartsWith("docs/decisions/", StringComparison.Ordinal));
        Assert.All(pages, page => Assert.Contains(Path.GetFullPath(Path.Combine(TestData.Root, page)), linked));
    }

    // Whatever the line breaks, the indentation and the namespace; without doc comments, which pages say in words.
    private static string Bare(string code) => string.Concat(string.Concat(code.Split('\n').Select(line => line.Trim())
        .Where(line => !line.StartsWith("namespace ", StringComparison.Ordinal) && !line.StartsWith("///", StringComparison.Ordinal)))
        .Where(character => !char.IsWhiteSpace(character)));

    [GeneratedRegex(@"^using [A-Z][\w.]*;$", RegexOptions.Multiline)]
    private static partial Regex UsingPattern();
}
