using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>A decision that the label contradicts.</summary>
/// <param name="Recording">The recording's place, from 0.</param>
/// <param name="Class">
/// The class that is called and should not be, or should be and is not; for a multiclass task, the one that is called.
/// </param>
/// <param name="Distance">
/// How sure the decision was: the distance on the logit scale of the class's probability from its threshold; for a multiclass task, from
/// the true class's probability.
/// </param>
internal readonly record struct WrongDecision(int Recording, int Class, double Distance)
{
    // As for the log loss: float32 cannot tell more.
    private const double Smallest = 1e-7;

    /// <summary>The most certain wrong decisions, the most certain first; of each recording the most certain only, of equal ones the
    /// first.</summary>
    /// <param name="scores">Probabilities, targets and thresholds.</param>
    /// <param name="count">How many at most.</param>
    public static IReadOnlyList<WrongDecision> Surest(ScoredRecordings scores, int count)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return [.. All(scores).OrderByDescending(d => d.Distance).DistinctBy(d => d.Recording).Take(count)];
    }

    private static IEnumerable<WrongDecision> All(ScoredRecordings scores)
    {
        var classes = scores.Classes.Count;
        for (var r = 0; r < scores.Count; r++)
            for (var c = 0; c < classes; c++)
            {
                var (called, applies) = (scores.IsCalled(r, c), scores.Targets[r * classes + c] == 1);
                if (called == applies || (scores.Kind == TaskKind.Multiclass && !called))
                    continue;
                var against = scores.Kind == TaskKind.Multiclass ? ProbabilityOfTruth(scores, r) : scores.Thresholds[c];
                yield return new WrongDecision(r, c, Math.Abs(Logit(scores.Probabilities[r * classes + c]) - Logit(against)));
            }
    }

    private static double ProbabilityOfTruth(ScoredRecordings scores, int recording)
    {
        var start = recording * scores.Classes.Count;
        return scores.Probabilities[Enumerable.Range(start, scores.Classes.Count).First(i => scores.Targets[i] == 1)];
    }

    private static double Logit(double probability)
    {
        var p = Math.Clamp(probability, Smallest, 1 - Smallest);
        return Math.Log(p / (1 - p));
    }
}
