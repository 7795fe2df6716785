using System.Text.RegularExpressions;
using SignalCam.Testing;

namespace Packaging.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public async Task A_public_member_under_src_without_a_docstring_does_not_compile()
    {
        using var folder = TestData.Folder();
        foreach (var file in new[]
        {
            "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "version.json", "nuget.config",
        }
            .Concat(Directory.GetFiles(Path.Combine(TestData.Root, "build", "native")).Select(f => Path.GetRelativePath(TestData.Root, f))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
            File.Copy(Path.Combine(TestData.Root, file), folder[file]);
        }
        Directory.CreateDirectory(folder["src/Probe"]);
        File.WriteAllText(folder["src/Probe/Probe.csproj"], """<Project Sdk="Microsoft.NET.Sdk" />""");
        File.WriteAllText(folder["src/Probe/Probe.cs"], """
            namespace Probe;

            /// <summary>Said.</summary>
            public static class Documented
            {
                /// <summary>Said.</summary>
                public const int Said = 1;

                public const int Unsaid = 2;
            }
            """);
        var build = await Command.RunAsync(folder["src/Probe"], TimeSpan.FromMinutes(5), new Dictionary<string, string>(), Command.Dotnet,
            "build", "-nologo", "-v", "quiet", "-p:RunAnalyzers=false");
        Assert.NotEqual(0, build.ExitCode);
        var errors = Regex.Matches(build.Text, @"error (\w+): (.*?) \[").Select(m => $"{m.Groups[1].Value} {m.Groups[2].Value}").Distinct();
        Assert.Equal(["CS1591 Missing XML comment for publicly visible type or member 'Documented.Unsaid'"], errors);
    }
}
