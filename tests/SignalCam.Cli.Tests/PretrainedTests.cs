using System.Buffers.Binary;
using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Synthetic;
using SignalCam.Core.Wfdb;
using SignalCam.Sdk.Pretrained;
using SignalCam.Testing;

namespace SignalCam.Cli.Tests;

/// <summary>The commands without --model, and those about models.</summary>
[Collection(TrainingInThisProcess.Name)]
public sealed class PretrainedTests
{
    [Fact]
    public void Manifest_and_layer_graph_have_camelCase_names_and_are_written_as_the_files_have_them()
    {
        // docs/decisions/0016-two-forms-of-json.md: other names would make the files that exist unreadable.
        foreach (var model in PretrainedModels.All)
        {
            var file = model.Read();
            var bytes = file.ToBytes().AsSpan();
            var header = JsonNode.Parse(bytes.Slice(8, (int)BinaryPrimitives.ReadInt64LittleEndian(bytes)))!["__metadata__"]!;
            Assert.Equal((string)header["signalcam"]!, file.Manifest.ToText());
            Assert.Equal((string)header[ModelFile.GraphKey]!, file.Graph!.ToText());
            var manifest = JsonNode.Parse(file.Manifest.ToText())!.AsObject();
            // Notes of the training, as run.json has them.
            manifest.Remove("training");
            Assert.DoesNotContain(NamesOf(manifest), IsNotCamelCase);
            Assert.DoesNotContain(NamesOf(JsonNode.Parse(file.Graph!.ToText())), IsNotCamelCase);
        }

        static bool IsNotCamelCase(string name) => name.Contains('_', StringComparison.Ordinal) || char.IsAsciiLetterUpper(name[0]);

        static IEnumerable<string> NamesOf(JsonNode? node) => node switch
        {
            JsonArray items => items.SelectMany(NamesOf),
            JsonObject members => members.SelectMany(member => NamesOf(member.Value).Append(member.Key)),
            _ => [],
        };
    }

    [Fact]
    public async Task Predict_explain_and_describe_take_the_weights_of_the_task()
    {
        using var folder = TestData.Folder();
        var record = WriteRecord(folder);
        var plain = (await Tool.OkAsync("predict", record, "--json", "-")).Json[0]!["scores"]!.AsArray();
        Assert.Equal("abnormal", (string)Assert.Single(plain)!["class"]!);
        var five = (await Tool.OkAsync("predict", record, "--task", "super", "--json", "-")).Json[0]!;
        Assert.Equal(["NORM", "MI", "STTC", "CD", "HYP"], five["scores"]!.AsArray().Select(row => (string)row!["class"]!));
        Assert.Equal(PretrainedModels.Get("super").Sha256, (string)five["model_sha256"]!);
        // The same weights as a file of the user's, and by their name.
        await File.WriteAllBytesAsync(folder["own.safetensors"], PretrainedModels.Get("super").Read().ToBytes());
        foreach (var model in (string[])[folder["own.safetensors"], "super"])
        {
            var same = (await Tool.OkAsync("predict", record, "--model", model, "--json", "-")).Json[0]!;
            Assert.Equal((Path.GetFileNameWithoutExtension(model), five["scores"]!.ToJsonString()),
                ((string)same["model"]!, same["scores"]!.ToJsonString()));
        }

        var explained = (await Tool.OkAsync("explain", record, "--out", folder["explained"], "--json", "-")).Json[0]!;
        Assert.Equal((double)plain[0]!["probability"]!, (double)explained["probability"]!);
        Assert.Equal("super", (string)(await Tool.OkAsync("describe", "--task", "super", "--json", "-")).Json["manifest"]!["task"]!);
        Assert.Equal(22_273, (int)(await Tool.OkAsync("describe", "--json", "-")).Json["parameters"]!);
    }

    [Fact]
    public async Task Evaluate_takes_the_weights_of_the_task()
    {
        using var folder = TestData.Folder();
        await Tool.OkAsync("synthesize", "--out", folder["data"], "--records", "100");
        var plain = (await Tool.OkAsync("evaluate", "--data", folder["data"], "--folds", "1-10", "--json", "-")).Json;
        var named =
            (await Tool.OkAsync("evaluate", "--data", folder["data"], "--folds", "1-10", "--task", "normal-abnormal", "--json", "-")).Json;
        Assert.Equal((100, plain.ToJsonString()), ((int)plain["n"]!, named.ToJsonString()));
        var five = (await Tool.OkAsync("evaluate", "--data", folder["data"], "--folds", "1-10", "--task", "super", "--json", "-")).Json;
        Assert.Equal(5, five["by_class"]!.AsObject().Count);
    }

