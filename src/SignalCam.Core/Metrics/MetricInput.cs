using System.Numerics;

namespace SignalCam.Core.Metrics;

/// <summary>What every metric asks of its input; a violation names the position.</summary>
internal static class MetricInput
{
    /// <summary>Whether label i is 1.</summary>
    /// <exception cref="ArgumentException">It is neither 0 nor 1.</exception>
    public static bool IsPositive<T>(ReadOnlySpan<T> labels, int i)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (labels[i] == T.One)
            return true;
        if (labels[i] == T.Zero)
            return false;
        throw new ArgumentException($"label {i} is {labels[i]}; labels are 0 or 1", nameof(labels));
    }

    /// <summary>Probability i.</summary>
    /// <exception cref="ArgumentException">It is not a number from 0 to 1.</exception>
    public static double Probability<T>(ReadOnlySpan<T> probabilities, int i)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        var p = double.CreateChecked(probabilities[i]);
        return p is >= 0 and <= 1
            ? p
            : throw new ArgumentException($"probability {i} is {probabilities[i]}; probabilities are from 0 to 1", nameof(probabilities));
    }

    /// <summary>Checks that scores can be ranked: as many as labels, at least one, none of them NaN.</summary>
    public static void CheckScores<T>(ReadOnlySpan<T> labels, ReadOnlySpan<T> scores)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        CheckLength(labels.Length, scores.Length);
        for (var i = 0; i < scores.Length; i++)
            if (T.IsNaN(scores[i]))
                throw new ArgumentException($"score {i} is NaN", nameof(scores));
    }

    /// <summary>Checks that there are as many predictions as labels, and at least one.</summary>
    public static void CheckLength(int labels, int predictions)
    {
        if (labels != predictions)
            throw new ArgumentException($"{labels} labels, but {predictions} predictions", nameof(labels));
        if (labels == 0)
            throw new ArgumentException("there is nothing to measure: no label", nameof(labels));
    }

    /// <summary>Number of records in a (record, class) block.</summary>
    public static int CheckBlock(int labels, int predictions, int classes)
    {
        CheckLength(labels, predictions);
        if (classes < 1 || labels % classes != 0)
            throw new ArgumentException($"{labels} labels are no whole number of records of {classes} classes", nameof(labels));
        return labels / classes;
    }
}
