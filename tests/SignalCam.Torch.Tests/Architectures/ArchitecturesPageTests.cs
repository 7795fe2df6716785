using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SignalCam.Abstractions;
using SignalCam.Testing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Training;
using SignalCam.Torch.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Architectures;

/// <summary>docs/architectures.md says what is so, and its code is this project's.</summary>
public sealed class ArchitecturesPageTests
{
    private static readonly string s_page =
        File.ReadAllText(Path.Combine(TestData.Root, "docs", "architectures.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Its_table_has_every_architecture_with_its_size()
    {
        var components = new SignalCamComponents();
        var input = new SignalLayout(SignalLayout.StandardLeads, 1000, 100);
        var rows = s_page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToArray();
        Assert.Equal(components.Architectures.Names, rows.Select(r => r[1].Trim('`')).Order(StringComparer.OrdinalIgnoreCase));
        foreach (var row in rows)
        {
            var backbone = components.Architectures.Create(new ComponentSpec(row[1].Trim('`'))).Create(input);
            using var network = new EcgNetwork(backbone, new SigmoidHead(backbone.Channels, 1));
            var table = LayerTable.Of(network, input);
            Assert.Equal(row[3], table.Parameters.ToString("N0", CultureInfo.InvariantCulture));
            Assert.Equal(row[4], (table.MultiplyAdds!.Value / 1e6).ToString("N1", CultureInfo.InvariantCulture) + " M");
            Assert.Equal(row[5], $"{backbone.Channels} x {backbone.Describe(input)[^1].Length}");
            Assert.Equal(row[6], backbone.ShortestInput.ToString(CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void Its_code_is_compiled_in_this_project()
    {
        var folder = Path.Combine(TestData.Root, "tests", "SignalCam.Torch.Tests", "Architectures");
        var sources = new[] { "StridedCnn.cs", "ArchitecturesPageTests.cs" }
            .Select(file => Unindented(File.ReadAllText(Path.Combine(folder, file)))).ToArray();
        var blocks = Regex.Matches(s_page, "```csharp\n(.*?)```", RegexOptions.Singleline)
            .Select(m => Unindented(m.Groups[1].Value)).ToArray();
        Assert.Equal(3, blocks.Length);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Its_example_is_trained_saved_and_explained()
    {
        using var folder = TestData.Folder();
        var path = folder["strided.safetensors"];
        var (train, valid) = (Recordings.Make(96, 1), Recordings.Make(32, 2));
        var recording = new EcgSignal(valid.Samples(0).ToArray(), valid.Layout);
        await TrainAsync(path, train, valid);

        var components = new SignalCamComponents();
        components.Architectures.Add<StridedCnnOptions>("strided-cnn", options => new StridedCnnArchitecture(options));

        using var model = EcgModel.Load(path, components);
        var output = model.Run(model.Prepare(recording).Samples.ToArray(), 1, CamKind.Exact);

        Assert.IsType<StridedCnn>(model.Network.Backbone);
        Assert.Equal("layers.0.weight", model.Network.State.Keys.First());
        Assert.Equal(output.Logits[0], output.Map(0, 0).ToArray().Average() + model.Network.Head.Bias.item<float>(), 1e-4);
    }

    [Fact]
    public void Its_measurement_runs()
    {
        Assert.InRange(ForwardTime(new SignalCamComponents(), "signal-cnn", batch: 1, rounds: 1),
            TimeSpan.FromTicks(1), TimeSpan.FromMinutes(1));
    }

    private static async Task TrainAsync(string path, LabeledRecordings train, LabeledRecordings valid)
    {
        var components = new SignalCamComponents();
        components.Architectures.Add<StridedCnnOptions>("strided-cnn", options => new StridedCnnArchitecture(options));
        var training = TrainingPresets.Recommended();
        training.Architecture = new ComponentSpec("strided-cnn", PluginOptions.Write(new StridedCnnOptions { Width = 16 }));
        training.Epochs = 1;
        using var session = new TrainingSession(components, training, new BumpTask());
        await session.RunAsync(path, train, valid);
    }

    private sealed class BumpTask : IEcgTask
    {
        public string Name => "bump";

        public IReadOnlyList<string> Classes => ["bump"];

        public TaskKind Kind => TaskKind.Binary;

        public bool TryGetTarget(EcgEntry entry, Span<float> target) => false;
    }

    private static TimeSpan ForwardTime(SignalCamComponents components, string name, int batch = 32, int rounds = 10)
    {
        using var backbone = components.Architectures.Create(new ComponentSpec(name))
            .Create(new SignalLayout(SignalLayout.StandardLeads, 1000, 100));
        backbone.eval();
        using var inference = inference_mode();
        using var signals = randn(batch, 12, 1000);
        var best = TimeSpan.MaxValue;
        for (var round = 0; round < rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            backbone.call(signals).Dispose();
            var time = Stopwatch.GetElapsedTime(start);
            best = time < best ? time : best;
        }
        return best;
    }

    // Whatever the indentation and the namespace.
    private static string Unindented(string code) =>
        string.Join('\n', code.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("namespace ", StringComparison.Ordinal)));
}
