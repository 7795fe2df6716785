using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Testing;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Heads;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Training;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Sessions;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Architectures;

/// <summary>docs/architectures.md says what is so, and its example works.</summary>
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
        // An ensemble has the size of its members.
        Assert.Equal(components.Architectures.Names.Where(name => name != EnsembleArchitecture.ArchitectureName),
            rows.Select(r => r[1].Trim('`')).Order(StringComparer.OrdinalIgnoreCase));
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
}
