using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Calibration;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Inference;

namespace SignalCam.Torch.Tests.Networks;

public sealed class ModelEnsembleTests
{
    private const int Leads = 3;
    private const int Length = 200;

    private static readonly SignalCamComponents s_components = Components();

    [Theory]
    [InlineData(TaskKind.Multilabel, 4)]
    [InlineData(TaskKind.Multiclass, 4)]
    [InlineData(TaskKind.Binary, 1)]
    public void Logits_and_maps_are_the_mean_of_the_members(TaskKind kind, int classes)
    {
        // Channels and depth differ; all have maps of 25 cells.
        using var first = Member("signal-cnn", """{ "channels": [4, 5, 6, 7] }""", classes, kind);
        using var second = Member("signal-cnn", """{ "channels": [3, 3, 3, 9], "kernel": 3 }""", classes, kind);
        using var third = Member("strided-cnn", "{}", classes, kind);
        EcgModel[] members = [first, second, third];
        var file = Join(members);
        using var joined = EcgModel.Load(ModelFile.Read(file.ToBytes(), "joined"), "joined", s_components, "cpu");

        var samples = CompiledScorerTests.Samples(joined.Input, 7);
        var outputs = members.Select(member => member.Run(samples, 1, CamKind.Exact)).ToArray();
        var found = joined.Run(samples, 1, CamKind.Exact);
        Assert.Equal(outputs[0].Cells, found.Cells);
        AssertMeans(outputs.Select(output => output.Logits), found.Logits);
        AssertMeans(outputs.Select(output => output.Maps), found.Maps);
        Assert.NotEqual(outputs[0].Logits, outputs[1].Logits);
        // Without torch as well.
        CompiledScorerTests.AssertSame(joined, CompiledScorer.Create(file), samples, CamKind.Exact);
    }

    [Fact]
    public void It_has_no_calibration_and_says_from_which_files_and_folds_it_was_made()
    {
        using var first = Member("signal-cnn", """{ "channels": [4, 5] }""", 2);
        using var second = Member("signal-cnn", """{ "channels": [3, 3] }""", 2);
        var (one, two) = (first.ToFile(), second.ToFile());
        one = With(one, """{ "dataset": "ptb-xl", "train_folds": "1-7", "valid_folds": "8" }""", [new(2, 1), new(3, 1)]);
        two = With(two, """
            { "dataset": "ptb-xl", "train_folds": "2-8", "valid_folds": "9", "options": { "selection": "last-epoch" } }
            """);
        var manifest = ModelEnsemble.Join([("one", one), ("two", two)], s_components).Manifest;
        Assert.Null(manifest.Calibration);
        Assert.Equal([0.5, 0.5], manifest.Thresholds);
        Assert.Equal([one.Sha256, two.Sha256], manifest.Training!["members"]!.AsArray().Select(member => (string)member!["sha256"]!));
        Assert.Equal("1-7", (string?)manifest.Training["members"]![0]!["training"]!["train_folds"]);
        var provenance = ModelProvenance.Of(manifest);
        // Fold 8 chose an epoch of the first and was learned by the second; the epoch of neither was chosen on fold 9.
        Assert.Equal(("ptb-xl", "1-8", "9", null),
            (provenance.Dataset, $"{provenance.Train}", $"{provenance.Validation}", provenance.Selection));

        // Of a member that says nothing, nothing can be said of the whole.
        var unknown = ModelEnsemble.Join([("one", one), ("two", second.ToFile())], s_components).Manifest;
        Assert.Equal((null, null), (ModelProvenance.Of(unknown).Dataset, ModelProvenance.Of(unknown).Train));
    }

    [Fact]
    public void Models_that_do_not_go_together_are_refused_by_what_differs()
    {
        using var model = Member("signal-cnn", """{ "channels": [4, 5] }""", 2);
        using var classes = Member("signal-cnn", """{ "channels": [4, 5] }""", 3);
        using var longer = Member("signal-cnn", """{ "channels": [4, 5] }""", 2, length: 300);
        using var coarser = Member("signal-cnn", """{ "channels": [4, 5, 6] }""", 2);
        using var foreign = Member("strided-cnn", "{}", 2);
        using var prepared = Member("signal-cnn", """{ "channels": [4, 5] }""", 2, preprocessing: []);
        Refused(classes, "second: found classes class 0, class 1, class 2, expected class 0, class 1, as first has");
        Refused(longer, "second: found input 3 leads x 300 samples at 100 Hz, expected 3 leads x 200 samples at 100 Hz");
        Refused(prepared, "second: found preprocessing");
        Refused(coarser, "'members'");
        // An outsider's architecture does not say beforehand what it builds: the forward pass finds the difference.
        Refused(foreign, "member2 (StridedCnn) has feature maps of 25 cells, member1 (SignalCnn) of 100");
        var file = model.ToFile();
        var headless = new ModelFile(file.Manifest, [.. file.Weights.Where(weight => weight.Name != "pred_layer.weight")]);
        Assert.Contains("pred_layer.weight", Assert.Throws<ModelFormatException>(
            () => ModelEnsemble.Join([("first", file), ("second", headless)], s_components)).Message, StringComparison.Ordinal);
        Assert.Contains("at least two",
            Assert.Throws<ArgumentException>(() => ModelEnsemble.Join([("one", model.ToFile())], s_components)).Message,
            StringComparison.Ordinal);

        void Refused(EcgModel other, string message) => Assert.Contains(message, Assert.ThrowsAny<Exception>(
            () => ModelEnsemble.Join([("first", model.ToFile()), ("second", other.ToFile())], s_components)).Message,
            StringComparison.Ordinal);
    }

    private static SignalCamComponents Components()
    {
        var components = new SignalCamComponents();
        components.Architectures.Add<Architectures.StridedCnnOptions>(
            "strided-cnn", options => new Architectures.StridedCnnArchitecture(options));
        return components;
    }

    private static ModelFile Join(IEnumerable<EcgModel> members) =>
        ModelEnsemble.Join([.. members.Select((member, i) => ($"{i}", member.ToFile()))], s_components);

    private static void AssertMeans(IEnumerable<float[]> parts, float[] found)
    {
        var all = parts.ToArray();
        for (var i = 0; i < found.Length; i++)
            Assert.Equal(all.Average(part => part[i]), found[i], 1e-4f);
    }

    private static ModelFile With(ModelFile file, string training, IReadOnlyList<ClassCalibration>? calibration = null) => new(
        file.Manifest with { Training = JsonNode.Parse(training)!.AsObject(), Calibration = calibration }, file.Weights, graph: file.Graph);

    private static EcgModel Member(
        string architecture, string options, int classes, TaskKind kind = TaskKind.Multilabel, int length = Length,
        IReadOnlyList<ComponentSpec>? preprocessing = null) =>
            CompiledScorerTests.Model(
                architecture, options, Leads, length, classes, kind, preprocessing ?? PreprocessingPresets.Paper, s_components);
}
