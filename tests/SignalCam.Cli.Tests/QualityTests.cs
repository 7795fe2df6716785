using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>What the command line says of recordings that cannot be believed.</summary>
[Collection(TrainingInThisProcess.Name)]
public sealed class QualityTests
{
    [Fact]
    public async Task Predict_shows_an_unusable_recording_without_a_decision_and_refuses_it_where_that_is_asked_for()
    {
        using var folder = TestData.Folder();
        WriteFlat(folder.Path);
        var answer = (await Tool.OkAsync("predict", folder["flat"], "--json", "-")).Json.AsArray()[0]!;
        Assert.Equal("undecided", answer["scores"]![0]!["decision"]!.GetValue<string>());
        Assert.Equal("unusable", answer["findings"]![0]!["severity"]!.GetValue<string>());
        var shown = await Tool.OkAsync("predict", folder["flat"]);
        Assert.Contains("1 recording: 1 unusable, 0 with a warning", shown.Out, StringComparison.Ordinal);
        var refused = await Tool.RunAsync("predict", folder["flat"], "--quality", "refuse");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("No lead contains a signal", refused.Error, StringComparison.Ordinal);
        var unchecked1 = (await Tool.OkAsync("predict", folder["flat"], "--quality", "off", "--json", "-")).Json.AsArray()[0]!;
        Assert.Empty(unchecked1["findings"]!.AsArray());
    }

    [Fact]
    public async Task Inspect_shows_the_findings()
    {
        using var folder = TestData.Folder();
        WriteFlat(folder.Path);
        var finding = Assert.Single((await Tool.OkAsync("inspect", folder["flat"], "--json")).Json.AsArray()[0]!["findings"]!.AsArray());
        Assert.Equal(("no-signal", "unusable"), (finding!["code"]!.GetValue<string>(), finding["severity"]!.GetValue<string>()));
        Assert.Single((await Tool.OkAsync("inspect", folder["flat"])).Out.Split('\n'),
            line => line.Contains("unusable: No lead contains a signal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Overview_counts_findings_and_distance_fits_a_limit_that_changes_no_probability()
    {
        using var folder = TestData.Folder();
        await SyntheticDataset.WriteAsync(folder["data"], new SyntheticDatasetOptions { Records = 160 });
        var overview = (await Tool.OkAsync("overview", "--data", folder["data"], "--quality", "--json", "-")).Json;
        Assert.Equal((160, 0), (overview["quality"]!["recordings"]!.GetValue<int>(), overview["quality"]!["unusable"]!.GetValue<int>()));
        var plain = folder["plain.safetensors"];
        PretrainedModels.Get(PretrainedModels.NormalAbnormal).Read().Save(plain);
        await Tool.OkAsync("distance", "--data", folder["data"], "--model", plain, "--out", folder["far.safetensors"], "--quantile", "0.9");
        var (before, after) = (ModelFile.Load(plain), ModelFile.Load(folder["far.safetensors"]));
        Assert.Equal(before.FindWeight("pred_layer.weight")!.ToSingles(), after.FindWeight("pred_layer.weight")!.ToSingles());
        WriteFlat(folder.Path);
        var probability = await ProbabilityAsync(plain);
        Assert.Equal(probability, await ProbabilityAsync(folder["far.safetensors"]));

        async Task<double> ProbabilityAsync(string model) =>
            (await Tool.OkAsync("predict", folder["flat"], "--model", model, "--json", "-")).Json
                .AsArray()[0]!["scores"]![0]!["probability"]!.GetValue<double>();
    }

    [Fact]
    public async Task Training_leaves_the_unusable_out_where_that_is_asked_for_and_overview_counts_them_in_any_dataset()
    {
        using var folder = TestData.Folder();
        var data = folder["data"];
        await SyntheticDataset.WriteAsync(data, new SyntheticDatasetOptions { Records = 120 });
        var rows = File.ReadLines(Path.Combine(data, "ptbxl_database.csv")).Skip(1).ToArray();
        // A recording of a training fold.
        var id = int.Parse(rows.First(row => row.Contains(",3,records100", StringComparison.Ordinal)).Split(',')[0],
            System.Globalization.CultureInfo.InvariantCulture);
        WfdbWriter.Write(Path.Combine(data, "records100/00000"), $"{id:00000}_lr", Flat());

        string[] train = ["train", "--data", data, "--epochs", "1", "--batch-size", "32", "--json", "-"];
        var all = (await Tool.OkAsync([.. train, "--out", folder["all.safetensors"]])).Json;
        var usable = (await Tool.OkAsync([.. train, "--out", folder["usable.safetensors"], "--exclude", "unusable"])).Json;
        Assert.Equal(1, Used(all) - Used(usable));

        File.WriteAllLines(folder["labels.csv"], ["recording,codes", .. Enumerable.Range(1, 120).Select(i => $"{i:00000}_lr,NORM")]);
        var folderDataset = (await Tool.OkAsync(
            "overview", "--dataset", "folder", "--data", Path.Combine(data, "records100"), "--labels", folder["labels.csv"], "--quality",
            "--json", "-", "--figures", folder["figures"])).Json;
        Assert.Equal(1, (int)folderDataset["quality"]!["unusable"]!);
        Assert.NotEmpty(Directory.GetFiles(folder["figures"]));

        static int Used(System.Text.Json.Nodes.JsonNode training) => (int)training["train_recordings"]!;
    }

    private static EcgSignal Flat() => new(new float[12_000], new SignalLayout(SignalLayout.StandardLeads, 1000, 100));

    private static void WriteFlat(string folder) => WfdbWriter.Write(folder, "flat", Flat());
}
