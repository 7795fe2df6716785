using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Models;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Scoring;
using SignalCam.Core.Synthetic;
using SignalCam.Formats;
using SignalCam.Testing;
using SignalCam.Torch;
using ThirdParty.Tests.Architectures;
using ThirdParty.Tests.Augmentations;
using ThirdParty.Tests.Checks;
using ThirdParty.Tests.Datasets;
using ThirdParty.Tests.Explainers;
using ThirdParty.Tests.Formats;
using ThirdParty.Tests.Heads;
using ThirdParty.Tests.Metrics;
using ThirdParty.Tests.Tasks;
using ThirdParty.Tests.Transforms;

namespace ThirdParty.Tests.Docs;

/// <summary>docs/plugins, and the other pages' code that needs no page of tests of its own.</summary>
public sealed class PluginPagesTests
{
    public static TheoryData<string> Kinds =>
        ["dataset", "format", "task", "transform", "augmentation", "architecture", "head", "explainer", "metric", "check"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_page_lists_the_built_in_plug_ins_of_its_kind(string kind)
    {
        using var services = new ServiceCollection().AddSignalCam().Services.BuildServiceProvider();
        var components = services.GetRequiredService<SignalCamComponents>();
        IEnumerable<string> names = kind switch
        {
            "dataset" => components.Datasets.Names,
            "format" => EcgFile.Formats.Select(format => format.Name).Order(StringComparer.OrdinalIgnoreCase),
            "task" => components.Tasks.Names,
            "transform" => components.Transforms.Names,
            "augmentation" => components.Augmentations.Names,
            "architecture" => components.Architectures.Names,
            "head" => components.Heads.Names,
            "explainer" => components.Explainers.Names,
            "check" => components.Checks.Names,
            _ => components.Metrics.Names,
        };
        Assert.Equal(names, Page.Read($"docs/plugins/{kind}.md").Rows().Select(row => row[0]).Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_host_adds_what_an_assembly_of_plug_ins_registers()
    {
        var services = new ServiceCollection();
        services.AddSignalCam().AddPlugin<WardPlugins>();
        using var provider = services.BuildServiceProvider();
        var components = provider.GetRequiredService<SignalCamComponents>();
        Assert.True(components.Datasets.Contains("ward-csv") && components.Transforms.Contains("ward-clip")
            && components.Architectures.Contains("ward-cnn"));
    }

    [Fact]
    public void What_the_pages_register_is_there()
    {
        var services = new ServiceCollection();

        services.AddSignalCam().AddDataset<CsvDataset, CsvDatasetOptions>("csv", o => o.Folder = "recordings");
        services.AddSignalCam().AddFormat<StripFormat, StripOptions>("strip", o => o.MaxSeconds = 3600);
        services.AddSignalCam().AddTask<RateTask>("rate");
        services.AddSignalCam().AddTransform<Clip, ClipOptions>("clip", o => o.Millivolt = 2.5f);
        services.AddSignalCam().AddAugmentation<MainsHum, MainsHumOptions>("mains-hum");
        services.AddSignalCam().AddArchitecture<SmallCnnOptions>("small-cnn", (input, options) => new SmallCnn(input.LeadCount, options));
        services.AddSignalCam().AddHead<FocalOptions>(
            "focal", TaskKind.Multiclass, (channels, classes, options) => new FocalHead(channels, classes, options));
        services.AddSignalCam().AddExplainer<HiddenParts, HiddenPartsOptions>("hidden-parts");
        services.AddSignalCam().AddMetric<WorstRecall>("worst-recall");
        services.AddSignalCam().AddCheck<Protocol, ProtocolOptions>("protocol");

        using var provider = services.BuildServiceProvider();
        var components = provider.GetRequiredService<SignalCamComponents>();
        Assert.Equal("""{"millivolt":2.5}""", components.Transforms.Resolve(new ComponentSpec("CLIP")).Options!.ToJsonString());
        Assert.IsType<WorstRecall>(components.Metrics.Create(new ComponentSpec("worst-recall")));
        Assert.IsType<Protocol>(components.Checks.Create(new ComponentSpec("protocol")));
        Assert.IsType<HiddenParts>(components.Explainers.Create(new ComponentSpec("hidden-parts")));
        Assert.IsType<MainsHum>(components.Augmentations.Create(new ComponentSpec("mains-hum")));
        Assert.IsType<SmallCnn>(components.Architectures.Create(new ComponentSpec("small-cnn")).Create(new SignalLayout(["II"], 100, 100)));
        Assert.IsType<FocalHead>(components.Heads.Create(new ComponentSpec("focal")).Create(4, 3, TaskKind.Multiclass));
        Assert.Equal(TaskKind.Multiclass,
            components.Tasks.Create(new ComponentSpec("rate")).Create(
                components.Datasets.Create(new ComponentSpec("synthetic", new JsonObject { ["records"] = 1 }))).Kind);
        Assert.Equal("strip", provider.GetRequiredService<EcgFileReader>().Formats[0].Name);
        Assert.Throws<DirectoryNotFoundException>(() => components.Datasets.Create(new ComponentSpec("csv")));
    }

    [Fact]
    public void The_code_of_the_quality_page_refuses_what_cannot_be_believed()
    {
        var services = new ServiceCollection();

        services.AddSignalCam().AddPretrainedModel("super", model => model.Quality = QualityPolicy.Refuse);

        using var provider = services.BuildServiceProvider();
        var flat = new EcgSignal(new float[12 * 1000], new SignalLayout(SignalLayout.StandardLeads, 1000, 100));
        var error = Assert.Throws<RecordingRefusedException>(() => provider.GetRequiredService<IEcgClassifier>().Classify(flat));
        Assert.Equal("no-signal", Assert.Single(error.Findings).Code);
    }

    [Fact]
    public async Task The_code_of_the_labels_page_runs()
    {
        using var temporary = TestData.Folder();
        var folder = temporary.Path;
        await SyntheticDataset.WriteAsync(folder, new SyntheticDatasetOptions { Records = 160 });

        var dataset = PtbXlDataset.Open(folder);
        var task = PtbXlTasks.Create("normal-abnormal", dataset.Statements, LabelPolicy.Paper);
        var split = DatasetSplit.Official(dataset.Entries);      // folds 1-8, 9, 10; no patient in two of them
        var census = LabelCensus.Take(task, split.Validation);

        Assert.Equal(split.Validation.Count, census.Labelled);
        var spec = JsonSerializer.Deserialize<ComponentSpec>(Page.Read("docs/labels.md").Blocks("json").Single(), PluginOptions.Json)!;
        var made = new SignalCamComponents().Tasks.Create(spec).Create(dataset);
        var target = new float[made.Classes.Count];
        Assert.True(made.TryGetTarget(dataset.Entries[0] with { Statements = [new Statement("NORM", 50)] }, target));
        Assert.True(made.TryGetTarget(dataset.Entries[0] with { Statements = [new Statement("NORM", 0)] }, target));
        Assert.False(made.TryGetTarget(dataset.Entries[0] with { Statements = [new Statement("NORM", 49)] }, target));
    }

    [Fact]
    public void The_code_and_the_example_of_the_model_file_page_hold()
    {
        using var folder = TestData.Folder();
        var (path, tunedPath) = (Small.WriteModel(folder["model.safetensors"]), folder["tuned.safetensors"]);

        var model = ModelFile.Load(path);
        Console.WriteLine($"{model.Manifest.Task}: {string.Join(", ", model.Manifest.Classes)}");
        float[] bias = model.FindWeight("pred_layer.bias")!.ToSingles();
        new ModelFile(model.Manifest with { Thresholds = [0.4] }, model.Weights, graph: model.Graph).Save(tunedPath);

        Assert.Single(bias);
        Assert.Equal([0.4], ModelFile.Load(tunedPath).Manifest.Thresholds);

        var written = Page.Read("docs/model-file.md").Blocks("json").Single();
        var bytes = new SafetensorsFile([], new Dictionary<string, string> { [ModelFile.ManifestKey] = written }).ToBytes();
        var manifest = ModelFile.Read(bytes, "the page's example").Manifest;
        // Every option is stated, so that resolving the plug-ins' defaults adds nothing.
        var components = new SignalCamComponents();
        Assert.Equal(components.Architectures.Resolve(manifest.Architecture).Options!.ToJsonString(),
            manifest.Architecture.Options!.ToJsonString());
        Assert.All(manifest.Preprocessing,
            p => Assert.Equal(components.Transforms.Resolve(p).Options?.ToJsonString(), p.Options?.ToJsonString()));
        Assert.Equal(components.Tasks.Resolve(new ComponentSpec(manifest.Task)).Options!.ToJsonString(),
            manifest.LabelPolicy!.ToJsonString());
    }
}
