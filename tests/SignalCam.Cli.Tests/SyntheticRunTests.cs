using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using SignalCam.Core.Models;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>Every command, one after the other, on a small synthetic set.</summary>
[Collection(TrainingInThisProcess.Name)]
public sealed class SyntheticRunTests
{
    [Fact]
    public async Task Synthesize_overview_train_evaluate_explain_predict_describe()
    {
        using var folder = TestData.Folder();
        var (data, model) = (folder["data"], folder["model.safetensors"]);
        await Tool.OkAsync("synthesize", "--out", data, "--records", "200", "--seed", "3");

        var overview = (await Tool.OkAsync("overview", "--data", data, "--json", "-", "--report", folder["overview.html"])).Json;
        Assert.Equal(200, (int)overview["recordings"]!);
        Assert.Contains("<svg", File.ReadAllText(folder["overview.html"]), StringComparison.Ordinal);

        var training = (await Tool.OkAsync("train", "--data", data, "--out", model, "--epochs", "2", "--preset", "paper", "--json", "-",
            "--report", folder["training.html"])).Json;
        Assert.Equal(2, training["epochs"]!.AsArray().Count);
        Assert.True(File.Exists(model) && File.Exists(folder["model.run/last.safetensors"]));

        var evaluation = (await Tool.OkAsync("evaluate", "--data", data, "--model", model, "--folds", "10", "--json", "-", "--report",
            folder["evaluation.html"], "--predictions", folder["predictions.csv"])).Json;
        string[] names = ["n", "tn", "fp", "fn", "tp", "accuracy", "precision", "recall", "f1", "roc_auc", "average_precision", "brier"];
        Assert.All(names, name => Assert.True(evaluation.AsObject().ContainsKey(name), name));
        Assert.Equal((int)evaluation["n"]!, names[1..5].Sum(name => (int)evaluation[name]!));
        Assert.All(evaluation["by_class"]!.AsObject(),
            pair => Assert.All(names, name => Assert.True(pair.Value!.AsObject().ContainsKey(name), name)));

        var rows = File.ReadAllLines(folder["predictions.csv"]).Select(line => line.Split(',')).ToArray();
        Assert.Equal(["id", "patient", "fold", "abnormal_target", "abnormal_logit", "abnormal_probability", "abnormal_called"], rows[0]);
        Assert.Equal((int)evaluation["n"]!, rows.Length - 1);
        Assert.Equal((int)evaluation["tp"]!, rows.Count(row => row[3] == "1" && row[6] == "1"));
        Assert.All(rows[1..], row => Assert.Equal(
            (row[6] == "1", "10"), (double.Parse(row[5], CultureInfo.InvariantCulture) > (double)evaluation["threshold"]!, row[2])));

        Assert.All((string[])["accuracy", "roc_auc", "average_precision", "brier"],
            name => Assert.Equal(2, evaluation[$"{name}_ci95"]!.AsArray().Count));
        Assert.Equal(((int)evaluation["n"]!, 0),
            ((int)evaluation["labels"]!["labelled"]!, (int)evaluation["held_out"]!["shared_patients"]!));
        var calibrated = folder["calibrated.safetensors"];
        var fit = (await Tool.OkAsync(
            "calibrate", "--data", data, "--model", model, "--threshold", "youden", "--out", calibrated, "--json", "-")).Json;
        var again = (await Tool.OkAsync("evaluate", "--data", data, "--model", calibrated, "--folds", "10", "--bootstrap", "0",
            "--compare", model, "--json", "-")).Json;
        Assert.Equal((double)fit["thresholds"]![0]!, (double)again["threshold"]!);
        Assert.False(again.AsObject().ContainsKey("roc_auc_ci95"));
        // A rising line changes no rank, but for probabilities that float32 cannot tell apart.
        Assert.Equal(0, (double)again["comparison"]!["difference"]!, 1e-3);
        var refused = await Tool.RunAsync("calibrate", "--data", data, "--model", model, "--folds", "10", "--out", calibrated);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("test fold", refused.Error, StringComparison.Ordinal);

        await Tool.OkAsync("explain", "--data", data, "--ids", "1,2", "--model", model, "--out", folder["explained"]);
        var explanation = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["explained"], "1.json")))!;
        var heatMap = explanation["scores"]![0]!["heat_map"]!;
        Assert.Equal((125, 1000), (heatMap["cells"]!.AsArray().Count, heatMap["samples"]!.AsArray().Count));
        Assert.Equal("svg", XDocument.Load(Path.Combine(folder["explained"], "2.svg")).Root!.Name.LocalName);

        var record = Path.Combine(data, "records100", "00000", "00001_lr");
        var prediction = (await Tool.OkAsync("predict", "--model", model, record, "--json", "-")).Json[0]!;
        Assert.Equal((double)explanation["scores"]![0]!["probability"]!, (double)prediction["scores"]![0]!["probability"]!);
        await Tool.OkAsync("explain", record, "--model", model, "--cam", "paper", "--out", folder["explained"]);
        Assert.True(File.Exists(Path.Combine(folder["explained"], "00001_lr.svg")));

        await Tool.OkAsync("explain", record, "--model", model, "--explainer", "gradient-x-input", "--classes",
            "decided", "--out", folder["leads"]);
        var byLead =
            JsonNode.Parse(File.ReadAllText(Path.Combine(folder["leads"], "00001_lr.json")))!["scores"]![0]!["heat_map"]!["lead_samples"]!
                .AsObject();
        Assert.Equal((12, 1000), (byLead.Count, byLead["V1"]!.AsArray().Count));
        var audit = await Tool.OkAsync(
            "audit", "--data", data, "--model", model, "--explainers", "cam,random", "--records", "4", "--json", folder["audit.json"],
            "--report", folder["audit.html"]);
        Assert.Contains("a random position hits the truth", audit.Out, StringComparison.Ordinal);
        var measured = JsonNode.Parse(File.ReadAllText(folder["audit.json"]))!["explainers"]!.AsArray();
        Assert.Equal(["cam", "random"], measured.Select(e => (string?)e!["name"]));
        Assert.InRange((double)measured[0]!["measures"]!["completeness_error"]!["mean"]!, 0, 1e-5);
        Assert.Equal("html", XDocument.Load(folder["audit.html"]).Root!.Name.LocalName);

        var description = (await Tool.OkAsync("describe", "--model", model, "--json", "-")).Json;
        Assert.Equal(22_273, (int)description["parameters"]!);
        Assert.Equal("paper", (string)description["manifest"]!["preset"]!);
    }

    [Fact]
    public async Task A_multilabel_task_trains_evaluates_and_explains_with_one_map_per_class()
    {
        using var folder = TestData.Folder();
        var (data, model) = (folder["data"], folder["model.safetensors"]);
        await Tool.OkAsync("synthesize", "--out", data, "--records", "120");
        await Tool.OkAsync("train", "--data", data, "--out", model, "--task", "super", "--epochs", "1", "--batch-size", "32");
        var evaluation = (await Tool.OkAsync("evaluate", "--data", data, "--model", model, "--folds", "9,10", "--json", "-")).Json;
        Assert.Equal(["NORM", "MI", "STTC", "CD", "HYP"], evaluation["by_class"]!.AsObject().Select(p => p.Key));
        Assert.All((string[])["macro_roc_auc_ci95", "macro_average_precision_ci95", "macro_f1_ci95"],
            name => Assert.Equal(2, evaluation[name]!.AsArray().Count));
        await Tool.OkAsync("explain", "--data", data, "--ids", "3", "--model", model, "--out", folder["explained"]);
        var scores = JsonNode.Parse(File.ReadAllText(Path.Combine(folder["explained"], "3.json")))!["scores"]!.AsArray();
        Assert.Equal(5, scores.Count);
        Assert.All(scores, score => Assert.Equal(1000, score!["heat_map"]!["samples"]!.AsArray().Count));

        var student = folder["student.safetensors"];
        File.WriteAllText(folder["alone.json"], """{ "teacherWeight": 1 }""");
        await Tool.OkAsync("train", "--data", data, "--out", student, "--task", "super", "--epochs", "1", "--batch-size", "32", "--teacher",
            model, "--options", folder["alone.json"]);
        var options = ModelFile.Load(student).Manifest.Training!["options"]!;
        Assert.Equal((1, model), ((double)options["teacherWeight"]!, (string?)options["teachers"]![0]));
        var taught = folder["taught.safetensors"];
        await Tool.OkAsync(
            "train", "--data", data, "--out", taught, "--task", "super", "--epochs", "1", "--batch-size", "32", "--teacher", model,
            "--teacher", student, "--teaching", "consistent");
        options = ModelFile.Load(taught).Manifest.Training!["options"]!;
        Assert.Equal(("consistent", 2), ((string?)options["teaching"], options["teachers"]!.AsArray().Count));

        var (joint, rhythm) = (folder["joint.safetensors"], folder["rhythm.safetensors"]);
        await Tool.OkAsync("train", "--data", data, "--out", joint, "--task", "joint", "--join", "rhythm", "--join", "super",
            "--epochs", "1", "--batch-size", "32");
        await Tool.OkAsync("extract", "--model", joint, "--task", "rhythm", "--precision-of-weights", "bfloat16", "--out", rhythm);
        Assert.Equal(ModelFile.Load(joint).Manifest.Classes.Where(c => c.StartsWith("rhythm/", StringComparison.Ordinal))
            .Select(c => c[7..]), ModelFile.Load(rhythm).Manifest.Classes);
        Assert.Contains("--join: task super joins no others",
            (await Tool.RunAsync("train", "--data", data, "--out", joint, "--task", "super", "--join", "rhythm")).Error,
            StringComparison.Ordinal);

        var half = folder["half.safetensors"];
        await Tool.OkAsync("extract", "--model", model, "--precision-of-weights", "float16", "--out", half);
        Assert.True(new FileInfo(half).Length < 0.8 * new FileInfo(model).Length,
            $"{new FileInfo(half).Length} of {new FileInfo(model).Length} bytes");
        var halved = (await Tool.OkAsync("evaluate", "--data", data, "--model", half, "--folds", "9,10", "--json", "-")).Json;
        Assert.Equal((double)evaluation["macro_roc_auc"]!, (double)halved["macro_roc_auc"]!, 0.01);

        var both = folder["both.safetensors"];
        var recording = Directory.GetFiles(data, "00007_lr.hea", SearchOption.AllDirectories).Single();
        await Tool.OkAsync("ensemble", "--model", model, "--model", student, "--out", both);
        var logits = new List<double>();
        foreach (var one in (string[])[model, student, both])
            logits.Add((double)(await Tool.OkAsync("predict", recording, "--model", one, "--json", "-")).Json[0]!["scores"]![0]!["logit"]!);
        Assert.Equal((logits[0] + logits[1]) / 2, logits[2], 1e-4);
        Assert.Contains("--model: expected at least two, found 1",
            (await Tool.RunAsync("ensemble", "--model", model, "--out", both)).Error, StringComparison.Ordinal);

        // But for the teacher, both were trained alike.
        Assert.NotEqual(ModelFile.Load(model).Weights[0].Data.ToArray(), ModelFile.Load(student).Weights[0].Data.ToArray());
    }

    [Fact]
    public async Task A_missing_recording_fails_by_name_or_is_skipped_and_counted()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "60");
        var missing = Directory.GetFiles(folder["data"], "00007_lr.dat", SearchOption.AllDirectories).Single();
        File.Delete(missing);
        string[] train =
        [
            "train", "--data", folder["data"], "--out", folder["m.safetensors"], "--epochs", "1", "--train-folds", "1-9", "--valid-folds",
            "10",
        ];
        var failed = await Tool.RunAsync(train);
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("00007_lr", failed.Error, StringComparison.Ordinal);
        var skipped = await Tool.OkAsync([.. train, "--skip-bad"]);
        Assert.Contains("1 skipped (first: ", skipped.Out, StringComparison.Ordinal);
    }
}
