using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace Packaging.Tests;

/// <summary>
/// A program that has the SDK's package and no libtorch: it classifies and explains, and never asks for a native library of torch.
/// </summary>
[Collection(nameof(PackedFixture))]
public sealed class NoLibtorchTests(PackedFixture packed)
{
    private const int MostLines = 6;
    private const double MostMegabytes = 120;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public async Task It_classifies_and_explains_in_six_lines_and_loads_nothing_of_torch()
    {
        packed.SkipWithoutPackages();
        Skip.IfNot(OperatingSystem.IsLinux(), "the loaded libraries are read from /proc");
        var folder = Directory.CreateDirectory(Path.Combine(packed.Root, "without-libtorch")).FullName;
        var program = await File.ReadAllTextAsync(Path.Combine(TestData.Root, "tests", "StartUp", "Program.cs"));
        var lines = program.Split('\n').SkipWhile(line => !line.Contains("AddSignalCam", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("//", StringComparison.Ordinal));
        Assert.InRange(lines.Count(), 1, MostLines);
        var recording = SyntheticEcg.Generate(
            new SyntheticOptions { SamplingRate = 100, Seconds = 10, Statements = ["IMI"] }, new EcgRandom(7)).Signal;
        WfdbWriter.Write(folder, "patient", recording);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), program);
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="signalcam-packed" value="{packed.Feed}" /></packageSources>
            </configuration>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SignalCam.Sdk" Version="[{packed.Version}]" />
              </ItemGroup>
            </Project>
            """);
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = Path.Combine(packed.Root, "nuget-cache") };
        var build = await Command.RunAsync(
            folder, s_limit, environment, Command.Dotnet, "build", "-c", "Release", "-o", "out", "-nologo", "-v", "quiet");
        Assert.True(build.ExitCode == 0, build.Text);
        // Not even a system's own could be found.
        Assert.DoesNotContain(Directory.GetFiles(folder, "*", SearchOption.AllDirectories),
            file => Path.GetFileName(file) is "libtorch.so" or "libtorch_cpu.so" or "libc10.so");
        var run = await Command.RunAsync(folder, s_limit, environment, Command.Dotnet, "out/Consumer.dll", "patient");
        Assert.True(run.ExitCode == 0, run.Text);

        var written = run.Out.Trim().Split('\n');
        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var expected = services.GetRequiredService<IEcgClassifier>()
            .Classify(WfdbReader.ReadSignal(Path.Combine(folder, "patient")), new ClassifyOptions { Explain = true });
        Assert.Equal(EcgAnswerJson.Write(expected), written[0]);
        var figures = written[1].Split(' ');
        Assert.Equal("answered", figures[0]);
        Assert.InRange(double.Parse(figures[3], System.Globalization.CultureInfo.InvariantCulture), 1, MostMegabytes);
        Assert.Contains("libcoreclr.so", figures[4], StringComparison.Ordinal);
        Assert.DoesNotContain("torch", figures[4], StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("c10", figures[4], StringComparison.OrdinalIgnoreCase);
    }
}
