using System.Numerics;

namespace SignalCam.Core.Metrics;

/// <summary>
/// Scores in falling order with what lies at or above each distinct one: the counts that ROC, precision-recall and the areas below them are
/// made of. Equal scores are one step, which is what makes the areas right if there are ties.
/// </summary>
internal sealed class RankedScores
{
    private readonly double[] _thresholds;
    private readonly int[] _truePositives;
    private readonly int[] _falsePositives;

    private RankedScores(double[] thresholds, int[] truePositives, int[] falsePositives)
    {
        _thresholds = thresholds;
        _truePositives = truePositives;
        _falsePositives = falsePositives;
    }

    /// <summary>The distinct scores, falling.</summary>
    public ReadOnlySpan<double> Thresholds => _thresholds;

    /// <summary>Positives with a score at or above each threshold.</summary>
    public ReadOnlySpan<int> TruePositives => _truePositives;

    /// <summary>Negatives with a score at or above each threshold.</summary>
    public ReadOnlySpan<int> FalsePositives => _falsePositives;

    /// <summary>All positives.</summary>
    public int Positives => _truePositives[^1];

    /// <summary>All negatives.</summary>
    public int Negatives => _falsePositives[^1];

    /// <summary>Sorts the scores: O(n log n).</summary>
    public static RankedScores Of<T>(ReadOnlySpan<T> labels, ReadOnlySpan<T> scores)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var keys = new double[scores.Length];
        var positive = new bool[scores.Length];
        var distinct = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            // Negated, so that rising order of keys is falling order of scores.
            keys[i] = -double.CreateChecked(scores[i]);
            positive[i] = MetricInput.IsPositive(labels, i);
        }
        Array.Sort(keys, positive);
        for (var i = 0; i < keys.Length; i++)
            if (i == 0 || keys[i] != keys[i - 1])
                distinct++;

        var ranked = new RankedScores(new double[distinct], new int[distinct], new int[distinct]);
        int step = -1, tp = 0, fp = 0;
        for (var i = 0; i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
                step++;
            if (positive[i])
                tp++;
            else
                fp++;
            ranked._thresholds[step] = -keys[i];
            ranked._truePositives[step] = tp;
            ranked._falsePositives[step] = fp;
        }
        return ranked;
    }

    /// <summary>Area under the ROC curve; null unless there are positives and negatives.</summary>
    public double? RocAuc()
    {
        if (Positives == 0 || Negatives == 0)
            return null;
        // Twice the area in whole counts, so that the only rounding is the division. It fits: there are at most 2^31 scores, so at most
        // 2^60 pairs.
        long area = 0;
        int tp = 0, fp = 0;
        for (var i = 0; i < _thresholds.Length; i++)
        {
            area += (_falsePositives[i] - fp) * ((long)_truePositives[i] + tp);
            (tp, fp) = (_truePositives[i], _falsePositives[i]);
        }
        return area / (2.0 * Positives * Negatives);
    }

    /// <summary>
    /// Average precision: the precision at each step, weighted with the recall it adds; null when there are no positives.
    /// </summary>
    public double? AveragePrecision()
    {
        if (Positives == 0)
            return null;
        var sum = 0.0;
        var tp = 0;
        for (var i = 0; i < _thresholds.Length; i++)
        {
            sum += (double)(_truePositives[i] - tp) * _truePositives[i] / ((double)_truePositives[i] + _falsePositives[i]);
            tp = _truePositives[i];
        }
        return sum / Positives;
    }
}
