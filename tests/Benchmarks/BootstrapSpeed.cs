using BenchmarkDotNet.Attributes;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Benchmarks;

/// <summary>
/// Intervals of all figures of 2,183 recordings and 5 classes, PTB-XL's fold 9, against measuring each resample from its recordings.
/// </summary>
public class BootstrapSpeed
{
    private const int Recordings = 2183;
    private const int Classes = 5;

    /// <summary>Resamples that the baseline measures: few, because it takes seconds.</summary>
    public const int FewResamples = 20;

    private ScoredRecordings _scores = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new EcgRandom(1);
        var (targets, probabilities) = (new float[Recordings * Classes], new float[Recordings * Classes]);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] = random.Chance(0.25) ? 1 : 0;
            probabilities[i] = (float)(1 / (1 + Math.Exp(-(2 * targets[i] - 1 + random.Normal()))));
        }
        // 1,942 patients, as in fold 9.
        _scores = new ScoredRecordings(
            TaskKind.Multilabel, ["NORM", "MI", "STTC", "CD", "HYP"], targets, probabilities,
            patients: [.. Enumerable.Range(0, Recordings).Select(r => $"{r % 1942}")]);
    }

    [Benchmark(Baseline = true)]
    public double EachResampleFromItsRecordings()
    {
        var (random, sum) = (new EcgRandom(2), 0.0);
        for (var resample = 0; resample < FewResamples; resample++)
        {
            int[] drawn = [.. Enumerable.Range(0, Recordings).Select(_ => random.Below(Recordings))];
            var some = _scores.Subset(drawn);
            sum += MultilabelMetrics.Compute<float>([.. some.Targets], [.. some.Probabilities], some.Classes).MacroRocAuc ?? 0;
        }
        return sum;
    }

    [Benchmark]
    public EvaluationFigures AsManyResamplesSortedOnce() => EvaluationFigures.Compute(_scores, FewResamples);

    [Benchmark]
    public EvaluationFigures ThousandResamples() => EvaluationFigures.Compute(_scores);
}
