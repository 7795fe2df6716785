using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Core.Scoring;
using SignalCam.Core.Synthetic;
using SignalCam.Sdk.Training;
using SignalCam.Testing;
using SignalCam.Torch;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using ThirdParty.Tests.Architectures;
using ThirdParty.Tests.Heads;

namespace ThirdParty.Tests;

/// <summary>
/// Networks of today, written outside: trained for an epoch, explained, compiled and exported, with the same numbers everywhere.
/// </summary>
public sealed class ModernNetworkTests
{
    private const double Tolerance = 1e-4;

    [Theory]
    [InlineData("convnext1d", """{ "width": 12, "blocks": 3 }""")]
    [InlineData("se-resnet", """{ "width": 12, "blocks": 2 }""")]
    public async Task A_network_of_today_trains_explains_compiles_and_exports(string architecture, string options)
    {
        using var folder = TestData.Folder();
        var path = folder["model.safetensors"];
        await using var services = Register(new ServiceCollection()).BuildServiceProvider();
        var trained = await services.GetRequiredService<ITrainingService>().TrainAsync(new TrainingRequest
        {
            ModelPath = path,
            Dataset = new ComponentSpec("synthetic", new JsonObject { ["records"] = 60 }),
            Options = new TrainingOptions
            {
                Architecture = new ComponentSpec(architecture, JsonNode.Parse(options)!.AsObject()),
                Epochs = 1,
                BatchSize = 16,
            },
        });
        Assert.True(double.IsFinite(Assert.Single(trained.Result.Epochs).TrainLoss));

        // Read without its architecture: what is computed stands in the file.
        var file = ModelFile.Load(path);
        using var compiled = ScoringModel.Create(file);
        using var model = EcgModel.Load(path, services.GetRequiredService<SignalCamComponents>(), "cpu");
        for (var i = 0; i < 5; i++)
            AssertSame(file, compiled, model, Recording(i, file.Manifest));
    }

    [Theory]
    [InlineData("convnext1d")]
    [InlineData("se-resnet")]
    public void Several_classes_and_an_odd_length_agree_as_well(string architecture)
    {
        var components = Components();
        var manifest = new ModelManifest
        {
            Architecture = new ComponentSpec(architecture),
            Head = new ComponentSpec("focal"),
            Task = "test",
            TaskKind = TaskKind.Multiclass,
            Classes = ["a", "b", "c"],
            Leads = ["I", "II", "V1"],
            SamplingRate = 100,
            Length = 333,
            Preprocessing = [],
        };
        using var model = new EcgModel(EcgModel.CreateNetwork(manifest, components), manifest, components, "cpu");
        var file = model.ToFile();
        using var compiled = ScoringModel.Create(file);
        AssertSame(file, compiled, model, Recording(7, manifest));
    }

    [Fact]
    public void Layers_without_a_counterpart_are_named()
    {
        var graph = new LayerGraphBuilder();
        var error = Assert.Throws<ModelNotSupportedException>(() => SignalCam.Torch.Architectures.ModuleGraph.AddModule(
            graph, "body", TorchSharp.torch.nn.Sequential(TorchSharp.torch.nn.ReLU(), TorchSharp.torch.nn.Softsign()), LayerGraph.Signals));
        Assert.Contains("module 'body.1', Softsign", error.Message, StringComparison.Ordinal);
    }

    /// <summary>TorchSharp, the compiled scorer and ONNX Runtime on one recording.</summary>
    private static void AssertSame(ModelFile file, ScoringModel compiled, EcgModel model, EcgSignal recording)
    {
        var prepared = model.Prepare(recording).Samples.ToArray();
        var expected = model.Run(prepared, 1, CamKind.Exact);
        var scores = compiled.Classify(recording, new ClassifyOptions { Explain = true }).Scores;
        float[] heat = [.. scores.SelectMany(score => score.HeatMap!.Samples)];
        AssertClose(expected.Logits, [.. scores.Select(score => (float)score.Logit)]);
        AssertClose(expected.Probabilities, [.. scores.Select(score => (float)score.Probability)]);
        AssertClose(expected.Maps, [.. scores.SelectMany(score => score.HeatMap!.Cells)]);
        var bias = file.FindWeight("pred_layer.bias")!.ToSingles();
        foreach (var (c, score) in scores.Index())
            Assert.Equal(score.Logit, score.HeatMap!.Cells.Average() + bias[c], Tolerance);

        foreach (var inside in new[] { false, true })
        {
            var found = OnnxTools.Run(new OnnxJob(
                OnnxExporter.Export(file, inside), inside ? OnnxExporter.MillivoltInput : OnnxExporter.PreparedInput,
                [1, compiled.Input.LeadCount, compiled.Input.Length], inside ? recording.Samples.ToArray() : prepared))[0];
            AssertClose(expected.Logits, found[OnnxExporter.LogitsOutput].Values);
            AssertClose(expected.Probabilities, found[OnnxExporter.ProbabilitiesOutput].Values);
            AssertClose(expected.Maps, found[OnnxExporter.CellsOutput(CamKind.Exact)].Values);
            AssertClose(heat, found[OnnxExporter.SamplesOutput(CamKind.Exact)].Values);
        }
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        var scale = Math.Max(1, expected.Max(Math.Abs));
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() / scale, 0, Tolerance);
    }

    private static IServiceCollection Register(IServiceCollection services) => services.AddSignalCam(o => o.Device = "cpu")
        .AddArchitecture<ConvNext1dOptions>("convnext1d", (input, options) => new ConvNext1d(input.LeadCount, options))
        .AddArchitecture<SqueezeExciteOptions>("se-resnet", (input, options) => new SqueezeExciteResNet(input.LeadCount, options))
        .Services;

    private static SignalCamComponents Components()
    {
        var components = new SignalCamComponents();
        components.Architectures.Add<ConvNext1dOptions>(
            "convnext1d", options => new From(input => new ConvNext1d(input.LeadCount, options)));
        components.Architectures.Add<SqueezeExciteOptions>(
            "se-resnet", options => new From(input => new SqueezeExciteResNet(input.LeadCount, options)));
        components.Heads.Add("focal", () => new FromFocal());
        return components;
    }

    private static EcgSignal Recording(int seed, ModelManifest manifest)
    {
        var random = new EcgRandom((ulong)seed + 1);
        var whole = SyntheticEcg.Generate(new SyntheticOptions
        {
            Seconds = manifest.Length / manifest.SamplingRate,
            SamplingRate = manifest.SamplingRate,
        }, random).Signal;
        return new EcgSignal([.. manifest.Leads.SelectMany(lead => whole.Lead(lead)[..manifest.Length].ToArray())], manifest.Layout);
    }

    private sealed class From(
        Func<SignalLayout, SignalCam.Torch.Architectures.Backbone> create) : SignalCam.Torch.Architectures.IEcgArchitecture
    {
        public string Name => "from";

        public SignalCam.Torch.Architectures.Backbone Create(SignalLayout input) => create(input);
    }

    private sealed class FromFocal : SignalCam.Torch.Heads.IEcgHead
    {
        public string Name => "focal";

        public SignalCam.Torch.Heads.EcgHead Create(int channels, int classes, TaskKind kind) =>
            new FocalHead(channels, classes, new FocalOptions());
    }
}
