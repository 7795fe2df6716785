using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Models;
using SignalCam.Core.Onnx;
using SignalCam.Core.Preprocessing;
using SignalCam.Testing;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Tests.Inference;

namespace SignalCam.Torch.Tests.Onnx;

/// <summary>What is exported is held to TorchSharp by ONNX Runtime: the same recordings through both.</summary>
public sealed class OnnxArchitectureTests
{
    private const double Tolerance = 1e-4;
    private const int Batch = 3;

    private static readonly (TaskKind Kind, int Classes)[] s_heads =
    [
        (TaskKind.Binary, 1), (TaskKind.Multiclass, 4), (TaskKind.Multilabel, 5),
    ];

    public static TheoryData<string, string> Architectures => CompiledScorerTests.Architectures;

    [SkippableTheory]
    [MemberData(nameof(Architectures))]
    public void Probabilities_logits_and_maps_of_every_architecture_and_head_are_torchs(string architecture, string options)
    {
        var (jobs, expected) = (new List<OnnxJob>(), new List<IReadOnlyDictionary<string, float[]>>());
        foreach (var (kind, classes) in s_heads)
        {
            // An odd length too, of which pooling drops or rounds up a last window.
            var (leads, length, preprocessing) = kind == TaskKind.Binary
                ? (12, 1000, PreprocessingPresets.Recommended)
                : (3, 203, PreprocessingPresets.Paper);
            using var model = CompiledScorerTests.Model(architecture, options, leads, length, classes, kind, preprocessing);
            var raw = Enumerable.Range(0, Batch).SelectMany(seed => CompiledScorerTests.Samples(model.Input, seed)).ToArray();
            var prepared = raw.Chunk(leads * length)
                .SelectMany(r => model.Prepare(new EcgSignal(r, model.Input)).Samples.ToArray()).ToArray();
            var (file, shape) = (model.ToFile(), new[] { Batch, leads, length });
            var outputs = Expected(model, prepared);
            jobs.Add(new OnnxJob(OnnxExporter.Export(file), "prepared", shape, prepared));
            expected.Add(outputs);
            jobs.Add(new OnnxJob(OnnxExporter.Export(file, preprocessing: true), "millivolt", shape, raw));
            expected.Add(outputs);
        }
        foreach (var (i, found) in OnnxTools.Run(jobs).Index())
        {
            Assert.Equal(expected[i].Keys.Order(), found.Keys.Order());
            foreach (var (name, values) in expected[i])
                AssertClose(values, found[name].Values, $"{architecture}, {s_heads[i / 2].Kind}, {jobs[i].Input}, {name}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Architectures))]
    public void The_checker_takes_every_architecture(string architecture, string options)
    {
        using var model = CompiledScorerTests.Model(
            architecture, options, 12, 1000, 5, TaskKind.Multilabel, PreprocessingPresets.Recommended);
        var lines = OnnxTools.Check(OnnxExporter.Export(model.ToFile(), preprocessing: true), OnnxExporter.Export(model.ToFile()));
        Assert.All(lines, line => Assert.Contains("logits(batch,5)", line, StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task The_released_weights_give_the_references_logits_and_maps_from_raw_recordings()
    {
        using var model = Golden.ReleasedModel();
        var golden = Golden.Tensors("cam.safetensors");
        var recordings = await Golden.RecordingsAsync(golden["ecg_id"].ToInt64s());
        var found = OnnxTools.Run(new OnnxJob(
            OnnxExporter.Export(model.ToFile(), preprocessing: true), "millivolt", [recordings.Count, 12, 1000],
            [.. recordings.SelectMany(r => r.Samples.ToArray())]))[0];
        AssertClose([.. golden["logit"].ToDoubles().Select(l => (float)l)], found["logits"].Values, "logits");
        AssertClose(golden["exact_cam"].ToSingles(), found["cam_exact_cells"].Values, "cam_exact_cells", 1e-3);
        AssertClose(golden["paper_cam"].ToSingles(), found["cam_paper"].Values, "cam_paper", 1e-3);
    }

    private static Dictionary<string, float[]> Expected(EcgModel model, float[] prepared)
    {
        var exact = model.Run(prepared, Batch, CamKind.Exact);
        var outputs = new Dictionary<string, float[]> { ["logits"] = exact.Logits, ["probabilities"] = exact.Probabilities };
        AddMaps(exact, CamKind.Exact);
        if (model.ToFile().Graph!.FindCam(CamKind.Paper) is not null)
            AddMaps(model.Run(prepared, Batch, CamKind.Paper), CamKind.Paper);
        return outputs;

        void AddMaps(ModelOutput predictions, CamKind kind)
        {
            var maps = Enumerable.Range(0, Batch * predictions.ClassCount)
                .Select(i => CellMaps.ToHeatMap(
                    "", predictions.Map(i / predictions.ClassCount, i % predictions.ClassCount), model.Input.Length, kind)).ToArray();
            outputs.Add(OnnxExporter.CellsOutput(kind), [.. maps.SelectMany(m => m.Cells)]);
            outputs.Add(OnnxExporter.SamplesOutput(kind), [.. maps.SelectMany(m => m.Samples)]);
        }
    }

    // Relative to the largest: maps of untrained deep networks can be large.
    private static void AssertClose(float[] expected, float[] found, string what, double tolerance = Tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        var largest = Math.Max(1, expected.Max(Math.Abs));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance * largest,
                $"{what} at {i}: found {found[i]}, expected {expected[i]}");
    }
}
