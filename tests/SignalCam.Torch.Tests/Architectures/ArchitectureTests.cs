using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Testing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Architectures;

/// <summary>What holds for every built-in architecture.</summary>
public sealed class ArchitectureTests
{
    private const string SmallXResNet = """{ "stemChannels": [4, 4, 6], "channels": [4, 6, 6, 8], "kernel": 3 }""";

    private static readonly SignalCamComponents s_components = new();

    // Narrow, but as deep as the default.
    private static readonly Dictionary<string, string> s_small = new()
    {
        ["signal-cnn"] = """{ "channels": [4, 4, 6, 8] }""",
        ["fcn-wang"] = """{ "channels": [6, 8, 6] }""",
        ["resnet1d-wang"] = """{ "channels": 6 }""",
        ["xresnet1d18"] = SmallXResNet,
        ["xresnet1d34"] = SmallXResNet,
        ["xresnet1d50"] = SmallXResNet,
        ["xresnet1d101"] = SmallXResNet,
        ["xse-resnet1d18"] = SmallXResNet,
        ["xse-resnet1d50"] = SmallXResNet,
        ["inception-time"] = """{ "filters": 3, "bottleneck": 4 }""",
        ["ensemble"] = $$"""
            { "members": [
                { "name": "xresnet1d18", "options": {{SmallXResNet}} }, { "name": "xse-resnet1d18", "options": {{SmallXResNet}} }
            ] }
            """,
    };

    public static TheoryData<string> Names { get; } = [.. s_small.Keys];

    [Fact]
    public void All_that_are_registered_are_tested_here() =>
        Assert.Equal(s_small.Keys.Order(), s_components.Architectures.Names.Order());

    // A convolution without bias has in x out x kernel weights, a batch norm two per channel; the head one per channel and a bias.
    [Theory]
    [InlineData("fcn-wang", 12 * 128 * 8 + 128 * 256 * 5 + 256 * 128 * 3 + 2 * (128 + 256 + 128) + 129, 275_585)]
    [InlineData("resnet1d-wang", 12 * 128 * 7 + 256 + 3 * (128 * 128 * (5 + 3) + 512) + 2 * (128 * 128 + 256) + 129, 439_169)]
    [InlineData("xresnet1d18", XStem + 8 * XBasic + 65, 347_329)]
    [InlineData("xresnet1d34", XStem + 16 * XBasic + 65, 677_057)]
    [InlineData("xresnet1d50", XStem + XFirst + 15 * XBottleneck + 257, 886_657)]
    [InlineData("xresnet1d101", XStem + XFirst + 32 * XBottleneck + 257, 1_804_929)]
    [InlineData("xse-resnet1d18", XStem + 8 * (XBasic + 64 * 8 + 8 + 8 * 64 + 64) + 65, 356_097)]
    [InlineData("xse-resnet1d50", XStem + XFirst + 15 * XBottleneck + 16 * (256 * 32 + 32 + 32 * 256 + 256) + 257, 1_153_409)]
    [InlineData("inception-time",
        12 * 32 * 2 + 5 * 128 * 32 * 2 + 6 * (32 * 32 * (39 + 19 + 9) + 256) + (12 + 128) * 128 + 512 + 129, 473_473)]
    public void The_default_with_twelve_leads_and_one_output_has_this_many_parameters(string name, int formula, int literal)
    {
        using var network = Network(new ComponentSpec(name), "binary", 1, Leads(12), 1000);
        Assert.Equal(literal, network.ParameterCount);
        Assert.Equal(literal, formula);
    }

    private const int XStem = 12 * 32 * 5 + 32 * 32 * 5 + 32 * 64 * 5 + 2 * (32 + 32 + 64);
    private const int XBasic = 2 * (64 * 64 * 5 + 128);
    private const int XBottleneck = 256 * 64 + 128 + 64 * 64 * 5 + 128 + 64 * 256 + 512;
    private const int XFirst = XBottleneck - 256 * 64 + 64 * 64 + 64 * 256 + 512;