    [Theory]
    [InlineData("predict record --task joint",
        "--task joint: there are no pretrained weights for it, only for all, diag, form, normal-abnormal, rhythm, sub, super, "
        + "super-large, super-medium")]
    [InlineData("evaluate --data x --folds 9 --task columns", "--task columns: there are no pretrained weights")]
    [InlineData("describe --model own.safetensors --task super", "a model states its own task")]
    [InlineData("card --data x --folds 1,9 --out card.md", "the model learned from fold 1")]
    public async Task What_cannot_be_ends_with_2_and_says_what_there_is(string line, string message)
    {
        var run = await Tool.RunAsync(line.Split(' '));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_lists_what_comes_with_the_tool()
    {
        var rows = (await Tool.OkAsync("models", "--json", "-")).Json.AsArray();
        Assert.Equal(PretrainedModels.All.Select(m => (m.Name, m.Sha256)),
            rows.Select(row => ((string)row!["name"]!, (string)row["sha256"]!)));
        var standard = rows.Single(row => (string)row!["name"]! == PretrainedModels.NormalAbnormal)!;
        Assert.Equal((22_273, "ptb-xl"), ((int)standard["parameters"]!, (string)standard["dataset"]!));
        var shown = await Tool.OkAsync("models");
        Assert.All(PretrainedModels.All, model => Assert.Contains(model.Sha256[..12], shown.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_has_the_figures_of_evaluate_and_keeps_what_people_wrote()
    {
        using var folder = TestData.Folder();
        var (data, model, card) = (folder["data"], folder["own.safetensors"], folder["own.md"]);
        await Tool.OkAsync("synthesize", "--out", data, "--records", "120");
        await Tool.OkAsync("train", "--data", data, "--out", model, "--epochs", "1", "--train-folds", "1-7",
            "--valid-folds", "8", "--batch-size", "32");
        string[] write = ["card", "--data", data, "--model", model, "--out", card, "--folds"];

        await Tool.OkAsync([.. write, "9,10"]);
        var text = File.ReadAllText(card);
        var figures = (await Tool.OkAsync("evaluate", "--data", data, "--model", model, "--folds", "9,10", "--json", "-")).Json;
        Assert.StartsWith("# own\n", text, StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"| `roc_auc` | {(double)figures["roc_auc"]!:0.0000} |"),
            text, StringComparison.Ordinal);
        Assert.Contains($"| `n` | {(int)figures["n"]!} |", text, StringComparison.Ordinal);
        Assert.Contains("| learned from | ptb-xl, fold 1-7, ", text, StringComparison.Ordinal);
        Assert.Contains("Measured on ptb-xl, fold 9-10:\n", text, StringComparison.Ordinal);

        // Folds 8 to 10 now, and what people wrote stays.
        File.WriteAllText(card, $"# Mine\n\nFor teaching.\n{text[text.IndexOf('\n')..]}\n## Limits\n");
        await Tool.OkAsync([.. write, "8-10"]);
        text = File.ReadAllText(card);
        Assert.StartsWith("# Mine\n\nFor teaching.\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n## Limits\n", text, StringComparison.Ordinal);
        Assert.Contains("Measured on ptb-xl, fold 8-10, on which the epoch was also selected", text, StringComparison.Ordinal);
        Assert.Single(text.Split("Measured on ")[1..]);

        File.WriteAllText(card, "# Mine\n");
        var refused = await Tool.RunAsync([.. write, "9,10"]);
        Assert.Equal((2, "# Mine\n"), (refused.ExitCode, File.ReadAllText(card)));
    }

    private static string WriteRecord(TemporaryFolder folder)
    {
        WfdbWriter.Write(folder.Path, "patient",
            SyntheticEcg.Generate(new SyntheticOptions { Statements = ["IMI"] }, new EcgRandom(7)).Signal);
        return folder["patient"];
    }
}
