using System.Reflection;
using System.Text.RegularExpressions;

namespace Architecture.Tests;

/// <summary>Why a type is public.</summary>
public sealed partial class PublicTypesTests
{
    private static readonly Lazy<HashSet<string>> s_words = new(() =>
        [.. Sources().SelectMany(file => Word().Matches(File.ReadAllText(file)).Select(match => match.Value))]);

    public static TheoryData<string> All => [.. Rooms.Below.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void A_type_is_public_because_a_page_a_sample_or_an_outsiders_test_names_it(string room)
    {
        var unnamed = Assembly.Load(room).GetExportedTypes().Select(type => type.Name.Split('`')[0])
            .Where(name => !s_words.Value.Contains(name));
        Assert.Empty(unnamed);
    }

    [Fact]
    public void What_is_said_of_decisions_and_changes_is_no_reason()
    {
        Assert.Contains("IEcgClassifier", s_words.Value);
        Assert.Contains("ISignalCamBuilder", s_words.Value);
        // Named by docs/decisions alone.
        Assert.DoesNotContain("ManagedComponents", s_words.Value);
    }

    private static IEnumerable<string> Sources()
    {
        var decisions = Path.Combine(TestData.Root, "docs", "decisions");
        return Files("docs", "*.md").Where(file => !file.StartsWith(decisions, StringComparison.Ordinal))
            .Concat(Files("samples", "*.cs"))
            .Concat(Files(Path.Combine("tests", "ThirdParty.Tests"), "*.cs"))
            .Concat(Files("src", "README.md"))
            .Append(Path.Combine(TestData.Root, "README.md"));
    }

    private static string[] Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(TestData.Root, folder), pattern, SearchOption.AllDirectories);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
