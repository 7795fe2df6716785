namespace SignalCam.Core.Metrics;

/// <summary>
/// Scores sorted once, so that the areas of any number of resamples cost one pass each: a resample only changes how often each recording
/// counts. Equal scores are one step, as in <see cref="RankedScores"/>.
/// </summary>
internal sealed class RankedColumn
{
    private const double Level = 0.95;

    // A share of whole counts that is meant to reach the level must not miss it by the rounding of the product.
    private const double Slack = 1e-9;

    private const int PositiveBit = 1;
    private const int EndOfStepBit = 2;

    // In falling order of score: recording x 4, plus the two bits. One array keeps the pass in the cache.
    private readonly int[] _ranked;
    private readonly double[] _scores;

    /// <summary>Sorts.</summary>
    /// <param name="labels">1 for positive, else 0.</param>
    /// <param name="scores">A score for each label.</param>
    /// <param name="perRecording">
    /// Consecutive scores that belong to one recording, and share its weight: more than 1 when classes are taken together.
    /// </param>
    public RankedColumn(ReadOnlySpan<float> labels, ReadOnlySpan<float> scores, int perRecording = 1)
    {
        _scores = new double[scores.Length];
        _ranked = new int[scores.Length];
        for (var i = 0; i < scores.Length; i++)
        {
            // Negated, so that rising order of keys is falling order of scores.
            _scores[i] = -(double)scores[i];
            _ranked[i] = i / perRecording * 4 + (labels[i] == 1 ? PositiveBit : 0);
        }
        Array.Sort(_scores, _ranked);
        for (var i = 0; i < _ranked.Length; i++)
        {
            _scores[i] = -_scores[i];
            if (i + 1 == _ranked.Length || -_scores[i] != _scores[i + 1])
                _ranked[i] += EndOfStepBit;
        }
    }

    /// <summary>
    /// ROC-AUC and average precision, NaN where they do not exist, and the sensitivity and specificity where the other is fixed.
    /// </summary>
    /// <param name="weights">How often each recording counts.</param>
    /// <param name="positives">Sum of the weights of the positives.</param>
    /// <param name="negatives">Sum of the weights of the negatives.</param>
    public RankedFigures Measure(ReadOnlySpan<int> weights, long positives, long negatives)
    {
        var mostFalse = (long)Math.Floor((1 - Level) * negatives + Slack);
        var leastTrue = (long)Math.Ceiling(Level * positives - Slack);
        long tp = 0, fp = 0, tpBefore = 0, fpBefore = 0, area = 0, tpAtSpecificity = 0, fpAtSensitivity = -1;
        var sum = 0.0;
        foreach (var item in _ranked)
        {
            long weight = weights[item >> 2];
            if ((item & PositiveBit) != 0)
                tp += weight;
            else
                fp += weight;
            if ((item & EndOfStepBit) == 0)
                continue;
            area += (fp - fpBefore) * (tp + tpBefore);
            if (tp != tpBefore)
                sum += (double)(tp - tpBefore) * tp / (tp + fp);
            if (fp <= mostFalse)
                tpAtSpecificity = tp;
            if (fpAtSensitivity < 0 && tp >= leastTrue)
                fpAtSensitivity = fp;
            (tpBefore, fpBefore) = (tp, fp);
        }
        var both = positives > 0 && negatives > 0;
        return new RankedFigures(
            both ? area / (2.0 * positives * negatives) : double.NaN,
            positives > 0 ? sum / positives : double.NaN,
            both ? (double)tpAtSpecificity / positives : double.NaN,
            both ? 1 - (double)fpAtSensitivity / negatives : double.NaN);
    }

    /// <summary>Visits the points of the curves: true and false positives at or above each distinct score, with falling scores.</summary>
    public void ForEachStep(ReadOnlySpan<int> weights, Action<double, long, long> visit)
    {
        long tp = 0, fp = 0;
        for (var i = 0; i < _ranked.Length; i++)
        {
            var item = _ranked[i];
            if ((item & PositiveBit) != 0)
                tp += weights[item >> 2];
            else
                fp += weights[item >> 2];
            if ((item & EndOfStepBit) != 0)
                visit(_scores[i], tp, fp);
        }
    }
}

/// <summary>What follows from the order of the scores; NaN for what does not exist.</summary>
internal readonly record struct RankedFigures(
    double RocAuc, double AveragePrecision, double SensitivityAtSpecificity, double SpecificityAtSensitivity);
