using System.Text.Json.Nodes;
using SignalCam.Core.Models;
using SignalCam.Sdk;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests.Plugins;

/// <summary>`--plugin` and signalcam.json.</summary>
[Collection(TrainingInThisProcess.Name)]
public sealed class PluginTests
{
    // The assembly of OutsidersPlugins, which is this one.
    private static readonly string s_plugin = typeof(OutsidersPlugins).Assembly.Location;

    [Fact]
    public async Task Commands_know_the_plug_ins_of_an_assembly()
    {
        using var folder = TestData.Folder();
        var (data, model, options) = (folder["data"], folder["model.safetensors"], folder["options.json"]);
        await Tool.OkAsync("synthesize", "--out", data, "--records", "60", "--seed", "3");
        File.WriteAllText(options,
            """{ "preprocessing": [{ "name": "high-pass" }, { "name": "outsider-gain", "options": { "factor": 3 } """
            + """}], "augmentation": [] }""");
        string[] train =
        [
            "train", "--data", data, "--out", model, "--epochs", "1", "--architecture", "outsider-cnn", "--task", "outsider-task",
            "--options", options, "--json", "-",
        ];
        var unknown = await Tool.RunAsync(train);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("outsider-cnn", unknown.Error, StringComparison.Ordinal);

        await Tool.OkAsync([.. train, "--plugin", s_plugin]);
        var manifest = ModelFile.Load(model).Manifest;
        Assert.Equal(("outsider-cnn", "outsider-task", "odd"),
            (manifest.Architecture.Name, manifest.Task, Assert.Single(manifest.Classes)));
        Assert.Equal("""{"factor":3}""", manifest.Preprocessing[1].Options!.ToJsonString());
        Assert.Equal("""{"cutoff":0.5,"order":2,"zeroPhase":true}""", manifest.Preprocessing[0].Options!.ToJsonString());

        // The option may stand anywhere, and = may join it to its value.
        var evaluation = (await Tool.OkAsync($"--plugin={s_plugin}", "evaluate", "--data", data, "--model", model, "--folds", "9-10",
            "--bootstrap", "0", "--json", "-")).Json;
        Assert.Equal(0.125, (double)evaluation["metrics"]!["outsider-metric"]!);
        var record = Path.Combine(data, "records100", "00000", "00001_lr");
        var refused = await Tool.RunAsync("predict", record, "--model", model);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("outsider-gain", refused.Error, StringComparison.Ordinal);
        var predicted = (await Tool.OkAsync("predict", record, "--model", model, "--plugin", s_plugin, "--json", "-")).Json[0]!;
        Assert.InRange((double)predicted["scores"]![0]!["probability"]!, 0, 1);
        await Tool.OkAsync("explain", record, "--model", model, "--plugin", s_plugin, "--out", folder["explained"]);
        Assert.True(File.Exists(Path.Combine(folder["explained"], "00001_lr.svg")));
    }

    [Fact]
    public async Task A_file_format_of_a_plug_in_is_read_like_any_other()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["ecg.lines"], "LINES\n0.5\n-1.25\n0\n");
        var unknown = await Tool.RunAsync("inspect", folder["ecg.lines"], "--json");
        Assert.Equal(1, unknown.ExitCode);
        var inspected = (await Tool.OkAsync("inspect", folder["ecg.lines"], "--json", "--plugin", s_plugin)).Json[0]!;
        Assert.Equal("outsider-lines", (string?)inspected["format"]);
        await Tool.OkAsync("convert", folder.Path, "--plugin", s_plugin, "--format", "csv", "--out", folder["out"]);
        Assert.Equal(4, File.ReadAllLines(Path.Combine(folder["out"], "ecg.csv")).Length);
        var short1 = await Tool.RunAsync("predict", folder["ecg.lines"], "--plugin", s_plugin);
        Assert.Contains("the recording has no lead V1",
            short1.Error.Replace(" II, III, aVR, aVL, aVF,", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_settings_file_of_the_folder_lists_plug_ins_and_says_so()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["ecg.lines"], "LINES\n0.5\n-1.25\n");
        File.WriteAllText(folder["signalcam.json"],
            new JsonObject { ["plugins"] = new JsonArray(Path.GetRelativePath(folder.Path, s_plugin)) }.ToJsonString());
        // Named twice, loaded once: a second registration would be refused.
        var run = await Tool.RunInAsync(folder.Path, "inspect", folder["ecg.lines"], "--plugin", s_plugin);
        Assert.Equal(0, run.ExitCode);
        Assert.StartsWith("signalcam.json: plug-in ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "plugin": [] }""", "plugin")]
    [InlineData("[]", "expected { \"plugins\"")]
    [InlineData("""{ "plugins": ["none.dll"] }""", "none.dll: found no such file, expected an assembly of plug-ins")]
    public async Task A_wrong_settings_file_is_named(string json, string message)
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["signalcam.json"], json);
        var run = await Tool.RunInAsync(folder.Path, "models");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_with_an_assembly_is_said()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["text.dll"], "no assembly at all");
        EmittedAssemblies.WriteThrower(folder["constructor.dll"], "no licence for the ward", inConstructor: true);
        EmittedAssemblies.WriteThrower(folder["configure.dll"], "no licence for the bed", inConstructor: false);
        EmittedAssemblies.WriteReference(folder["newer.dll"], new Version(99, 1, 0, 0));
        var here = typeof(ISignalCamPlugin).Assembly.GetName().Version!.ToString(2);
        EmittedAssemblies.WriteReference(folder["empty.dll"], typeof(ISignalCamPlugin).Assembly.GetName().Version!);
        foreach (var (file, message) in new Dictionary<string, string>
        {
            ["none.dll"] = "found no such file, expected an assembly of plug-ins",
            ["."] = "found a folder, expected an assembly of plug-ins",
            ["text.dll"] = "found no assembly, expected an assembly of plug-ins",
            ["constructor.dll"] =
                "class Ward.Thrower: found the constructor that throws InvalidOperationException: no licence for the ward",
            ["configure.dll"] = "class Ward.Thrower: found Configure that throws InvalidOperationException: no licence for the bed",
            ["newer.dll"] = $"found a reference to SignalCam.Sdk 99.1, expected {here}, the version of this tool",
            ["empty.dll"] = "found no plug-in class, expected a public class that implements SignalCam.Sdk.ISignalCamPlugin",
        })
        {
            var run = await Tool.RunAsync("models", "--plugin", folder[file]);
            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith($"error: {Path.GetFullPath(folder[file])}", run.Error, StringComparison.Ordinal);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_program_adds_plug_ins_of_its_own()
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        using var folder = TestData.Folder();
        File.WriteAllText(folder["ecg.lines"], "LINES\n0.5\n");
        var exitCode = await SignalCamTool.RunAsync(
            ["inspect", folder["ecg.lines"]], folder.Path, builder => new OutsidersPlugins().Configure(builder),
            new CommandOutput(output, error));
        Assert.Equal(0, exitCode);
        Assert.Contains("outsider-lines", output.ToString(), StringComparison.Ordinal);
    }
}
