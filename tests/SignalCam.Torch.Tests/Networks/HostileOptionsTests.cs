using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Testing;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Inference;

namespace SignalCam.Torch.Tests.Networks;

/// <summary>Options of an architecture that its weights do not fill: nothing is built of them.</summary>
public sealed class HostileOptionsTests
{
    // What a layer that is built in vain would take at least.
    private const long MostBytes = 64 << 20;

    private static readonly SignalCamComponents s_components = new();

    [SkippableTheory]
    [InlineData("torch-arch-1g/arch-1g.safetensors")]
    [InlineData("torch-arch-6000/arch-6000.safetensors")]
    [InlineData("torch-arch-huge/arch-huge.safetensors")]
    [InlineData("torch-arch-null/arch-null.safetensors")]
    public void Files_that_took_gigabytes_are_refused_before_a_layer_is_built(string file)
    {
        var path = TestData.Shared(Path.Combine("cases/fuzz", file));
        AssertRefused(() => EcgModel.Load(path, s_components, "cpu"));
    }

    [Theory]
    [InlineData("signal-cnn", """{ "channels": [20000, 20000, 64] }""", "up to 16384")]
    [InlineData("signal-cnn", """{ "channels": [16000, 16000, 64] }""",
        "tensor 'pre_cnn_extractor.0.weight': found shape [16, 12, 11], expected [16000, 12, 11]")]
    [InlineData("signal-cnn", """{ "channels": [16, 16, 32, 64], "kernel": 9 }""",
        "tensor 'cnn_extractor.0.0.weight': found shape [16, 16, 7], expected [16, 16, 9]")]
    [InlineData("signal-cnn", """{ "channels": [16, 16, 32, 64, 64] }""", "tensor 'cnn_extractor.2.0.weight': found nothing")]
    [InlineData("signal-cnn", """{ "channels": [16, 16, 32, 64], "kernel": 8 }""", "kernels must be odd")]
    [InlineData("xresnet1d18", """{ "channels": [1000, 10], "blocks": [999, 2] }""", "at most 4096 layers")]
    [InlineData("xresnet1d18", """{ "channels": [1000, 10], "blocks": [1000000000, 2] }""", "Blocks: found [1000000000, 2]")]
    [InlineData("inception-time", """{ "filters": 4096, "bottleneck": 4096 }""", "found nothing")]
    [InlineData("fcn-wang", """{ "channels": [8], "kernels": [2000000000] }""", "Kernels: found [2000000000]")]
    public void Options_that_the_weights_do_not_fill_are_refused_by_the_tensor(string architecture, string options, string message)
    {
        using var model = CompiledScorerTests.Model("signal-cnn", "{}", 12, 1000, 1);
        var file = model.ToFile();
        var changed = new ModelFile(
            file.Manifest with { Architecture = new ComponentSpec(architecture, JsonNode.Parse(options)!.AsObject()) },
            file.Weights, graph: file.Graph);
        var error = AssertRefused(() => EcgModel.Load(changed, "changed", s_components, "cpu"));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xresnet1d18", """{ "channels": [1000, 10], "blocks": [999, 2] }""")]
    [InlineData("signal-cnn", """{ "channels": [16000, 16000, 64] }""")]
    [InlineData("inception-time", """{ "filters": 4096, "bottleneck": 4096 }""")]
    public void Networks_that_no_machine_would_hold_are_not_built_for_a_training_either(string architecture, string options)
    {
        var created = s_components.Architectures.Create(new ComponentSpec(architecture, JsonNode.Parse(options)!.AsObject()));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<ArgumentException>(() => created.Create(new SignalLayout(SignalLayout.StandardLeads, 1000, 100)));
        Assert.Contains($"architecture {architecture}", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }

    private static SignalCamException AssertRefused(Func<IDisposable> load)
    {
        var (managed, process) = (GC.GetAllocatedBytesForCurrentThread(), Environment.WorkingSet);
        var error = Assert.ThrowsAny<SignalCamException>(() => load().Dispose());
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - managed, 0, MostBytes);
        Assert.InRange(Environment.WorkingSet - process, long.MinValue, 2 * MostBytes);
        return error;
    }
}
