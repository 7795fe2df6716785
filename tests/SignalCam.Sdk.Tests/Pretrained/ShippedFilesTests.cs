using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Inference;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Sdk.Evaluation;
using SignalCam.Sdk.Pretrained;
using SignalCam.Sdk.Tests.Plugins;
using SignalCam.Testing;
using SignalCam.Torch;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Tests.Pretrained;

/// <summary>
/// The weights and cards in src/SignalCam.Sdk/Pretrained, whichever they are: replacing them needs no change here but of
/// <see cref="s_atLeast"/>.
/// </summary>
public sealed partial class ShippedFilesTests
{
    // What all weights together may weigh: every host that installs the SDK carries them (docs/decisions/0009-weights-in-the-sdk.md).
    private const long MostBytes = 5_000_000;

    // The least ROC-AUC on PTB-XL's fold 9 (macro over classes) that weights are shipped with; raise them with the weights.
    private static readonly Dictionary<string, double> s_atLeast = new()
    {
        ["normal-abnormal"] = 0.949, ["super"] = 0.933, ["super-medium"] = 0.935, ["super-large"] = 0.938, ["sub"] = 0.938,
        ["diag"] = 0.9455, ["all"] = 0.9285, ["rhythm"] = 0.9625, ["form"] = 0.852,
    };

    public static TheoryData<string> Names => [.. PretrainedModels.All.Select(model => model.Name)];

    // A head's file, and the network whose backbone it needs.
    private const string Head = ".head";
    private const string Shared = "joint";

    private static string Folder => Path.Combine(TestData.Root, "src", "SignalCam.Sdk", "Pretrained");

