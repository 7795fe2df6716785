using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Testing;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Explainers;
using TorchSharp;

namespace SignalCam.Torch.Tests.Networks;

public sealed class EcgModelTests
{
    private static readonly SignalCamComponents s_components = new();

    [Fact]
    public void A_model_file_alone_scores_a_raw_recording_as_before()
    {
        using var folder = TestData.Folder();
        using var model = Model();
        var recording = Recording(model.Input.Leads);
        var before = new CamExplainer().Explain(model, [recording])[0];
        model.Save(folder["model.safetensors"]);
        using var loaded = EcgModel.Load(folder["model.safetensors"], s_components, "cpu");
        var after = new CamExplainer().Explain(loaded, [recording])[0];
        Assert.Equal(before.Logits, after.Logits);
        Assert.Equal(before.Maps[0].Samples.ToArray(), after.Maps[0].Samples.ToArray());
    }

    [Fact]
    public void Leads_are_found_by_name_whatever_their_order()
    {
        using var model = Model();
        var recording = Recording(model.Input.Leads);
        var turned = Reversed(recording);
        Assert.Equal(new CamExplainer().Explain(model, [recording])[0].Logits, new CamExplainer().Explain(model, [turned])[0].Logits);
    }

    [Fact]
    public void A_recording_of_another_length_or_without_a_lead_is_refused_with_both_sides()
    {
        using var model = Model();
        var shorter = new EcgSignal(new float[12 * 500], new SignalLayout(SignalLayout.StandardLeads, 500, 100));
        var e = Assert.Throws<ArgumentException>(() => model.Prepare(shorter));
        Assert.Contains("12 leads x 500 samples at 100 Hz, the model takes 12 leads x 1000 samples at 100 Hz",
            e.Message, StringComparison.Ordinal);
        var two = new EcgSignal(new float[2 * 1000], new SignalLayout(["I", "II"], 1000, 100));
        Assert.Contains("no lead 'III'; there are I, II",
            Assert.Throws<ArgumentException>(() => model.Prepare(two)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_recording_gives_a_finite_map()
    {
        using var model = Model();
        var flat = new EcgSignal(new float[12 * 1000], model.Input);
        foreach (var kind in Enum.GetValues<CamKind>())
            Assert.All(new CamExplainer(kind).Explain(model, [flat])[0].Maps[0].Samples, v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void Weights_that_do_not_fit_are_refused_by_name_and_change_nothing()
    {
        using var model = Model();
        var state = NetworkState.Copy(model.Network);
        var without = state.Where(t => t.Name != "last_conv.bias").ToArray();
        Assert.Contains("no tensor 'last_conv.bias'",
            Assert.Throws<ModelFormatException>(() => NetworkState.Load(model.Network, without, "file")).Message, StringComparison.Ordinal);
        NamedTensor[] more = [.. state, new NamedTensor("extra", [1], new float[1])];
        Assert.Contains("tensor 'extra'",
            Assert.Throws<ModelFormatException>(() => NetworkState.Load(model.Network, more, "file")).Message, StringComparison.Ordinal);
        NamedTensor[] wrong = [.. state.Select(t => t.Name == "last_conv.bias" ? new NamedTensor(t.Name, [63], new float[63]) : t)];
        Assert.Contains("found shape [63], expected [64]",
            Assert.Throws<ModelFormatException>(() => NetworkState.Load(model.Network, wrong, "file")).Message, StringComparison.Ordinal);
        Assert.Equal(state[0].ToSingles(), NetworkState.Copy(model.Network)[0].ToSingles());
    }

    [Fact]
    public async Task Many_threads_get_the_results_of_one()
    {
        using var model = Model();
        var recordings = Enumerable.Range(0, 16).Select(i => Recording(model.Input.Leads, (ulong)i)).ToArray();
        var alone = recordings.Select(r => new CamExplainer().Explain(model, [r])[0].Logits[0]).ToArray();
        var together = await Task.WhenAll(recordings.Select(r => Task.Run(() => new CamExplainer().Explain(model, [r])[0].Logits[0])));
        Assert.Equal(alone, together);
    }

    private static EcgModel Model() =>
        TestModels.Create(TestModels.Manifest with { Preprocessing = PreprocessingPresets.Paper }, components: s_components);

    private static EcgSignal Recording(IReadOnlyList<string> leads, ulong seed = 1)
    {
        var random = new EcgRandom(seed);
        return new EcgSignal([.. Enumerable.Range(0, 12_000).Select(_ => (float)random.Normal())], new SignalLayout(leads, 1000, 100));
    }

    private static EcgSignal Reversed(EcgSignal recording)
    {
        var samples = new List<float>();
        foreach (var lead in recording.Leads.Reverse())
            samples.AddRange(recording.Lead(lead));
        return new EcgSignal([.. samples], new SignalLayout([.. recording.Leads.Reverse()], 1000, 100));
    }
}
