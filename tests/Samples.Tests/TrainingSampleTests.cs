using SignalCam.Core.Models;
using SignalCam.Testing;

namespace Samples.Tests;

public sealed class TrainingSampleTests
{
    [Fact]
    public async Task An_architecture_of_ones_own_is_trained_and_explained()
    {
        using var folder = TestData.Folder();
        var run = (await Sample.Start("CustomArchitecture", folder.Path, "120").EndAsync()).Succeeded();
        Assert.Contains(run.Lines, line => line.StartsWith("trained on ", StringComparison.Ordinal));

        var manifest = ModelFile.Load(folder["model.safetensors"]).Manifest;
        Assert.Equal("dilated-cnn", manifest.Architecture.Name);
        Assert.Equal("""{"width":16}""", manifest.Architecture.Options!.ToJsonString());

        Assert.Contains("scored by the compiled backend", run.Lines);
        Assert.NotEmpty(File.ReadAllBytes(folder["model.onnx"]));
        var picture = run.Lines.Single(line => line.StartsWith("explained recording", StringComparison.Ordinal)).Split(": ")[^1];
        Assert.Contains("by dilated-cnn", Sample.TextOf(picture), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_multiclass_head_on_ones_own_dataset_gives_a_map_for_each_class()
    {
        using var folder = TestData.Folder();
        var run = (await Sample.Start("MulticlassExtension", folder.Path, "150", "4").EndAsync()).Succeeded();
        Assert.Contains(run.Lines, line => line.StartsWith("on 15 others: accuracy ", StringComparison.Ordinal));

        var manifest = ModelFile.Load(folder["model.safetensors"]).Manifest;
        Assert.Equal("smoothed", manifest.Head.Name);
        Assert.Equal("""{"smoothing":0.05}""", manifest.Head.Options!.ToJsonString());
        Assert.Equal(["II", "V1"], manifest.Leads);

        string[] rhythms = ["SR", "AFIB", "BIGU"];
        Assert.Contains("AFIB", Sample.TextOf(folder["confusion.svg"]), StringComparison.Ordinal);
        foreach (var rhythm in rhythms)
        {
            var text = Sample.TextOf(folder[$"{rhythm}.svg"]);
            Assert.Contains($"which is {rhythm}", text, StringComparison.Ordinal);
            Assert.All(rhythms, name => Assert.Contains($"{name}: probability ", text, StringComparison.Ordinal));
        }
    }
}
