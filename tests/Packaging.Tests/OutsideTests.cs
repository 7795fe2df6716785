using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;
using SignalCam.Torch;
using SignalCam.Torch.Explainers;

namespace Packaging.Tests;

/// <summary>
/// The packages in the hands of somebody who has nothing else: a folder outside the repository, and an empty NuGet cache.
/// </summary>
[Collection(nameof(PackedFixture))]
public sealed class OutsideTests(PackedFixture packed)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    private Dictionary<string, string> Environment => new() { ["NUGET_PACKAGES"] = Path.Combine(packed.Root, "nuget-cache") };

    [SkippableFact]
    public async Task A_program_of_packages_alone_runs_what_the_readmes_show_and_gives_the_same_figures_as_here()
    {
        packed.SkipWithoutPackages();
        var folder = NewFolder("consumer");
        var recording = SyntheticEcg.Generate(
            new SyntheticOptions { SamplingRate = 100, Seconds = 10, Statements = ["IMI"] }, new EcgRandom(7)).Signal;
        WfdbWriter.Write(folder, "patient", recording);
        var (_, expected) = WriteModel(Path.Combine(folder, "model.safetensors"), Path.Combine(folder, "patient"));

        File.WriteAllText(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors><WarningsNotAsErrors>NU1905</WarningsNotAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SignalCam.Distributed" Version="[{packed.Version}]" />
                <PackageReference Include="SignalCam.Viewer" Version="[{packed.Version}]" />
                <PackageReference Include="SignalCam.Imaging" Version="[{packed.Version}]" />
                <PackageReference Include="TorchSharp" Version="0.107.0" />
                <PackageReference Include="libtorch-cpu-linux-x64" Version="2.10.0" />
              </ItemGroup>
            </Project>
            """);
        foreach (var id in PackedFixture.Libraries)
            File.WriteAllText(Path.Combine(folder, $"{id}.cs"), Program(id));
        File.WriteAllText(Path.Combine(folder, "Program.cs"),
            string.Concat(PackedFixture.Libraries.Select(id => $"Console.WriteLine(\"{id}\");\nawait {ClassOf(id)}.RunAsync();\n")));

        var build = await Command.RunAsync(
            folder, s_limit, Environment, Command.Dotnet, "build", "-c", "Release", "-o", "out", "-nologo", "-v", "quiet");
        Assert.True(build.ExitCode == 0, build.Text);
        var run = await Command.RunAsync(folder, s_limit, Environment, Command.Dotnet, "out/Consumer.dll");
        Assert.True(run.ExitCode == 0, run.Text);

        // The weights that come with the package: that they came along, and are the same.
        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var shipped = services.GetRequiredService<IEcgClassifier>()
            .Classify(WfdbReader.ReadSignal(Path.Combine(folder, "patient")), new ClassifyOptions { Explain = true }).Scores[0];
        var strongest = shipped.HeatMap!.Samples.IndexOf(shipped.HeatMap.Samples.Max());
        Assert.Equal($"""
            SignalCam.Abstractions
            2 leads x 2 samples at 100 Hz: II is 0.8, 1.6 mV
            SignalCam.Core
            12 leads x 5000 samples at 500 Hz: {string.Join(' ', SignalLayout.StandardLeads)}
            SignalCam.Formats
            wfdb: 12 leads x 1000 samples at 100 Hz
            SignalCam.Reporting
            SignalCam.Imaging
            SignalCam.Torch
            abnormal: logit {expected:0.0000}, map of 125 cells
            SignalCam.Sdk
            abnormal: {shipped.Probability:0.0000}, {shipped.Decision}, strongest at sample {strongest}
            SignalCam.Distributed
            3 background services
            SignalCam.Viewer
            the viewer listens on 127.0.0.1
            """, run.Out.Trim());
        foreach (var picture in new[] { "made.svg", "explained.svg" })
            Assert.StartsWith("<svg", File.ReadAllText(Path.Combine(folder, picture)), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_tool_installs_from_its_package_and_works()
    {
        packed.SkipWithoutPackages();
        var folder = NewFolder("tool-user");
        var install = await Command.RunAsync(folder, s_limit, Environment, Command.Dotnet,
            "tool", "install", PackedFixture.Tool, "--version", packed.Version, "--tool-path",
            Path.Combine(folder, "bin"), "--add-source", packed.Feed);
        Assert.True(install.ExitCode == 0, install.Text);

        var tool = Path.Combine(folder, "bin", "signalcam");
        var help = await Command.RunAsync(folder, s_limit, Environment, tool, "--help");
        Assert.True(help.ExitCode == 0, help.Text);
        foreach (var command in new[] { "train", "evaluate", "explain", "synthesize", "demo" })
            Assert.Contains(command, help.Out, StringComparison.Ordinal);

        var made = await Command.RunAsync(folder, s_limit, Environment, tool, "synthesize", "--out", "ecgs", "--records", "12");
        Assert.True(made.ExitCode == 0, made.Text);
        var records = Directory.GetFiles(Path.Combine(folder, "ecgs"), "*_lr.hea", SearchOption.AllDirectories);
        Assert.Equal(12, records.Length);

        // Classifying needs no libtorch.
        var record = records[0][..^".hea".Length];
        var (modelPath, logit) = WriteModel(Path.Combine(folder, "model.safetensors"), record);
        var predicted = await Command.RunAsync(
            folder, s_limit, Environment, tool, "predict", "--model", modelPath, record, "--device", "cpu", "--json", "-");
        Assert.True(predicted.ExitCode == 0, predicted.Text);
        Assert.Equal(logit, JsonNode.Parse(predicted.Out)![0]!["scores"]![0]!["logit"]!.GetValue<float>(), 1e-5f);
        // So are the viewer's pages.
        await The_page_is_served_by(tool, folder);
        // So are weights.
        var byDefault = await Command.RunAsync(folder, s_limit, Environment, tool, "predict", record, "--device", "cpu", "--json", "-");
        Assert.True(byDefault.ExitCode == 0, byDefault.Text);

        // Training does, and says how to get it.
        var train = new[] { "train", "--data", "ecgs", "--epochs", "1", "--out", "own.safetensors" };
        var elsewhere = new Dictionary<string, string>(Environment) { ["NUGET_PACKAGES"] = Path.Combine(folder, "nothing") };
        var refused = await Command.RunAsync(folder, s_limit, elsewhere, tool, train);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("signalcam libtorch", refused.Error, StringComparison.Ordinal);
        var fetched = await Command.RunAsync(folder, s_limit, Environment, tool, "libtorch");
        Assert.True(fetched.ExitCode == 0, fetched.Text);
        var trained = await Command.RunAsync(folder, s_limit, Environment, tool, train);
        Assert.True(trained.ExitCode == 0, trained.Text);
    }

    private async Task The_page_is_served_by(string tool, string folder)
    {
        var start = new ProcessStartInfo(tool, ["view", "--urls", "http://127.0.0.1:0"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        using var viewer = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(s_limit);
            var line = await viewer.StandardOutput.ReadLineAsync(patience.Token);
            Assert.NotNull(line);
            using var client = new HttpClient { BaseAddress = new Uri(line.Split(' ')[2]) };
            var page = await client.GetStringAsync(new Uri("/", UriKind.Relative), patience.Token);
            Assert.Equal(await File.ReadAllTextAsync(
                Path.Combine(TestData.Root, "src", "SignalCam.Viewer", "wwwroot", "index.html"), patience.Token), page);
            foreach (Match script in Regex.Matches(page, "src=\"(.*?)\""))
                Assert.NotEmpty(await client.GetByteArrayAsync(new Uri(script.Groups[1].Value, UriKind.Relative), patience.Token));
            Assert.NotEmpty(JsonNode.Parse(await client.GetStringAsync(new Uri("/api/examples", UriKind.Relative), patience.Token))!
                .AsArray());
        }
        finally
        {
            viewer.Kill(entireProcessTree: true);
            await viewer.WaitForExitAsync();
        }
    }

    private string NewFolder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(packed.Root, name)).FullName;
        // The folder feed comes on top of the sources that the machine has.
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="signalcam-packed" value="{packed.Feed}" /></packageSources>
            </configuration>
            """);
        return folder;
    }

    /// <summary>Writes a model with fresh weights; gives what it says here of a recording.</summary>
    private static (string Path, float Logit) WriteModel(string path, string record)
    {
        using var model = TestModels.Create(TestModels.Manifest);
        model.Save(path);
        return (path, model.Run(model.Prepare(WfdbReader.ReadSignal(record)).Samples.ToArray(), 1).Logits[0]);
    }

    private static string ClassOf(string id) => id.Replace('.', '_') + "_Readme";

    /// <summary>
    /// The README's C# as a class, so that all of them are one program: usings first, statements in a method, types after it.
    /// </summary>
    private static string Program(string id)
    {
        var readme = File.ReadAllText(Path.Combine(TestData.Root, "src", id, "README.md"));
        var lines =
            Assert.Single(Regex.Matches(readme, "^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)).Groups[1].Value
                .Split('\n');
        var usings = lines.TakeWhile(
            line => line.StartsWith("using ", StringComparison.Ordinal) && !line.Contains('=', StringComparison.Ordinal)).ToList();
        var rest = lines.Skip(usings.Count).ToList();
        var statements = rest.TakeWhile(line => !line.StartsWith("public ", StringComparison.Ordinal)).ToList();
        return new StringBuilder()
            .AppendJoin('\n', usings)
            .Append("\ninternal static class ").Append(ClassOf(id))
            .Append("\n{\n    public static async Task RunAsync()\n    {\n        await Task.Yield();\n")
            .AppendJoin('\n', statements)
            .Append("\n    }\n}\n")
            .AppendJoin('\n', rest.Skip(statements.Count))
            .ToString();
    }
}
