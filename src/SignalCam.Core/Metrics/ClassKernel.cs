namespace SignalCam.Core.Metrics;

/// <summary>
/// All figures of one class for any weights of the recordings. Everything that does not depend on the weights is worked out once.
/// </summary>
internal sealed class ClassKernel
{
    private readonly RankedColumn _ranked;
    private readonly Item[] _items;

    public ClassKernel(ScoredRecordings scores, int index)
    {
        float[] labels = scores.TargetsOf(index), probabilities = scores.ProbabilitiesOf(index);
        _ranked = new RankedColumn(labels, probabilities);
        _items = new Item[labels.Length];
        for (var r = 0; r < labels.Length; r++)
        {
            double p = probabilities[r], distance = p - labels[r];
            var clipped = Math.Clamp(p, BinaryMetrics.LogLossClip, 1 - BinaryMetrics.LogLossClip);
            _items[r] = new Item(
                distance, distance * distance, -Math.Log(labels[r] == 1 ? clipped : 1 - clipped), ReliabilityCurve.BinOf(p),
                (labels[r] == 1 ? 2 : 0) + (scores.IsCalled(r, index) ? 1 : 0));
        }
    }

    /// <summary>Writes the figures in the order of <see cref="ClassFigure"/>, NaN for those that do not exist.</summary>
    public ClassCounts Measure(ReadOnlySpan<int> weights, Span<double> values)
    {
        Span<long> counts = stackalloc long[4];
        Span<double> distances = stackalloc double[ReliabilityCurve.BinCount];
        counts.Clear();
        distances.Clear();
        double squares = 0, logLoss = 0;
        for (var r = 0; r < _items.Length; r++)
        {
            var weight = weights[r];
            if (weight == 0)
                continue;
            ref readonly var item = ref _items[r];
            counts[item.Outcome] += weight;
            distances[item.Bin] += weight * item.Distance;
            squares += weight * item.Square;
            logLoss += weight * item.LogLoss;
        }
        var outcome = new ClassCounts(counts[0], counts[1], counts[2], counts[3]);
        var calibrationError = 0.0;
        foreach (var distance in distances)
            calibrationError += Math.Abs(distance);
        var ranked = _ranked.Measure(weights, outcome.Positives, outcome.Negatives);
        double n = outcome.N;
        var figures = new FigureSpan(values);
        figures[ClassFigure.Accuracy] = (outcome.Tp + outcome.Tn) / n;
        figures[ClassFigure.Precision] = outcome.Precision;
        figures[ClassFigure.Recall] = outcome.Recall;
        figures[ClassFigure.Specificity] = Ratio(outcome.Tn, outcome.Negatives);
        figures[ClassFigure.F1] = outcome.F1;
        figures[ClassFigure.BalancedAccuracy] = (figures[ClassFigure.Recall] + figures[ClassFigure.Specificity]) / 2;
        figures[ClassFigure.Mcc] = Mcc(outcome.Tn, outcome.Fp, outcome.Fn, outcome.Tp);
        figures[ClassFigure.RocAuc] = ranked.RocAuc;
        figures[ClassFigure.AveragePrecision] = ranked.AveragePrecision;
        figures[ClassFigure.Brier] = squares / n;
        figures[ClassFigure.LogLoss] = logLoss / n;
        figures[ClassFigure.Ece] = calibrationError / n;
        figures[ClassFigure.SensitivityAtSpecificity] = ranked.SensitivityAtSpecificity;
        figures[ClassFigure.SpecificityAtSensitivity] = ranked.SpecificityAtSensitivity;
        return outcome;
    }

    /// <summary>Matthews correlation (1975, doi 10.1016/0005-2795(75)90109-9); NaN where one side is all of one kind.</summary>
    internal static double Mcc(double tn, double fp, double fn, double tp)
    {
        var denominator = Math.Sqrt(tp + fp) * Math.Sqrt(tp + fn) * Math.Sqrt(tn + fp) * Math.Sqrt(tn + fn);
        return denominator == 0 ? double.NaN : (tp * tn - fp * fn) / denominator;
    }

    internal static double Ratio(double part, double whole) => whole == 0 ? double.NaN : part / whole;

    private readonly record struct Item(double Distance, double Square, double LogLoss, int Bin, int Outcome);
}

/// <summary>Decisions of one class, counted.</summary>
internal readonly record struct ClassCounts(long Tn, long Fp, long Fn, long Tp)
{
    public long N => Tn + Fp + Fn + Tp;

    public long Positives => Tp + Fn;

    public long Negatives => Tn + Fp;

    public double Precision => ClassKernel.Ratio(Tp, Tp + Fp);

    public double Recall => ClassKernel.Ratio(Tp, Tp + Fn);

    public double F1 => ClassKernel.Ratio(2 * Tp, 2 * Tp + Fp + Fn);
}
