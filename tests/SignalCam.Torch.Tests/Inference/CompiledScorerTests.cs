using System.Text.Json.Nodes;
using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Preprocessing;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Tests.Inference;

/// <summary>The compiled scorer is held to TorchSharp: the same recordings through both.</summary>
public sealed class CompiledScorerTests
{
    private const double Tolerance = 1e-4;

    private static readonly SignalCamComponents s_components = new();

    public static TheoryData<string, string> Architectures { get; } = new()
    {
        { "signal-cnn", "{}" },
        { "fcn-wang", "{}" },
        { "resnet1d-wang", "{}" },
        { "xresnet1d18", "{}" },
        { "xresnet1d34", "{}" },
        { "xresnet1d50", "{}" },
        { "xresnet1d101", "{}" },
        { "xse-resnet1d18", "{}" },
        { "xse-resnet1d50", "{}" },
        { "inception-time", "{}" },
        // Channels that fill no block of four, and widths of stages that differ.
        { "signal-cnn", """{ "channels": [5, 3, 6, 7, 9], "firstKernel": 5, "kernel": 3, "negativeSlope": 0.3 }""" },
        { "fcn-wang", """{ "channels": [6, 7, 5], "kernels": [4, 2, 6] }""" },
        { "xresnet1d50", """{ "stemChannels": [3, 5, 6], "channels": [4, 6, 6, 9], "kernel": 3 }""" },
        { "inception-time", """{ "filters": 3, "bottleneck": 5 }""" },
        { "ensemble", """{ "members": [{ "name": "signal-cnn", "options": { "channels": [5, 3, 6, 7] } }, { "name": "signal-cnn" }] }""" },
    };

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Logits_and_maps_of_every_architecture_are_torchs(string architecture, string options)
    {
        foreach (var (leads, length, classes) in new[] { (12, 1000, 1), (2, 203, 5) })
        {
            using var model = Model(architecture, options, leads, length, classes);
            AssertSame(model, CompiledScorer.Create(model.ToFile()), Samples(model.Input, 3), CamKind.Exact);
        }
    }

    [Fact]
    public void Paper_maps_of_several_classes_are_torchs()
    {
        using var model = Model("signal-cnn", "{}", 12, 1000, 5);
        AssertSame(model, CompiledScorer.Create(model.ToFile()), Samples(model.Input, 3), CamKind.Paper);
    }

    [Fact]
    public void Softmax_probabilities_are_torchs_and_calibration_is_applied_first()
    {
        using var model = Model("signal-cnn", "{}", 3, 200, 4, TaskKind.Multiclass);
        var samples = Samples(model.Input, 1);
        var scorer = CompiledScorer.Create(model.ToFile());
        AssertSame(model, scorer, samples, CamKind.Exact);

        var file = model.ToFile();
        ClassCalibration[] calibration = [new(2, 0.5), new(1, 0), new(0.5, -1), new(3, 1)];
        var calibrated =
            CompiledScorer.Create(new ModelFile(file.Manifest with { Calibration = calibration }, file.Weights, graph: file.Graph));
        var (logits, probabilities) = (new float[4], new float[4]);
        calibrated.Score(samples, logits, probabilities);
        var exponentials = logits.Select((l, c) => Math.Exp(calibration[c].Apply(l))).ToArray();
        for (var c = 0; c < 4; c++)
            Assert.Equal(exponentials[c] / exponentials.Sum(), probabilities[c], 1e-6);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(203)]
    public void All_vector_widths_give_the_same_within_1e_5(int length)
    {
        using var model = Model("signal-cnn", "{}", 12, length, 2);
        var (file, preprocessor, samples) = (model.ToFile(), model.Preprocessor, Samples(model.Input, 1));
        var results = new[] { VectorWidth.V128, VectorWidth.V256, VectorWidth.V512 }.Select(width =>
        {
            var scorer = CompiledScorer.Create(file, preprocessor, width);
            var (logits, cells) = (new float[2], new float[2 * scorer.CellCount(CamKind.Exact)]);
            scorer.Explain(samples, CamKind.Exact, logits, new float[2], cells, new float[2 * length]);
            return (float[])[.. logits, .. cells];
        }).ToArray();
        foreach (var result in results)
            Assert.Equal(0, results[0].Zip(result, (a, b) => Math.Abs(a - b)).Max(), 1e-5);
    }

