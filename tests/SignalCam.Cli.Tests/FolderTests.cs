using System.Globalization;
using System.Text;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>A folder of recordings of one's own, through every command that takes a dataset.</summary>
[Collection(TrainingInThisProcess.Name)]
public sealed class FolderTests
{
    private const string SmallNetwork =
        """{ "architecture": { "name": "signal-cnn", "options": { "channels": [4, 6] } }, "torchThreads": 1 }""";

    [Fact]
    public async Task PTB_XL_as_a_folder_with_a_label_table_gives_the_same_training_to_the_bit()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "120", "--seed", "3");
        File.WriteAllText(folder["options.json"], SmallNetwork);
        var dataset = PtbXlDataset.Open(folder["data"]);
        WriteTable(folder["labels.csv"], dataset);
        foreach (var task in (string[])["super", "normal-abnormal"])
        {
            string[] same = ["--task", task, "--options", folder["options.json"], "--epochs", "2", "--batch-size", "16", "--json", "-",
                "--device", "cpu"];
            var own = (await Tool.OkAsync(["train", "--data", folder["data"], "--labels", folder["labels.csv"], "--out",
                folder[$"own-{task}.safetensors"], .. same])).Json;
            var ptbXl = (await Tool.OkAsync(["train", "--data", folder["data"], "--out", folder[$"ptb-xl-{task}.safetensors"],
                .. same])).Json;
            foreach (var name in (string[])["train_recordings", "valid_recordings", "best_epoch", "valid_roc_auc", "valid_accuracy"])
                Assert.Equal(ptbXl[name]?.ToJsonString(), own[name]?.ToJsonString());
            var (first, second) = (ModelFile.Load(folder[$"own-{task}.safetensors"]), ModelFile.Load(folder[$"ptb-xl-{task}.safetensors"]));
            Assert.Equal(new SafetensorsFile(second.Weights).ToBytes(), new SafetensorsFile(first.Weights).ToBytes());
            Assert.Equal("folder:data", (string?)first.Manifest.Training!["dataset"]);
        }
        // The folds are the table's: none is drawn, so none is kept.
        Assert.False(File.Exists(folder["own-super.run/folds.csv"]));
        var overview = (await Tool.OkAsync("overview", "--data", folder["data"], "--labels", folder["labels.csv"], "--json", "-")).Json;
        var expected = PtbXlOverview.Of(dataset);
        Assert.Equal((expected.Recordings, expected.Patients), ((int)overview["recordings"]!, (int)overview["patients"]!));
        Assert.Equal(expected.Splits[^1].Classes.Values, expected.Splits[^1].Classes.Keys.Select(name => (int)overview["classes"]![name]!));
    }

    [SkippableFact]
    public async Task The_real_PTB_XL_as_a_folder_has_the_same_counts_and_split_and_trains_to_the_same_bits()
    {
        var data = TestData.PtbXl();
        using var folder = TestData.Folder();
        var dataset = PtbXlDataset.Open(data);
        WriteTable(folder["labels.csv"], dataset);
        var overview = (await Tool.OkAsync("overview", "--data", data, "--labels", folder["labels.csv"], "--json", "-")).Json;
        var expected = PtbXlOverview.Of(dataset);
        Assert.Equal((expected.Recordings, expected.Patients), ((int)overview["recordings"]!, (int)overview["patients"]!));
        Assert.Equal(expected.Folds.Values, expected.Folds.Keys.Select(fold =>
            (int)overview["folds"]![fold.ToString(CultureInfo.InvariantCulture)]!));
        Assert.Equal(expected.Splits[^1].Classes.Values, expected.Splits[^1].Classes.Keys.Select(name => (int)overview["classes"]![name]!));

        // A training on a few of the recordings: a label table makes the choice, for both by way of the folds.
        File.WriteAllText(folder["options.json"], SmallNetwork);
        string[] same = ["--task", "super", "--options", folder["options.json"], "--epochs", "1", "--json", "-", "--device", "cpu",
            "--train-folds", "2", "--valid-folds", "9"];
        await Tool.OkAsync(["train", "--data", data, "--labels", folder["labels.csv"], "--out", folder["own.safetensors"], .. same]);
        await Tool.OkAsync(["train", "--data", data, "--out", folder["ptb-xl.safetensors"], .. same]);
        var (own, ptbXl) = (ModelFile.Load(folder["own.safetensors"]), ModelFile.Load(folder["ptb-xl.safetensors"]));
        Assert.Equal(new SafetensorsFile(ptbXl.Weights).ToBytes(), new SafetensorsFile(own.Weights).ToBytes());
        Assert.Equal(ptbXl.Manifest.Training!["valid_roc_auc"]!.ToJsonString(), own.Manifest.Training!["valid_roc_auc"]!.ToJsonString());
    }

    [SkippableFact]
    public async Task External_recordings_are_fine_tuned_on_calibrated_audited_and_described_with_their_folds_kept()
    {
        var data = TestData.Shared("formats/cinc2021");
        using var folder = TestData.Folder();
        var model = folder["own.safetensors"];
        var trained = (await Tool.OkAsync(
            "train", "--data", data, "--from", "super", "--task", "columns", "--classes", "STACH,SBRAD", "--train-folds", "1-6",
                "--valid-folds", "7-8", "--epochs", "2",
            "--out", model, "--cache", folder["all.cache"], "--json", "-")).Json;
        Assert.Equal((false, "small-data", "super"), ((bool)trained["head_kept"]!, (string?)trained["preset"], (string?)trained["from"]));
        var manifest = ModelFile.Load(model).Manifest;
        Assert.Equal(("STACH,SBRAD", 1000, 100.0), (string.Join(',', manifest.Classes), manifest.Length, manifest.SamplingRate));
        var folds = folder["own.run/folds.csv"];
        Assert.Equal(35, File.ReadAllLines(folds).Length);
        string[] same = ["--data", data, "--folds-file", folds, "--folds", "9-10", "--model", model];
        var evaluated = (await Tool.OkAsync(["evaluate", .. same, "--sensitivity", "0.9", "--prevalence", "0.1", "--bootstrap", "0",
            "--json", "-"])).Json;
        var point = evaluated["operating_points"]!.AsArray().First(p => p!["prevalence"] is not null)!;
        Assert.Equal(0.1, (double)point["prevalence"]!);
        await Tool.OkAsync(["card", .. same, "--out", folder["card.md"]]);
        await Tool.OkAsync(["calibrate", "--data", data, "--folds-file", folds, "--folds", "7-8", "--model", model, "--out",
            folder["calibrated.safetensors"]]);
        await Tool.OkAsync("audit", "--data", data, "--model", "super", "--explainers", "cam", "--records", "2");
        // The recording itself is of another length than that of a model of 5 seconds.
        await Tool.OkAsync("train", "--data", data, "--task", "super", "--seconds", "5", "--length", "crop", "--rate", "50", "--leads",
            "I,II", "--epochs", "1", "--out", folder["short.safetensors"]);
        var shorter = ModelFile.Load(folder["short.safetensors"]).Manifest;
        Assert.Equal(("I,II", 250, 50.0), (string.Join(',', shorter.Leads), shorter.Length, shorter.SamplingRate));
        Assert.Equal(1, (await Tool.RunAsync("evaluate", "--data", data, "--model", folder["short.safetensors"], "--bootstrap",
            "0")).ExitCode);
        await Tool.OkAsync("evaluate", "--data", data, "--model", folder["short.safetensors"], "--bootstrap", "0", "--length", "crop");
    }

    [SkippableFact]
    public async Task The_challenge_s_score_is_given_where_its_diagnoses_are_classes()
    {
        var data = TestData.Shared("formats/cinc2021");
        using var folder = TestData.Folder();
        await Tool.OkAsync(
            "train", "--data", data, "--map", "challenge-2021", "--task", "columns", "--classes", "NSR,STach,PAC", "--from", "super",
                "--freeze", "backbone",
            "--epochs", "1", "--out", folder["m.safetensors"]);
        var evaluated = (await Tool.OkAsync("evaluate", "--data", data, "--map", "challenge-2021", "--model", folder["m.safetensors"],
            "--bootstrap", "0", "--json", "-")).Json;
        Assert.Equal((3, 26), ((int)evaluated["challenge_2021"]!["diagnoses_among_classes"]!,
            (int)evaluated["challenge_2021"]!["diagnoses"]!));
        Assert.InRange((double)evaluated["challenge_2021"]!["score"]!, -5, 1);
    }

    [Fact]
    public async Task A_dataset_is_taken_by_name_and_options_and_what_does_not_go_together_is_said()
    {
        using var folder = TestData.Folder();
        File.WriteAllText(folder["options.json"], """{ "records": 60 }""");
        var overview = (await Tool.OkAsync("overview", "--dataset", "synthetic", "--dataset-options", folder["options.json"], "--json",
            "-")).Json;
        Assert.Equal(("synthetic", 60), ((string?)overview["dataset"], (int)overview["recordings"]!));
        await Tool.OkAsync("evaluate", "--dataset", "synthetic", "--dataset-options", folder["options.json"], "--bootstrap", "0");
        await Tool.OkAsync("explain", "--dataset", "synthetic", "--dataset-options", folder["options.json"], "--ids", "3", "--out",
            folder["explained"]);
        foreach (var (message, arguments) in new (string, string[])[]
        {
            ("Option '--data' is required.", ["evaluate"]),
            ("--labels: dataset synthetic has no such option; it belongs to dataset folder",
                ["overview", "--dataset", "synthetic", "--labels", "x.csv"]),
            ("--label-columns: found 'id', expected NAME=COLUMN", ["overview", "--data", folder.Path, "--label-columns", "id"]),
            ("--freeze: expected a model to start from", ["train", "--dataset", "synthetic", "--freeze", "backbone", "--out",
                folder["x.safetensors"]]),
            ("--architecture: the model in --from determines the architecture",
                ["train", "--dataset", "synthetic", "--from", "super", "--architecture", "signal-cnn", "--out", folder["x.safetensors"]]),
            ("--classes: this is an option of --task columns",
                ["train", "--dataset", "synthetic", "--classes", "A", "--out", folder["x.safetensors"]]),
            ("--prevalence: found 2, expected a share", ["evaluate", "--dataset", "synthetic", "--prevalence", "2"]),
        })
        {
            var wrong = await Tool.RunAsync(arguments);
            Assert.Equal((2, true), (wrong.ExitCode, wrong.Error.Contains(message, StringComparison.Ordinal)));
        }
    }

    private static void WriteTable(string path, PtbXlDataset dataset)
    {
        var text = new StringBuilder("recording,file,patient,fold,age,sex,codes\n");
        foreach (var entry in dataset.Entries)
            text.Append(CultureInfo.InvariantCulture,
                $"{entry.Id},{entry.FilenameLr},{entry.PatientId},{entry.Fold},{entry.Age},{entry.Sex},"
                + $"{string.Join(';', entry.Statements.Select(s => s.Code))}\n");
        File.WriteAllText(path, text.ToString());
    }
}
