using System.Globalization;
using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.Metrics;
using SignalCam.Core.PtbXl;
using SignalCam.Testing;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Tests.Explainers;

namespace SignalCam.Torch.Tests.Networks;

public sealed class ReleasedModelTests
{
    [SkippableFact]
    public async Task Fold_9_gives_the_reference_predictions_and_figures()
    {
        using var model = Golden.ReleasedModel();
        var dataset = PtbXlDataset.Open(TestData.PtbXl());
        var task = PtbXlTasks.Create(PtbXlTasks.NormalAbnormal, dataset.Statements);
        var entries = FoldSet.Parse("9").Select(dataset.Entries);
        var (logits, probabilities) = (new List<float>(), new List<float>());
        foreach (var chunk in entries.Chunk(128))
        {
            var samples = new List<float>();
            foreach (var entry in chunk)
                samples.AddRange(model.Prepare(await dataset.ReadAsync(entry)).Samples.ToArray());
            var output = model.Run([.. samples], chunk.Length);
            logits.AddRange(output.Logits);
            probabilities.AddRange(output.Probabilities);
        }

        var rows = File.ReadAllLines(TestData.Shared("golden/fold9-predictions.csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        Assert.Equal(rows.Select(r => r[0]), entries.Select(e => e.Id));
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(double.Parse(rows[i][2], CultureInfo.InvariantCulture), probabilities[i], 1e-4);
            Assert.Equal(double.Parse(rows[i][3], CultureInfo.InvariantCulture), logits[i], 1e-3);
        }
        var targets = new float[entries.Count];
        for (var i = 0; i < targets.Length; i++)
            Assert.True(task.TryGetTarget(entries[i], targets.AsSpan(i, 1)));
        var figures = BinaryMetrics.Compute<float>(targets, [.. probabilities], 0.5);
        Assert.Equal((789, 125, 174, 1095), (figures.TrueNegatives, figures.FalsePositives, figures.FalseNegatives, figures.TruePositives));
        Assert.Equal(0.9325430696304572, figures.RocAuc!.Value, 1e-5);
    }

    [SkippableFact]
    public async Task Both_maps_agree_with_the_reference()
    {
        using var model = Golden.ReleasedModel();
        var golden = Golden.Tensors("cam.safetensors");
        var recordings = await Golden.RecordingsAsync(golden["ecg_id"].ToInt64s());
        var (logits, published, exact, beforeUpsampling) =
            (golden["logit"].ToDoubles(), golden["paper_cam"].ToSingles(), golden["exact_cam"].ToSingles(),
                golden["paper_cam_before_upsampling"].ToSingles());

        var paperMaps = new CamExplainer(CamKind.Paper).Explain(model, recordings);
        var exactMaps = new CamExplainer().Explain(model, recordings);
        for (var i = 0; i < recordings.Count; i++)
        {
            Assert.Equal(logits[i], exactMaps[i].Logits[0], 1e-4);
            Assert.Equal(logits[i], paperMaps[i].Logits[0], 1e-4);
            Close(exact.AsSpan(i * 125, 125), exactMaps[i].Maps[0].Cells.AsSpan(), 1e-3);
            Close(beforeUpsampling.AsSpan(i * 125, 125), paperMaps[i].Maps[0].Cells.AsSpan(), 1e-3);
            Close(published.AsSpan(i * 1000, 1000), paperMaps[i].Maps[0].Samples.AsSpan(), 1e-3);
        }
    }

    [SkippableFact]
    public async Task The_mean_of_the_exact_map_and_the_bias_add_up_to_the_logit()
    {
        using var model = Golden.ReleasedModel();
        var recordings = await Golden.RecordingsAsync(Golden.Tensors("training-3-steps.safetensors")["ecg_id"].ToInt64s());
        var bias = model.Network.Head.Bias.item<float>();
        Assert.All(new CamExplainer().Explain(model, recordings), explanation =>
            Assert.Equal(explanation.Logits[0], explanation.Maps[0].Cells.Average(v => (double)v) + bias, 1e-5));
    }

    private static void Close(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"at {i}: expected {expected[i]}, found {actual[i]}");
    }
}
