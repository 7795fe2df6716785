using SignalCam.Abstractions;
using SignalCam.Core.Datasets;
using SignalCam.Core.Labels;
using SignalCam.Core.PtbXl;
using SignalCam.Core.Scoring;
using SignalCam.Testing;
using SignalCam.Torch.Explainers;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training;
using SignalCam.Torch.Training.Data;

namespace SignalCam.Torch.Tests.Explainers;

/// <summary>
/// The 20 % most relevant samples of real, unseen recordings are set to zero in all leads: does the logit fall by more than with the same
/// pattern of gaps at another place of the recording? The figures are those of docs/explanation-study.md.
/// </summary>
public sealed class OneFifthDeletionTests
{
    private const int Recordings = 400;
    private const double Share = 0.2;

    [SkippableTheory]
    [InlineData("cam", 0.69, 0.81)]
    [InlineData("gradient-x-input", 0.91, 0.97)]
    [InlineData("cam-x-gradient", 0.96, 0.99)]
    [InlineData("random", 0.44, 0.57)]
    public async Task The_logit_falls_by_more_than_with_the_same_gaps_elsewhere_in_this_share_of_recordings(
        string name, double least, double most)
    {
        var components = new SignalCamComponents();
        var folder = TestData.PtbXl();
        using var model = EcgModel.Load(
            Path.Combine(TestData.Root, "src/SignalCam.Sdk/Pretrained/normal-abnormal.safetensors"), components, "cpu");
        var samples = await CalledAbnormalAsync(model, folder);
        var explainer = components.Explainers.Create(new ComponentSpec(name));
        var batch = ClassBatch.Of(model, samples, new int[Recordings]);
        var (deleted, moved) = ((float[])samples.Clone(), (float[])samples.Clone());
        foreach (var (i, raw) in explainer.Explain(batch).Index())
            Delete(explainer.Steps.Apply(raw, model.Input).Samples.AsSpan(), deleted.AsSpan(i * batch.Size, batch.Size),
                moved.AsSpan(i * batch.Size, batch.Size), EcgRandom.For(1, 0, i));
        var (after, elsewhere) = (model.Run(deleted, Recordings).Logits, model.Run(moved, Recordings).Logits);
        var larger = after.Zip(elsewhere).Count(logits => logits.First < logits.Second) / (double)Recordings;
        Assert.True(larger >= least && larger <= most, $"{name}: {larger}");
    }

    private static async Task<float[]> CalledAbnormalAsync(EcgModel model, string folder)
    {
        var dataset = PtbXlDataset.Open(folder);
        var task = PtbXlTasks.Create(PtbXlTasks.NormalAbnormal, dataset.Statements);
        var entries = FoldSet.Parse("9").Select(dataset.Entries).Take(900).ToArray();
        var read = await LabeledRecordings.LoadAsync(dataset, entries, task, model.Preprocessor);
        var output = model.Run(read.Samples(0, read.Count).ToArray(), read.Count);
        var probabilities = ClassRules.Calibrated(model.Manifest, output.Logits, output.Probabilities);
        var called = Enumerable.Range(0, read.Count).Where(i => probabilities[i] > model.Manifest.Thresholds[0]).Take(Recordings).ToArray();
        Assert.Equal(Recordings, called.Length);
        return [.. called.SelectMany(i => read.Samples(i).ToArray())];
    }

    private static void Delete(ReadOnlySpan<float> map, Span<float> deleted, Span<float> moved, EcgRandom random)
    {
        var values = map.ToArray();
        var (length, shift) = (values.Length, 1 + random.Below(values.Length - 1));
        foreach (var t in Enumerable.Range(0, length).OrderByDescending(t => values[t]).Take((int)(Share * length)))
            for (var start = 0; start < deleted.Length; start += length)
            {
                deleted[start + t] = 0;
                moved[start + (t + shift) % length] = 0;
            }
    }
}
