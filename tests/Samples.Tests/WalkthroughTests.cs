using System.Xml.Linq;
using SignalCam.Testing;

namespace Samples.Tests;

public sealed class WalkthroughTests
{
    [Fact]
    public async Task It_runs_from_the_first_cell_to_the_last()
    {
        using var folder = TestData.Folder();
        var run = (await Sample.StartFile("walkthrough.cs", "--out", folder.Path, "--records", "120", "--epochs", "2").EndAsync())
            .Succeeded();

        Assert.Equal(Enumerable.Range(1, 10),
            run.Lines.Where(line => char.IsAsciiDigit(line[0])).Select(line => int.Parse(line.Split('.')[0])));
        Assert.Equal(2, run.Lines.Count(line => line.StartsWith("   epoch ", StringComparison.Ordinal)));
        // 12,000 of 5,736,064 multiply-adds.
        Assert.Contains(run.Lines, line => line.EndsWith("the map adds 0.21 %.", StringComparison.Ordinal));

        var told = run.Lines.Select(line => line.Trim().Split(": ")[0])
            .Where(name => name.EndsWith(".svg", StringComparison.Ordinal)).ToArray();
        Assert.Equal(told.Order(), Directory.GetFiles(folder.Path, "*.svg").Select(Path.GetFileName).Order());
        Assert.Equal([2, 1, 4, 7, 1, 2, 3, 4, 1], told.GroupBy(name => name[..2]).Select(cell => cell.Count()));
        Assert.All(told, name => Assert.NotEmpty(Sample.TextOf(folder[name])));
        Assert.Equal(told.Length, XDocument.Load(folder["report.html"]).Descendants("figure").Count());
    }

    [Theory]
    [InlineData("README.md", "dotnet run samples/walkthrough.cs")]
    [InlineData("HostApp/README.md", "dotnet run --project samples/HostApp")]
    [InlineData("ClassifyFile/README.md", "dotnet publish samples/ClassifyFile")]
    [InlineData("CustomArchitecture/README.md", "dotnet run --project samples/CustomArchitecture")]
    [InlineData("MulticlassExtension/README.md", "dotnet run --project samples/MulticlassExtension")]
    public void Every_sample_says_how_to_run_it(string page, string command)
    {
        Assert.Contains(command, File.ReadAllText(Path.Combine(TestData.Root, "samples", page)), StringComparison.Ordinal);
        Assert.True(Path.Exists(Path.Combine(TestData.Root, command.Split(' ')[^1])));
    }
}