    // Output lengths of 1000 samples: 999 for fcn-wang; 1000, 1000, 500, 250 for resnet1d-wang; 1000 for inception-time.
    [Theory]
    [InlineData("fcn-wang", 999L * (12 * 128 * 8 + 128 * 256 * 5 + 256 * 128 * 3))]
    [InlineData("resnet1d-wang", 1000L * (12 * 128 * 7) + (1000L + 500 + 250) * 128 * 128 * (5 + 3) + (500L + 250) * 128 * 128)]
    [InlineData("xresnet1d18", 500L * 5 * (12 * 32 + 32 * 32 + 32 * 64) + (250L + 125 + 63 + 32) * 4 * 64 * 64 * 5)]
    [InlineData("inception-time", 1000L * (12 * 32 * 2 + 5 * 128 * 32 * 2 + 6 * 32 * 32 * (39 + 19 + 9) + (12 + 128) * 128))]
    public void The_default_has_this_many_multiply_adds_in_its_convolutions(string name, long expected)
    {
        using var network = Network(new ComponentSpec(name), "binary", 1, Leads(12), 1000);
        Assert.Equal(expected, LayerTable.Of(network, new SignalLayout(Leads(12), 1000, 100)).ConvolutionMultiplyAdds);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Mean_of_each_class_map_plus_bias_is_its_logit(string name)
    {
        foreach (var (head, classes) in new[] { ("binary", 1), ("multilabel", 5) })
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            manual_seed(3);
            using var network = Network(Small(name), head, classes, Leads(3), 200);
            network.Evaluate();
            // As many recordings as classes: none may be mistaken for the other.
            var (logits, cam) = network.ForwardWithCam(randn(classes, 3, 200), CamKind.Exact);
            Assert.Equal([classes, classes], logits.shape);
            Assert.Equal([classes, classes], cam.shape[..2]);
            Assert.True(logits.std(unbiased: false).item<float>() > 0 || classes == 1);
            var difference = (cam.mean([2L]) + network.Head.Bias - logits).abs().max().item<float>();
            Assert.True(difference < 1e-4, $"difference {difference}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Feature_maps_have_the_channels_and_cells_that_the_table_says(string name)
    {
        foreach (var (leads, length) in new[] { (1, 200), (2, 131), (12, 97) })
        {
            using var scope = NewDisposeScope();
            using var quiet = no_grad();
            var input = new SignalLayout(Leads(leads), length, 100);
            using var backbone = s_components.Architectures.Create(Small(name)).Create(input);
            backbone.eval();
            var last = backbone.Describe(input)[^1];
            Assert.Equal([2, backbone.Channels, last.Length!.Value], backbone.call(randn(2, leads, length)).shape);
            Assert.Equal(backbone.Channels, last.Channels);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_table_counts_every_parameter_under_its_name_in_the_state_dict(string name)
    {
        var input = new SignalLayout(Leads(3), 200, 100);
        using var backbone = s_components.Architectures.Create(Small(name)).Create(input);
        var parameters = backbone.named_parameters().GroupBy(p => p.name[..p.name.LastIndexOf('.')])
            .ToDictionary(g => g.Key, g => g.Sum(p => p.parameter.numel()));
        var rows = backbone.Describe(input).Where(row => row.Parameters > 0).ToDictionary(row => row.Name, row => row.Parameters);
        Assert.Equal(parameters.OrderBy(p => p.Key), rows.OrderBy(r => r.Key));
        Assert.All(backbone.Describe(input), row => Assert.True(row.MultiplyAdds >= 0));
    }

    [Theory]
    [InlineData("signal-cnn", 8)]
    [InlineData("fcn-wang", 9)]
    [InlineData("resnet1d-wang", 7)]
    [InlineData("xresnet1d18", 32)]
    [InlineData("xresnet1d34", 32)]
    [InlineData("xresnet1d50", 32)]
    [InlineData("xresnet1d101", 32)]
    [InlineData("xse-resnet1d18", 32)]
    [InlineData("xse-resnet1d50", 32)]
    [InlineData("inception-time", 39)]
    public void The_shortest_recording_it_takes_works_and_a_shorter_one_is_refused(string name, int shortest)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Network(Small(name), "binary", 1, Leads(1), shortest);
        Assert.Equal(shortest, network.Backbone.ShortestInput);
        network.Evaluate();
        Assert.True(float.IsFinite(network.Forward(randn(1, 1, shortest)).item<float>()));
        var e = Assert.Throws<ArgumentException>(
            () => s_components.Architectures.Create(Small(name)).Create(new SignalLayout(["I"], shortest - 1, 100)));
        Assert.Contains($"found {shortest - 1}", e.Message, StringComparison.Ordinal);
        Assert.Contains($"at least {shortest}", e.Message, StringComparison.Ordinal);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_step_down_the_gradient_reaches_every_parameter_and_lowers_the_loss(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        using var network = Network(Small(name), "multilabel", 2, Leads(2), 64);
        var (signals, targets) = (randn(8, 2, 64), randint(0, 2, [8, 2], dtype: ScalarType.Float32));
        using var optimizer = optim.SGD(network.Parameters, 0.01);
        network.Train();
        var before = network.Head.Loss(network.Forward(signals), targets);
        before.backward();
        Assert.All(network.Parameters, p => Assert.False(p.grad is null));
        optimizer.step();
        var after = network.Head.Loss(network.Forward(signals), targets);
        Assert.True(after.item<float>() < before.item<float>(), $"{after.item<float>()} after, {before.item<float>()} before");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_file_brings_back_the_same_network(string name)
    {
        using var folder = TestData.Folder();
        manual_seed(7);
        var manifest = Manifest(Small(name), "multilabel", 3, Leads(2), 128);
        using var model = new EcgModel(EcgModel.CreateNetwork(manifest, s_components), manifest, s_components, "cpu");
        var random = new EcgRandom(1);
        float[] samples = [.. Enumerable.Range(0, 2 * 128).Select(_ => (float)random.Normal())];
        MoveRunningStatistics(model.Network);
        var before = model.Run(samples, 1, CamKind.Exact);
        model.Save(folder["model.safetensors"]);

        using var loaded = EcgModel.Load(folder["model.safetensors"], s_components, "cpu");
        var after = loaded.Run(samples, 1, CamKind.Exact);
        Assert.Equal(before.Logits, after.Logits);
        Assert.Equal(before.Maps, after.Maps);
        Assert.Equal(model.Network.State.Keys, loaded.Network.State.Keys);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_forward_pass_leaves_nothing_but_its_result(string name)
    {
        using var quiet = no_grad();
        using var network = Network(Small(name), "binary", 1, Leads(2), 128);
        network.Evaluate();
        using var signals = randn(2, 2, 128);
        // What earlier tests left to the finalizer is counted until it has run.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        using var features = network.Backbone.call(signals);
        Assert.Equal(before + 1, Tensor.TotalCount);
        Assert.False(signals.IsInvalid);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_leaves_its_input_as_it_was_and_twice_gives_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var network = Network(Small(name), "binary", 1, Leads(2), 128);
        network.Evaluate();
        var signals = randn(2, 2, 128);
        var copy = signals.clone();
        var one = network.Forward(signals).data<float>().ToArray();
        Assert.Equal(one, network.Forward(signals).data<float>().ToArray());
        Assert.True(signals.allclose(copy, 0, 0));
    }

    [Theory]
    [InlineData("fcn-wang", """{ "channels": [8, 8], "kernels": [3] }""", "Kernels: found [3], expected as many as Channels, 2")]
    [InlineData("fcn-wang", """{ "channels": [] }""", "Channels is []: ")]
    [InlineData("resnet1d-wang", """{ "kernels": [5, 4] }""", "Kernels: found [5, 4], expected positive odd numbers")]
    [InlineData("resnet1d-wang", """{ "kernels": [5] }""", "Kernels is [5]: ")]
    [InlineData("xresnet1d50", """{ "blocks": [1, 1] }""", "Blocks: found [1, 1], expected as many as Channels, 4")]
    [InlineData("xresnet1d50", """{ "kernel": 4 }""", "Kernel: found [4], expected positive odd numbers")]
    [InlineData("xse-resnet1d18", """{ "excitation": -1 }""", "Excitation is -1: ")]
    [InlineData("xse-resnet1d18", """{ "stochasticDepth": 1 }""", "StochasticDepth is 1: ")]
    [InlineData("inception-time", """{ "kernels": [40, 20, 10] }""", "Kernels: found [40, 20, 10], expected positive odd numbers")]
    [InlineData("inception-time", """{ "blocks": 0 }""", "Blocks is 0: ")]
    [InlineData("ensemble", "{}", "Members")]
    [InlineData("ensemble", """{ "members": [{ "name": "fcn-wang" }] }""", "Members")]
    [InlineData("ensemble", """{ "members": [{ "name": "fcn-wang" }, { "name": "fcn" }] }""", "no architecture is called 'fcn'")]
    [InlineData("ensemble", """{ "members": [{ "name": "fcn-wang" }, { "name": "signal-cnn" }] }""",
        "layer 'members'")]
    public void Sizes_that_make_no_network_are_refused(string name, string options, string message)
    {
        var spec = new ComponentSpec(name, JsonNode.Parse(options)!.AsObject());
        var e = Record.Exception(() => s_components.Architectures.Create(spec).Create(new SignalLayout(Leads(2), 1000, 100)));
        Assert.True(e is ArgumentException or PluginException, $"{e}");
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static EcgNetwork Network(ComponentSpec architecture, string head, int classes, IReadOnlyList<string> leads, int length) =>
        EcgModel.CreateNetwork(Manifest(architecture, head, classes, leads, length), s_components);

    private static ModelManifest Manifest(
        ComponentSpec architecture, string head, int classes, IReadOnlyList<string> leads, int length) => new()
        {
            Architecture = architecture,
            Head = new ComponentSpec(head),
            Task = "test",
            TaskKind = head == "binary" ? TaskKind.Binary : TaskKind.Multilabel,
            Classes = [.. Enumerable.Range(0, classes).Select(c => $"class {c}")],
            Leads = leads,
            SamplingRate = 100,
            Length = length,
            Preprocessing = PreprocessingPresets.Paper,
        };

    /// <summary>A narrow backbone of a built-in architecture.</summary>
    internal static Backbone CreateSmall(string name, int leads, int length) =>
        s_components.Architectures.Create(Small(name)).Create(new SignalLayout(Leads(leads), length, 100));

    private static ComponentSpec Small(string name) => new(name, JsonNode.Parse(s_small[name])!.AsObject());

    private static string[] Leads(int count) => [.. SignalLayout.StandardLeads.Take(count)];

    // So that the file has to bring back the norms' statistics too.
    private static void MoveRunningStatistics(EcgNetwork network)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        network.Train();
        network.Forward(randn(4, 2, 128) * 3 + 1);
        network.Evaluate();
    }
}
