using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Testing;

namespace Packaging.Tests;

/// <summary>The templates in the hands of an outsider, in a folder that knows the packages alone.</summary>
[Collection(nameof(PackedFixture))]
public sealed class TemplateTests(PackedFixture packed)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private static readonly string[] s_labels = ["slow", "usual", "fast"];

    private Dictionary<string, string> Environment(string folder) => new()
    {
        ["NUGET_PACKAGES"] = Path.Combine(packed.Root, "nuget-cache"),
        // Where dotnet new keeps its templates.
        ["DOTNET_CLI_HOME"] = Path.Combine(folder, "home"),
        ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
    };

    [SkippableFact]
    public async Task An_outsiders_plug_ins_are_trained_evaluated_explained_exported_from_the_command_line_and_served_by_a_host()
    {
        packed.SkipWithoutPackages();
        var folder = NewFolder("ward");
        await Ok(folder, Command.Dotnet, "new", "install", packed.PathOf("SignalCam.Templates"));
        await Ok(folder, Command.Dotnet, "new", "signalcam-plugin", "-n", "Ward", "-o", "Ward");
        await Ok(folder, Command.Dotnet, "build", "Ward", "-c", "Release", "-nologo", "-v", "quiet", "-warnaserror",
            "-warnNotAsError:NU1603,NU1905");
        var plugin = Path.Combine(folder, "Ward", "bin", "Release", "net10.0", "Ward.dll");
        // The tool has the SDK: a plug-in does not bring a second one.
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(plugin)!, "SignalCam.*.dll"));

        var tool = await InstallToolAsync(folder);
        WriteRecordings(Path.Combine(folder, "ecgs"), 60);
        File.WriteAllText(Path.Combine(folder, "ward.json"), """{ "folder": "ecgs" }""");
        File.WriteAllText(Path.Combine(folder, "train.json"), """
            {
              "preprocessing": [{ "name": "high-pass" }, { "name": "ward-clip", "options": { "limit": 2.5 } }, { "name": "fixed-scale" }],
              "augmentation": []
            }
            """);
        string[] dataset = ["--dataset", "ward-csv", "--dataset-options", "ward.json"];
        await Ok(folder, tool, [
            "train", "--plugin", plugin, .. dataset, "--task", "ward-label", "--architecture", "ward-cnn", "--head", "ward-focal",
            "--options", "train.json", "--epochs", "2", "--batch-size", "16", "--train-folds", "1-8", "--valid-folds", "9",
            "--out", "ward.safetensors"]);

        // From here on the folder's settings name the plug-in.
        File.WriteAllText(Path.Combine(folder, "signalcam.json"), """{ "plugins": ["Ward/bin/Release/net10.0/Ward.dll"] }""");
        var evaluated = await Ok(
            folder, tool, ["evaluate", .. dataset, "--folds", "10", "--bootstrap", "0", "--model", "ward.safetensors", "--json", "-"]);
        Assert.Equal(["fast", "slow", "usual"], JsonNode.Parse(evaluated.Out)!["by_class"]!.AsObject().Select(c => c.Key));
        WfdbWriter.Write(folder, "patient", Recording(2));
        await Ok(folder, tool, "explain", "patient", "--model", "ward.safetensors", "--out", "explained");
        var explained = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "explained", "patient.json")))!;
        Assert.Equal("compiled", (string?)explained["backend"]);
        await Ok(folder, tool, "export", "--model", "ward.safetensors", "--out", "ward.onnx");
        Assert.True(new FileInfo(Path.Combine(folder, "ward.onnx")).Length > 1000);

        await Ok(folder, Command.Dotnet, "new", "signalcam-host", "-n", "WardHost", "-o", "WardHost", "--plugin-project",
            "../Ward/Ward.csproj", "--plugin-class", "Ward.Plugins");
        await Ok(folder, Command.Dotnet, "build", "WardHost", "-c", "Release", "-nologo", "-v", "quiet", "-warnaserror",
            "-warnNotAsError:NU1603,NU1905");
        var answer = await ServedAsync(
            Path.Combine(folder, "WardHost"), "WardHost", [Path.Combine(folder, "patient.hea"), Path.Combine(folder, "patient.dat")],
            $"--SignalCam:Models:ward:Path={Path.Combine(folder, "ward.safetensors")}");
        foreach (var (here, there) in explained["scores"]!.AsArray().Zip(answer["scores"]!.AsArray()))
            Assert.Equal((double)here!["logit"]!, (double)there!["logit"]!, 1e-6);
    }

    [SkippableFact]
    public async Task A_host_without_plug_ins_serves_the_weights_of_the_SDK_and_refuses_what_is_no_recording()
    {
        packed.SkipWithoutPackages();
        var folder = NewFolder("plain");
        await Ok(folder, Command.Dotnet, "new", "install", packed.PathOf("SignalCam.Templates"));
        await Ok(folder, Command.Dotnet, "new", "signalcam-host", "-n", "Plain.Host", "-o", "PlainHost");
        await Ok(folder, Command.Dotnet, "build", "PlainHost", "-c", "Release", "-nologo", "-v", "quiet", "-warnaserror",
            "-warnNotAsError:NU1603,NU1905");
        WfdbWriter.Write(folder, "patient", Recording(1));
        var answer = await ServedAsync(
            Path.Combine(folder, "PlainHost"), "Plain.Host", [Path.Combine(folder, "patient.hea"), Path.Combine(folder, "patient.dat")]);
        Assert.Equal("abnormal", (string?)answer["scores"]![0]!["class"]);
        File.WriteAllText(Path.Combine(folder, "note.txt"), "no recording");
        var refused = await ServedAsync(
            Path.Combine(folder, "PlainHost"), "Plain.Host", [Path.Combine(folder, "note.txt")], HttpStatusCode.UnprocessableEntity);
        Assert.Contains("note.txt", (string?)refused["detail"], StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_tool_of_ones_own_has_every_command_and_its_own_plug_ins()
    {
        packed.SkipWithoutPackages();
        var folder = NewFolder("own-tool");
        File.WriteAllText(Path.Combine(folder, "Own.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup><PackageReference Include="SignalCam.CommandLine" Version="[{packed.Version}]" /></ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using Microsoft.Extensions.DependencyInjection;
            using SignalCam.Abstractions;
            using SignalCam.Cli;

            return await SignalCamTool.RunAsync(args, builder => builder.AddTask("ward", _ => throw new InvalidOperationException()));
            """);
        await Ok(folder, Command.Dotnet, "build", "-c", "Release", "-nologo", "-v", "quiet", "-o", "out");
        WfdbWriter.Write(folder, "patient", Recording(0));
        var predicted = await Ok(folder, Command.Dotnet, "out/Own.dll", "predict", "patient", "--json", "-");
        Assert.Equal("abnormal", (string?)JsonNode.Parse(predicted.Out)![0]!["scores"]![0]!["class"]);
        var help = await Ok(folder, Command.Dotnet, "out/Own.dll", "train", "--help");
        Assert.Contains("ward", help.Out, StringComparison.Ordinal);
    }

    private async Task<string> InstallToolAsync(string folder)
    {
        var bin = Path.Combine(folder, "bin");
        await Ok(folder, Command.Dotnet, "tool", "install", PackedFixture.Tool, "--version", packed.Version, "--tool-path",
            bin, "--add-source", packed.Feed);
        var tool = Path.Combine(bin, "signalcam");
        await Ok(folder, tool, "libtorch");
        return tool;
    }

    /// <summary>Starts a host, sends it files, and gives its answer.</summary>
    private static Task<JsonNode> ServedAsync(string project, string assembly, string[] files, params string[] settings) =>
        ServedAsync(project, assembly, files, HttpStatusCode.OK, settings);

    private static async Task<JsonNode> ServedAsync(
        string project, string assembly, string[] files, HttpStatusCode expected, params string[] settings)
    {
        var start = new ProcessStartInfo(
            Command.Dotnet, [Path.Combine("bin", "Release", "net10.0", assembly + ".dll"), "--urls", "http://127.0.0.1:0", .. settings])
        {
            WorkingDirectory = project,
            RedirectStandardOutput = true,
        };
        start.Environment["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information";
        using var host = Process.Start(start)!;
        try
        {
            using var patience = new CancellationTokenSource(s_limit);
            const string listening = "Now listening on: ";
            string? line;
            do
                line = await host.StandardOutput.ReadLineAsync(patience.Token);
            while (line is not null && !line.Contains(listening, StringComparison.Ordinal));
            Assert.NotNull(line);
            using var client = new HttpClient
            {
                BaseAddress = new Uri(line[(line.IndexOf(listening, StringComparison.Ordinal) + listening.Length)..].Trim()),
            };
            using var form = new MultipartFormDataContent();
            foreach (var file in files)
            {
                var content = new ByteArrayContent(await File.ReadAllBytesAsync(file, patience.Token));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                form.Add(content, "files", Path.GetFileName(file));
            }
            using var answer = await client.PostAsync(new Uri("/classify?explain=true", UriKind.Relative), form, patience.Token);
            var text = await answer.Content.ReadAsStringAsync(patience.Token);
            Assert.True(answer.StatusCode == expected, $"{answer.StatusCode}: {text}");
            return JsonNode.Parse(text)!;
        }
        finally
        {
            host.Kill(entireProcessTree: true);
            await host.WaitForExitAsync();
        }
    }

    private async Task<Command> Ok(string folder, string program, params string[] arguments)
    {
        var run = await Command.RunAsync(folder, s_limit, Environment(folder), program, arguments);
        Assert.True(run.ExitCode == 0, run.Text);
        return run;
    }

    private string NewFolder(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(packed.Root, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="signalcam-packed" value="{packed.Feed}" /></packageSources>
            </configuration>
            """);
        return folder;
    }

    private static EcgSignal Recording(int i) => SyntheticEcg.Generate(
        new SyntheticOptions { Seconds = 10, SamplingRate = 100, HeartRate = (i % 3) switch { 0 => 40, 1 => 75, _ => 150 } },
        new EcgRandom((ulong)i)).Signal;

    private static void WriteRecordings(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, "index.csv"), ["id,patient,fold,label",
            .. Enumerable.Range(0, count).Select(i => FormattableString.Invariant($"{i},p{i},{i / 3 % 10 + 1},{s_labels[i % 3]}"))]);
        for (var i = 0; i < count; i++)
        {
            var signal = Recording(i);
            File.WriteAllLines(Path.Combine(folder, $"{i}.csv"), [string.Join(',', signal.Leads),
                .. Enumerable.Range(0, signal.Length).Select(t => string.Join(',', Enumerable.Range(0, signal.Layout.LeadCount)
                    .Select(lead => signal.Lead(lead)[t].ToString(CultureInfo.InvariantCulture))))]);
        }
    }
}
