using SignalCam.Core.Explanation;
using SignalCam.Torch.Evaluation;
using SignalCam.Torch.Networks;

namespace SignalCam.Torch.Explainers;

/// <summary>Some recordings, each with the one class that is to be explained.</summary>
/// <param name="Model">The model.</param>
/// <param name="Samples">(recording, lead, time).</param>
/// <param name="Classes">One per recording.</param>
/// <param name="Logits">The class's logit of each recording.</param>
internal sealed record ClassBatch(EcgModel Model, float[] Samples, int[] Classes, float[] Logits)
{
    public int Count => Classes.Length;

    public int Leads => Model.Input.LeadCount;

    public int Length => Model.Input.Length;

    public int Size => Leads * Length;

    public string Name(int recording) => Model.Manifest.Classes[Classes[recording]];

    public ReadOnlySpan<float> Recording(int recording) => Samples.AsSpan(recording * Size, Size);
}

/// <summary>Scores recordings, then explains the chosen classes: each recording's first in one batch, the second ones in another.</summary>
internal static class ClassByClass
{
    public static IReadOnlyList<EcgExplanation> Explain(
        EcgModel model, float[] samples, int count, ClassChoice? choice, MapSteps steps, Func<ClassBatch, IReadOnlyList<RawMap>> explain)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(samples);
        if (count == 0)
            return [];
        var output = model.Run(samples, count);
        var probabilities = CalibratedScores.Probabilities(model.Manifest, output);
        var (classes, size) = (output.ClassCount, samples.Length / count);
        var chosen = Enumerable.Range(0, count)
            .Select(i => (choice ?? ClassChoice.All).Resolve(model.Manifest, probabilities.AsSpan(i * classes, classes))).ToArray();
        var maps = chosen.Select(c => new Abstractions.HeatMap[c.Length]).ToArray();
        for (var round = 0; round < chosen.Max(c => c.Length); round++)
        {
            int[] rows = [.. Enumerable.Range(0, count).Where(i => chosen[i].Length > round)];
            var batch = new ClassBatch(
                model,
                rows.Length == count ? samples : Pick(samples, rows, size),
                [.. rows.Select(i => chosen[i][round])],
                [.. rows.Select(i => output.Logits[i * classes + chosen[i][round]])]);
            var raw = explain(batch);
            for (var r = 0; r < rows.Length; r++)
                maps[rows[r]][round] = steps.Apply(raw[r], batch.Leads, batch.Length);
        }
        return [.. Enumerable.Range(0, count).Select(i => new EcgExplanation(
            output.Logits[(i * classes)..((i + 1) * classes)], probabilities[(i * classes)..((i + 1) * classes)], maps[i]))];
    }

    private static float[] Pick(float[] samples, int[] rows, int size)
    {
        var picked = new float[rows.Length * size];
        for (var r = 0; r < rows.Length; r++)
            samples.AsSpan(rows[r] * size, size).CopyTo(picked.AsSpan(r * size));
        return picked;
    }
}

/// <summary>How far a map is from the sum that its method promises.</summary>
internal static class Completeness
{
    public static double Error(double sum, double expected) => Math.Abs(sum - expected) / Math.Max(1, Math.Abs(expected));
}
