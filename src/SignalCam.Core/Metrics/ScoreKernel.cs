using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>
/// All figures of all classes for any weights of the recordings: those of each class in turn (<see cref="FigureNames.OfClass"/>), then,
/// unless the task is binary, those of the classes together (<see cref="FigureNames.OfSeveral"/>). Thread-safe.
/// </summary>
internal sealed class ScoreKernel
{
    private readonly ClassKernel[] _classes;
    private readonly RankedColumn? _pooled;
    private readonly bool[] _right;
    private readonly double[] _logLoss;
    private readonly bool _isMulticlass;
    private readonly int _recordings;

    public ScoreKernel(ScoredRecordings scores)
    {
        var count = scores.Classes.Count;
        _recordings = scores.Count;
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
        OverallCount = _isMulticlass ? FigureNames.OfSeveral.Length : (int)OverallFigure.BalancedAccuracy;
    }

    /// <summary>Number of figures of the classes together; 0 for a binary task.</summary>
    public int OverallCount { get; }

    /// <summary>Number of all figures.</summary>
    public int Count => OverallStart + OverallCount;

    /// <summary>Where those of the classes together begin.</summary>
    public int OverallStart => _classes.Length * FigureNames.OfClass.Length;

    /// <summary>The plain mean of a figure over the classes that have it; null where none has.</summary>
    public static double? Mean(ScoredRecordings scores, ClassFigure figure)
    {
        var kernel = new ScoreKernel(scores);
        return OrNull(kernel.Mean(kernel.Measure(out _), figure));
    }

    /// <summary>A figure of the classes together; null where it does not exist.</summary>
    public static double? Together(ScoredRecordings scores, OverallFigure figure)
    {
        var kernel = new ScoreKernel(scores);
        return OrNull(new FigureSpan(kernel.Measure(out _).AsSpan(kernel.OverallStart))[figure]);
    }

    /// <summary>All figures with each recording counted once, NaN for those that do not exist.</summary>
    public double[] Measure(out ClassCounts[] counts)
    {
        var once = new int[_recordings];
        Array.Fill(once, 1);
        var figures = new double[Count];
        counts = new ClassCounts[_classes.Length];
        Measure(once, figures, counts);
        return figures;
    }

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
            var auc = OfClass(figures, c, ClassFigure.RocAuc);
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
        var macroRecall = Mean(figures, ClassFigure.Recall);
        var together = new FigureSpan(figures[OverallStart..]);
        together[OverallFigure.MacroRocAuc] = Mean(figures, ClassFigure.RocAuc);
        together[OverallFigure.MicroRocAuc] = ranked.RocAuc;
        together[OverallFigure.WeightedRocAuc] = ClassKernel.Ratio(weighted, weightedBy);
        together[OverallFigure.MacroAveragePrecision] = Mean(figures, ClassFigure.AveragePrecision);
        together[OverallFigure.MicroAveragePrecision] = ranked.AveragePrecision;
        together[OverallFigure.MacroF1] = Mean(figures, ClassFigure.F1);
        together[OverallFigure.MicroF1] = all.F1;
        together[OverallFigure.MacroPrecision] = Mean(figures, ClassFigure.Precision);
        together[OverallFigure.MicroPrecision] = all.Precision;
        together[OverallFigure.MacroRecall] = macroRecall;
        together[OverallFigure.MicroRecall] = all.Recall;
        together[OverallFigure.MacroBrier] = Mean(figures, ClassFigure.Brier);
        together[OverallFigure.MacroEce] = Mean(figures, ClassFigure.Ece);
        together[OverallFigure.Accuracy] = (double)right / n;
        if (!_isMulticlass)
            return;
        together[OverallFigure.BalancedAccuracy] = macroRecall;
        together[OverallFigure.Mcc] = MulticlassMcc(counts);
        together[OverallFigure.LogLoss] = logLoss / n;
    }

    private static double? OrNull(double figure) => double.IsNaN(figure) ? null : figure;

    private double Mean(ReadOnlySpan<double> figures, ClassFigure figure)
    {
        var (sum, there) = (0.0, 0);
        for (var c = 0; c < _classes.Length; c++)
        {
            var value = OfClass(figures, c, figure);
            if (double.IsNaN(value))
                continue;
            sum += value;
            there++;
        }
        return ClassKernel.Ratio(sum, there);
    }

    private static double OfClass(ReadOnlySpan<double> figures, int index, ClassFigure figure) =>
        figures[index * FigureNames.OfClass.Length + (int)figure];

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
