using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>
/// All figures of all classes for any weights of the recordings: those of each class in turn (<see cref="FigureNames.OfClass"/>), then,
/// unless the task is binary, those of the classes together (<see cref="FigureNames.OfSeveral"/>). Safe for concurrent callers.
/// </summary>
internal sealed class ScoreKernel
{
    private const int RocAuc = 7, AveragePrecision = 8;

    private readonly ClassKernel[] _classes;
    private readonly RankedColumn? _pooled;
    private readonly bool[] _right;
    private readonly double[] _logLoss;
    private readonly bool _isMulticlass;

    public ScoreKernel(ScoredRecordings scores)
    {
        var count = scores.Classes.Count;
        _classes = [.. Enumerable.Range(0, count).Select(c => new ClassKernel(scores, c))];
        _isMulticlass = scores.Kind == TaskKind.Multiclass;
        _right = new bool[scores.Count];
        _logLoss = new double[scores.Count];
        if (scores.Kind == TaskKind.Binary)
            return;
        _pooled = new RankedColumn([.. scores.Targets], [.. scores.Probabilities], count);
        for (var r = 0; r < scores.Count; r++)
        {
            _right[r] = true;
            for (var c = 0; c < count; c++)
            {
                var applies = scores.Targets[r * count + c] == 1;
                _right[r] &= scores.IsCalled(r, c) == applies;
                if (applies)
                    _logLoss[r] = -Math.Log(Math.Clamp(
                        scores.Probabilities[r * count + c], BinaryMetrics.LogLossClip, 1 - BinaryMetrics.LogLossClip));
            }
        }
        OverallCount = FigureNames.OfSeveral.Length - (_isMulticlass ? 0 : FigureNames.OfMulticlassOnly);
    }

    /// <summary>Number of figures of the classes together; 0 for a binary task.</summary>
    public int OverallCount { get; }

    /// <summary>Number of all figures.</summary>
    public int Count => OverallStart + OverallCount;

    /// <summary>Where those of the classes together begin.</summary>
    public int OverallStart => _classes.Length * FigureNames.OfClass.Length;

    /// <summary>Writes all figures, NaN for those that do not exist.</summary>
    /// <param name="weights">How often each recording counts.</param>
    /// <param name="figures">As many as <see cref="Count"/>.</param>
    /// <param name="counts">As many as classes: the decisions counted.</param>
    public void Measure(ReadOnlySpan<int> weights, Span<double> figures, Span<ClassCounts> counts)
    {
        var size = FigureNames.OfClass.Length;
        for (var c = 0; c < _classes.Length; c++)
            counts[c] = _classes[c].Measure(weights, figures.Slice(c * size, size));
        if (_pooled is not null)
            MeasureTogether(weights, figures, counts);
    }

    private void MeasureTogether(ReadOnlySpan<int> weights, Span<double> figures, ReadOnlySpan<ClassCounts> counts)
    {
        var all = default(ClassCounts);
        double weighted = 0, weightedBy = 0;
        for (var c = 0; c < counts.Length; c++)
        {
            var one = counts[c];
            all = new ClassCounts(all.Tn + one.Tn, all.Fp + one.Fp, all.Fn + one.Fn, all.Tp + one.Tp);
            var auc = figures[c * FigureNames.OfClass.Length + RocAuc];
            if (double.IsNaN(auc))
                continue;
            weighted += auc * one.Positives;
            weightedBy += one.Positives;
        }
        var ranked = _pooled!.Measure(weights, all.Positives, all.Negatives);
        var (n, right, logLoss) = (counts[0].N, 0L, 0.0);
        for (var r = 0; r < weights.Length; r++)
        {
            right += _right[r] ? weights[r] : 0;
            logLoss += weights[r] * _logLoss[r];
        }
        var macroRecall = Mean(figures, 2);
        var together = figures[OverallStart..];
        together[0] = Mean(figures, RocAuc);
        together[1] = ranked.RocAuc;
        together[2] = ClassKernel.Ratio(weighted, weightedBy);
        together[3] = Mean(figures, AveragePrecision);
        together[4] = ranked.AveragePrecision;
        together[5] = Mean(figures, 4);
        together[6] = all.F1;
        together[7] = Mean(figures, 1);
        together[8] = all.Precision;
        together[9] = macroRecall;
        together[10] = all.Recall;
        together[11] = Mean(figures, 9);
        together[12] = Mean(figures, 11);
        together[13] = (double)right / n;
        if (!_isMulticlass)
            return;
        together[14] = macroRecall;
        together[15] = MulticlassMcc(counts);
        together[16] = logLoss / n;
    }

    /// <summary>The mean of a figure over the classes that have it.</summary>
    private double Mean(ReadOnlySpan<double> figures, int figure)
    {
        var (sum, there) = (0.0, 0);
        for (var c = 0; c < _classes.Length; c++)
        {
            var value = figures[c * FigureNames.OfClass.Length + figure];
            if (double.IsNaN(value))
                continue;
            sum += value;
            there++;
        }
        return ClassKernel.Ratio(sum, there);
    }

    /// <summary>R_K of Gorodkin 2004, doi 10.1016/j.compbiolchem.2004.09.006, from what each class occurs and is called.</summary>
    private static double MulticlassMcc(ReadOnlySpan<ClassCounts> counts)
    {
        double n = counts[0].N, right = 0, products = 0, called = 0, actual = 0;
        foreach (var c in counts)
        {
            double calls = c.Tp + c.Fp, positives = c.Positives;
            right += c.Tp;
            products += calls * positives;
            called += calls * calls;
            actual += positives * positives;
        }
        return ClassKernel.Ratio(right * n - products, Math.Sqrt(n * n - called) * Math.Sqrt(n * n - actual));
    }
}
