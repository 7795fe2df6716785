using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Inference;
using SignalCam.Core.Labels;
using SignalCam.Core.PtbXl;
using SignalCam.Testing;

namespace SignalCam.Torch.Tests.Inference;

public sealed class CompiledFold9Tests
{
    private const double Tolerance = 1e-4;

    [SkippableFact]
    public async Task On_all_of_fold_9_logits_and_exact_maps_are_torchs_and_so_is_the_confusion()
    {
        using var model = Golden.ReleasedModel();
        var scorer = CompiledScorer.Create(model.ToFile());
        var dataset = PtbXlDataset.Open(TestData.PtbXl());
        var task = PtbXlTasks.Create(PtbXlTasks.NormalAbnormal, dataset.Statements);
        var (logits, probabilities, cells, heat) = (new float[1], new float[1], new float[125], new float[1000]);
        var (torchs, compiled, target) = (new int[4], new int[4], new float[1]);
        var count = 0;
        foreach (var entry in FoldSet.Parse("9").Select(dataset.Entries))
        {
            var recording = await dataset.ReadAsync(entry);
            var expected = model.Run(model.Prepare(recording).Samples.ToArray(), 1, CamKind.Exact);
            scorer.Explain(recording.Samples.Span, CamKind.Exact, logits, probabilities, cells, heat);
            Assert.True(Math.Abs(expected.Logits[0] - logits[0]) <= Tolerance,
                $"recording {entry.Id}: logit {logits[0]}, torch's {expected.Logits[0]}");
            for (var i = 0; i < cells.Length; i++)
                Assert.True(Math.Abs(expected.Maps[i] - cells[i]) <= Tolerance,
                    $"recording {entry.Id}, cell {i}: {cells[i]}, torch's {expected.Maps[i]}");
            Assert.True(task.TryGetTarget(entry, target));
            var row = target[0] > 0 ? 2 : 0;
            torchs[row + (expected.Probabilities[0] > 0.5 ? 1 : 0)]++;
            compiled[row + (probabilities[0] > 0.5 ? 1 : 0)]++;
            count++;
        }
        Assert.Equal(2183, count);
        Assert.Equal(torchs, compiled);
        // True negatives, false positives, false negatives, true positives of the reference; see golden/fold9-summary.json.
        Assert.Equal([789, 125, 174, 1095], compiled);
    }

    [SkippableFact]
    public async Task Both_maps_agree_with_the_reference_implementation()
    {
        using var model = Golden.ReleasedModel();
        var scorer = CompiledScorer.Create(model.ToFile());
        var golden = Golden.Tensors("cam.safetensors");
        var recordings = await Golden.RecordingsAsync(golden["ecg_id"].ToInt64s());
        var (expectedLogits, exact, before, published) = (
            golden["logit"].ToDoubles(), golden["exact_cam"].ToSingles(), golden["paper_cam_before_upsampling"].ToSingles(),
            golden["paper_cam"].ToSingles());
        var (logits, probabilities, cells, heat) = (new float[1], new float[1], new float[125], new float[1000]);
        for (var i = 0; i < recordings.Count; i++)
        {
            scorer.Explain(recordings[i].Samples.Span, CamKind.Exact, logits, probabilities, cells, heat);
            Assert.Equal(expectedLogits[i], logits[0], Tolerance);
            Assert.True(Largest(exact.AsSpan(i * 125, 125), cells) <= 1e-3);
            scorer.Explain(recordings[i].Samples.Span, CamKind.Paper, logits, probabilities, cells, heat);
            Assert.True(Largest(before.AsSpan(i * 125, 125), cells) <= 1e-3);
            Assert.True(Largest(published.AsSpan(i * 1000, 1000), heat) <= 1e-3);
        }
    }

    private static double Largest(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
            largest = Math.Max(largest, Math.Abs(expected[i] - actual[i]));
        return largest;
    }
}
