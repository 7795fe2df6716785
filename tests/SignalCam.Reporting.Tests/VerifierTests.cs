using SignalCam.Testing;
using static VerifyXunit.Verifier;

namespace SignalCam.Reporting.Tests;

/// <summary>What the repository's snapshot tests rely on, whichever Verify there is.</summary>
public class VerifierTests
{
    [Fact]
    public async Task Without_an_accepted_file_a_test_fails_and_writes_what_it_received()
    {
        using var folder = TestData.Folder();

        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await Verify("one\ntwo", sourceFile: Source(folder)));

        Assert.Contains(".verified.txt", error.Message, StringComparison.Ordinal);
        Assert.Equal("one\ntwo", await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder.Path))));
        Assert.EndsWith(".received.txt", Assert.Single(Directory.GetFiles(folder.Path)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_difference_fails_and_leaves_the_accepted_file_as_it_is()
    {
        using var folder = TestData.Folder();
        var accepted = Accepted(folder, nameof(A_difference_fails_and_leaves_the_accepted_file_as_it_is));
        await File.WriteAllTextAsync(accepted, "one\ntwo");

        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await Verify("one\nthree", sourceFile: Source(folder)));

        Assert.Contains("three", error.Message, StringComparison.Ordinal);
        Assert.Equal("one\ntwo", await File.ReadAllTextAsync(accepted));
        Assert.Equal("one\nthree", await File.ReadAllTextAsync(accepted.Replace("verified", "received", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_same_text_passes_whatever_its_line_endings_and_removes_what_was_received_before()
    {
        using var folder = TestData.Folder();
        var accepted = Accepted(folder, nameof(The_same_text_passes_whatever_its_line_endings_and_removes_what_was_received_before));
        var received = accepted.Replace("verified", "received", StringComparison.Ordinal);
        await File.WriteAllTextAsync(accepted, "\uFEFFone\r\ntwo");
        await File.WriteAllTextAsync(received, "of an earlier run");

        await Verify("one\ntwo", sourceFile: Source(folder));

        Assert.False(File.Exists(received));
    }

    [Fact]
    public async Task Objects_are_compared_as_JSON_without_quotes()
    {
        await Verify(new { Name = "MI", Threshold = 0.5, Missing = (string?)null, Cells = new[] { 1, 2 } });
    }

    private static string Accepted(TemporaryFolder folder, string test) => folder[$"{nameof(VerifierTests)}.{test}.verified.txt"];

    private static string Source(TemporaryFolder folder) => folder[$"{nameof(VerifierTests)}.cs"];
}