    [Fact]
    public void A_call_allocates_nothing_once_there_is_a_workspace()
    {
        using var model = Model("signal-cnn", "{}", 12, 1000, 2, preprocessing: PreprocessingPresets.Recommended);
        var scorer = CompiledScorer.Create(model.ToFile());
        var samples = Samples(model.Input, 1);
        var (logits, probabilities, heat) = (new float[2], new float[2], new float[2000]);
        var cells = new float[2 * scorer.CellCount(CamKind.Exact)];
        for (var i = 0; i < 50; i++)
            Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            scorer.Score(samples, logits, probabilities);
            scorer.Explain(samples, CamKind.Exact, logits, probabilities, cells, heat);
            scorer.Explain(samples, CamKind.Paper, logits, probabilities, cells, heat);
        }
    }

    [Fact]
    public void Concurrent_callers_get_what_they_would_alone()
    {
        using var model = Model("xresnet1d18", """{ "stemChannels": [3, 5, 6], "channels": [4, 6, 6, 9], "kernel": 3 }""", 3, 300, 2);
        var scorer = CompiledScorer.Create(model.ToFile());
        var recordings = Enumerable.Range(0, 16).Select(seed => Samples(model.Input, seed)).ToArray();
        var alone = recordings.Select(Logits).ToArray();
        Parallel.For(0, 400, i => Assert.Equal(alone[i % 16], Logits(recordings[i % 16])));

        float[] Logits(float[] samples)
        {
            var logits = new float[2];
            scorer.Score(samples, logits, new float[2]);
            return logits;
        }
    }

    internal static void AssertSame(EcgModel model, CompiledScorer scorer, float[] samples, CamKind kind)
    {
        var prepared = model.Prepare(new EcgSignal(samples, model.Input)).Samples.ToArray();
        var expected = model.Run(prepared, 1, kind);
        var classes = expected.ClassCount;
        Assert.Equal(expected.Cells, scorer.CellCount(kind));
        var (logits, probabilities, cells, heat) = (
            new float[classes], new float[classes], new float[classes * expected.Cells], new float[classes * model.Input.Length]);
        scorer.Explain(samples, kind, logits, probabilities, cells, heat);
        for (var c = 0; c < classes; c++)
        {
            Assert.Equal(expected.Logits[c], logits[c], Tolerance);
            Assert.Equal(expected.Probabilities[c], probabilities[c], Tolerance);
            var map = CellMaps.ToHeatMap("", expected.Map(0, c), model.Input.Length, kind);
            AssertClose(map.Cells.AsSpan(), cells.AsSpan(c * expected.Cells, expected.Cells), Tolerance);
            AssertClose(map.Samples.AsSpan(), heat.AsSpan(c * model.Input.Length, model.Input.Length),
                kind == CamKind.Exact ? Tolerance : 1e-3);
        }
        var scoreOnly = new float[classes];
        scorer.Score(samples, scoreOnly, probabilities);
        Assert.Equal(logits, scoreOnly);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        // Relative to the largest: maps of untrained deep networks can be large.
        var largest = 1f;
        foreach (var value in expected)
            largest = Math.Max(largest, Math.Abs(value));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * largest, $"at {i}: expected {expected[i]}, found {actual[i]}");
    }

    internal static EcgModel Model(
        string architecture, string options, int leads, int length, int classes, TaskKind? kind = null,
        IReadOnlyList<ComponentSpec>? preprocessing = null, SignalCamComponents? components = null)
    {
        components ??= s_components;
        manual_seed(1);
        var task = kind ?? (classes == 1 ? TaskKind.Binary : TaskKind.Multilabel);
        var manifest = new ModelManifest
        {
            Architecture = new ComponentSpec(architecture, JsonNode.Parse(options)!.AsObject()),
            Head = new ComponentSpec(task.ToString().ToLowerInvariant()),
            Task = "test",
            TaskKind = task,
            Classes = [.. Enumerable.Range(0, classes).Select(c => $"class {c}")],
            Leads = [.. SignalLayout.StandardLeads.Take(leads)],
            SamplingRate = 100,
            Length = length,
            Preprocessing = preprocessing ?? PreprocessingPresets.Paper,
        };
        var model = new EcgModel(EcgModel.CreateNetwork(manifest, components), manifest, components, "cpu");
        Disturb(model.Network);
        return model;
    }

    internal static float[] Samples(SignalLayout layout, int seed)
    {
        var random = new EcgRandom((ulong)seed + 1);
        return [.. Enumerable.Range(0, layout.LeadCount * layout.Length).Select(_ => (float)random.Normal())];
    }

    // Norms that neither scale by zero or one nor shift by nothing, kept small enough that a deep network does not blow up.
    private static void Disturb(EcgNetwork network)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        foreach (var (name, tensor) in network.State)
        {
            if (name.EndsWith("running_mean", StringComparison.Ordinal)
                || (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("bias", StringComparison.Ordinal)))
                tensor.copy_(rand(tensor.shape) - 0.5);
            else if (name.EndsWith("running_var", StringComparison.Ordinal)
                || (name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal)))
                tensor.copy_(rand(tensor.shape) * (name.EndsWith("running_var", StringComparison.Ordinal) ? 1.0 : 0.4)
                    + (name.EndsWith("running_var", StringComparison.Ordinal) ? 1.0 : 0.1));
        }
    }
}
