using System.Text.RegularExpressions;
using SignalCam.Testing;

namespace ThirdParty.Tests.Docs;

/// <summary>A page of the documentation and what stands in its blocks.</summary>
internal sealed partial class Page
{
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        .. Directory.GetFiles(Path.Combine(TestData.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(TestData.Root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Order(StringComparer.Ordinal),
    ];

    private Page(string path)
    {
        Folder = Path.GetDirectoryName(Path.Combine(TestData.Root, path))!;
        Text = File.ReadAllText(Path.Combine(TestData.Root, path)).ReplaceLineEndings("\n");
    }

    public string Folder { get; }

    public string Text { get; }

    public static Page Read(string path) => new(path);

    /// <summary>The texts of the blocks of a language.</summary>
    public string[] Blocks(string language) =>
        [.. BlockPattern().Matches(Text).Where(m => m.Groups[1].Value == language).Select(m => m.Groups[2].Value)];

    /// <summary>Where the links lead that are not to the web, without what follows a #.</summary>
    public string[] Links() => [.. LinkPattern().Matches(Text).Select(m => m.Groups[1].Value)];

    /// <summary>The tables' rows as their cells, without code marks; heads and rules left out.</summary>
    public string[][] Rows() => [.. Text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray())];

    [GeneratedRegex("^```([a-z]*)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"\]\((?!http)([^)#]+)(#[^)]*)?\)")]
    private static partial Regex LinkPattern();
}