    [Fact]
    public void Every_card_in_the_folder_has_its_weights_and_all_are_small()
    {
        var files = Directory.GetFiles(Folder, "*.safetensors");
        Assert.Equal(files.Select(f => Path.GetFileNameWithoutExtension(f)).Where(name => name != Shared)
            .Select(name => name.EndsWith(Head, StringComparison.Ordinal) ? name[..^Head.Length] : name)
            .Order(StringComparer.OrdinalIgnoreCase), PretrainedModels.All.Select(m => m.Name));
        Assert.Subset(PretrainedModels.All.Select(m => m.Name).ToHashSet(),
            new HashSet<string> { PretrainedModels.NormalAbnormal, PretrainedModels.Super });
        Assert.InRange(files.Sum(file => new FileInfo(file).Length), 1, MostBytes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_built_in_is_the_file_to_the_byte_or_the_head_of_the_shared_network(string name)
    {
        var model = PretrainedModels.Get(name.ToUpperInvariant());
        var built = BytesOf(model);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(built)), model.Sha256);
        Assert.Equal($"pretrained {name} ({model.Sha256[..12]})", model.ToString());
        if (File.Exists(PathOf(name)))
        {
            Assert.Equal(File.ReadAllBytes(PathOf(name)), built);
            return;
        }
        var (whole, head, shared) = (model.Read(), ModelFile.Load(PathOf(name + Head)), ModelFile.Load(PathOf(Shared)));
        Assert.Equal(["pred_layer.weight", "pred_layer.bias"], head.Weights.Select(weight => weight.Name));
        Assert.Equal(shared.Weights.Select(weight => weight.Name), whole.Weights.Select(weight => weight.Name));
        Assert.All(whole.Weights, weight =>
            Assert.Equal((head.FindWeight(weight.Name) ?? shared.FindWeight(weight.Name)!).Data.ToArray(), weight.Data.ToArray()));
        Assert.Equal(head.Manifest.Classes, whole.Manifest.Classes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Both_backends_give_the_same_answer(string name)
    {
        var (file, components) = (PretrainedModels.Get(name).Read(), new SignalCamComponents());
        using var model = EcgModel.Load(file, name, components, "cpu");
        var recording = Tiny.Recording(5, seconds: 10);
        var (logits, probabilities) = (new float[model.Manifest.Classes.Count], new float[model.Manifest.Classes.Count]);
        CompiledScorer.Create(file).Score(recording.Samples.Span, logits, probabilities);
        var expected = model.Run(model.Prepare(recording).Samples.ToArray(), 1).Logits;
        Assert.All(expected.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_manifest_says_where_the_weights_come_from_and_they_never_saw_the_test_fold(string name)
    {
        var training = PretrainedModels.Get(name).Manifest.Training!;
        Assert.Equal(BuiltInDatasets.PtbXl, (string?)training["dataset"]);
        int[] used = [.. FoldSet.Parse((string)training["train_folds"]!).Folds, .. FoldSet.Parse((string)training["valid_folds"]!).Folds];
        Assert.All(used, fold => Assert.InRange(fold, 1, 9));
        JsonNode[] trainings = training["members"] is JsonArray members ? [.. members.Select(member => member!["training"]!)] : [training];
        Assert.All(trainings, one => Assert.NotNull(one["options"]!["seed"]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_manifest_has_the_checksum_of_the_weights_and_a_changed_weight_is_noticed(string name)
    {
        var bytes = BytesOf(PretrainedModels.Get(name));
        Assert.Equal(ChecksumOf(SafetensorsFile.Read(bytes, name)), ModelFile.Read(bytes, name).Manifest.WeightsSha256);
        // The least bit of the last weight.
        bytes[^sizeof(float)] ^= 1;
        Assert.Equal("weights", Assert.Throws<ModelFormatException>(() => ModelFile.Read(bytes, name)).Position);
    }

    [Theory]
    [InlineData(PretrainedModels.NormalAbnormal)]
    [InlineData(PretrainedModels.Super)]
    public void The_weights_for_a_task_carry_its_name(string task)
    {
        var manifest = PretrainedModels.Get(task).Manifest;
        Assert.Equal(task, manifest.Task);
        Assert.Equal(task == PtbXlTasks.Super ? ["NORM", "MI", "STTC", "CD", "HYP"] : ["abnormal"], manifest.Classes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_card_is_that_of_the_weights_and_says_what_a_card_has_to_say(string name)
    {
        var model = PretrainedModels.Get(name);
        var card = model.ReadCard();
        Assert.True(card.Contains($"`{model.Sha256}`", StringComparison.Ordinal),
            $"the card of {name} is of other weights: write it anew with the command that stands in it");
        foreach (var needed in (string[])
        [
            "## Intended use", "## Limitations", "## Data and licences", "CC BY 4.0", "10.1038/s41597-020-0495-6",
            "Weights: MIT", "Not a medical device", "build/weights.sh weights install", "preset, seed",
        ])
            Assert.Contains(needed, card, StringComparison.Ordinal);
        Assert.InRange(RocAuc(card), s_atLeast.GetValueOrDefault(name), 1);
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task The_figure_on_the_card_is_what_the_weights_do_on_real_recordings(string name)
    {
        var folder = TestData.PtbXl();
        await using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var card = PretrainedModels.Get(name).ReadCard();
        var outcome = await services.GetRequiredService<IEvaluationService>().EvaluateAsync(new EvaluationRequest
        {
            Pretrained = name,
            Dataset = new ComponentSpec(BuiltInDatasets.PtbXl, PluginOptions.Write(new PtbXlFolderOptions { Folder = folder })),
            Folds = FoldSet.Parse(MeasuredPattern().Match(card).Groups[1].Value),
        });
        // Four decimals are on the card; another processor may round sums otherwise.
        Assert.Equal(RocAuc(card), outcome.Metrics["roc-auc"]!.Value, 2e-4);
    }

    [Fact]
    public void Weights_that_are_not_there_are_an_error_that_lists_those_there_are()
    {
        var e = Assert.Throws<PluginException>(() => PretrainedModels.Get("joint"));
        Assert.Equal(
            $"no weights called 'joint' come with the SDK; available: {string.Join(", ", PretrainedModels.All.Select(m => m.Name))}",
            e.Message);
    }

    private static string PathOf(string name) => Path.Combine(Folder, name + ".safetensors");

    private static byte[] BytesOf(PretrainedModel model)
    {
        using var stream = model.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>As docs/model-file.md defines it.</summary>
    private static string ChecksumOf(SafetensorsFile file)
    {
        using var content = new MemoryStream();
        foreach (var tensor in file.Tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            content.Write(Encoding.UTF8.GetBytes($"{tensor.Name} {tensor.DType} [{string.Join(", ", tensor.Shape)}]\n"));
            content.Write(tensor.Data.Span);
        }
        return Convert.ToHexStringLower(SHA256.HashData(content.ToArray()));
    }

    private static double RocAuc(string card) => double.Parse(RocAucPattern().Match(card).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `(?:macro_)?roc_auc` \| ([0-9.]+) \|", RegexOptions.Multiline)]
    private static partial Regex RocAucPattern();

    [GeneratedRegex("^Measured on ptb-xl, fold ([0-9]+(?:[,-][0-9]+)*)", RegexOptions.Multiline)]
    private static partial Regex MeasuredPattern();
}
