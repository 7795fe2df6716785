using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace Samples.Tests;

public sealed partial class ClassifyFileTests
{
    // Names of .NET's switches. A processor that lacks what is switched off runs the same code twice.
    private static readonly Dictionary<string, string>[] s_processors =
    [
        [],
        new() { ["DOTNET_EnableAVX512"] = "0", ["DOTNET_EnableAVX512F"] = "0" },
        new() { ["DOTNET_EnableAVX2"] = "0" },
    ];

    [Fact]
    public async Task It_says_what_a_host_says_whatever_vectors_the_processor_has()
    {
        using var folder = TestData.Folder();
        var recording = Write(folder);
        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var expected = services.GetRequiredService<IEcgClassifier>()
            .Classify(recording, new ClassifyOptions { Explain = true })["abnormal"];

        var maps = new List<float[]>();
        var widths = new List<string>();
        foreach (var processor in s_processors)
        {
            var run =
                (await Sample.Start("ClassifyFile", processor,
                    [folder["one"], "--map", folder["map.csv"], "--picture", folder["picture.svg"]]).EndAsync()).Succeeded();
            AssertIs(expected, run);
            widths.Add(Vectors().Match(run.Errors).Value);
            maps.Add([.. File.ReadLines(folder["map.csv"]).Select(line => float.Parse(line, CultureInfo.InvariantCulture))]);
            Assert.Contains("abnormal", Sample.TextOf(folder["picture.svg"]), StringComparison.Ordinal);
        }

        Assert.Equal("128", widths[^1]);
        Assert.Equal(recording.Length, maps[0].Length);
        Assert.Equal(0, maps[0].Zip(expected.HeatMap!.Samples, (a, b) => Math.Abs(a - b)).Max(), 1e-4);
        // Sums in another order differ by rounding, which grows with the values: four layers of up to 448 products each round by about
        // the root of their number, 42, times half the last bit, 6e-8.
        var largest = maps[0].Max(Math.Abs);
        foreach (var map in maps)
            Assert.Equal(0, maps[0].Zip(map, (a, b) => Math.Abs(a - b)).Max(), 2 * 42 * 6e-8 * largest);
    }

    [SkippableTheory]
    [InlineData("one trimmed file")]
    [InlineData("a native program", "-p:PublishAot=true")]
    public async Task Published_it_is_one_file_that_needs_neither_dotnet_nor_libtorch(string what, params string[] properties)
    {
        _ = what;
        using var folder = TestData.Folder();
        var recording = Write(folder);
        var publishing = await Sample.StartPublishing("ClassifyFile", folder["published"], properties).EndAsync(Sample.BuildPatience);
        Skip.If(publishing.Output.Contains("error NU1101", StringComparison.Ordinal)
            || publishing.Output.Contains("error NU1102", StringComparison.Ordinal),
            "the NuGet feed lacks .NET's runtime or compiler for this machine, which a self-contained program is made of");
        Skip.If(publishing.Output.Contains("Platform linker", StringComparison.Ordinal),
            "neither clang nor gcc is here, of which a native program's linker is one");
        publishing.Succeeded();

        var program = Assert.Single(Directory.GetFiles(folder["published"], "*", SearchOption.AllDirectories));
        Assert.InRange(new FileInfo(program).Length, 1 << 20, 40 << 20);
        var run = (await Sample.StartProgram(program, folder["one"]).EndAsync()).Succeeded();

        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        AssertIs(
            services.GetRequiredService<IEcgClassifier>().Classify(recording, new ClassifyOptions { Explain = true })["abnormal"], run);
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_without_a_stack_trace()
    {
        using var folder = TestData.Folder();
        var run = await Sample.Start("ClassifyFile", folder["nothing"]).EndAsync();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nothing.hea: found no such file", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await Sample.Start("ClassifyFile", folder["nothing"], "--modle", "x").EndAsync()).ExitCode);
    }

    private static EcgSignal Write(TemporaryFolder folder)
    {
        var recording = SyntheticEcg.Generate(new SyntheticOptions { Seconds = 10 }, new EcgRandom(5)).Signal;
        WfdbWriter.Write(folder.Path, "one", recording);
        return WfdbReader.ReadSignal(folder["one"]);
    }

    private static void AssertIs(ClassScore expected, SampleRun run)
    {
        var line = Assert.Single(run.Lines);
        Assert.StartsWith("abnormal: probability ", line, StringComparison.Ordinal);
        Assert.Equal(expected.Probability, double.Parse(line.Split(' ')[2].TrimEnd(','), CultureInfo.InvariantCulture), 1e-4);
        Assert.Contains(expected.Decision == ClassDecision.Present ? ", called present;" : ", not called present;",
            line, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?<=vectors of )[0-9]+(?= bits)")]
    private static partial Regex Vectors();
}
