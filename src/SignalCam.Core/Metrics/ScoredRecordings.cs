using SignalCam.Abstractions;

namespace SignalCam.Core.Metrics;

/// <summary>
/// Probabilities beside the targets, with what is needed to decide and to resample: everything that figures are computed from.
/// </summary>
public sealed class ScoredRecordings
{
    /// <summary>Checks and keeps.</summary>
    /// <param name="kind">How the classes relate to each other.</param>
    /// <param name="classes">Names of the classes, in their order.</param>
    /// <param name="targets">(recording, class): 1 where a class applies, else 0.</param>
    /// <param name="probabilities">(recording, class), each from 0 to 1.</param>
    /// <param name="thresholds">
    /// One per class: it is called present when its probability lies above; null for 0.5 each. A multiclass task does not ask.
    /// </param>
    /// <param name="patients">The patient of each recording, null where unknown; null when none is known.</param>
    /// <exception cref="ArgumentException">
    /// No recording, lengths that do not fit, a target that is neither 0 nor 1, a probability that is not from 0 to 1 (NaN included), or a
    /// recording of a multiclass task without exactly one class.
    /// </exception>
    public ScoredRecordings(
        TaskKind kind, IReadOnlyList<string> classes, float[] targets, float[] probabilities,
        IReadOnlyList<double>? thresholds = null, IReadOnlyList<string?>? patients = null)
    {
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(probabilities);
        Count = MetricInput.CheckBlock(targets.Length, probabilities.Length, classes.Count);
        if (kind == TaskKind.Binary && classes.Count != 1)
            throw new ArgumentException($"{classes.Count} classes; a binary task has 1", nameof(classes));
        if (thresholds is not null && thresholds.Count != classes.Count)
            throw new ArgumentException($"{thresholds.Count} thresholds, but {classes.Count} classes", nameof(thresholds));
        if (patients is not null && patients.Count != Count)
            throw new ArgumentException($"{patients.Count} patients, but {Count} recordings", nameof(patients));
        for (var i = 0; i < targets.Length; i++)
        {
            MetricInput.IsPositive<float>(targets, i);
            MetricInput.Probability<float>(probabilities, i);
        }
        if (kind == TaskKind.Multiclass)
            for (var r = 0; r < Count; r++)
                MulticlassMetrics.TheOne<float>(targets.AsSpan(r * classes.Count, classes.Count), r);
        Kind = kind;
        Classes = classes;
        Targets = targets;
        Probabilities = probabilities;
        Thresholds = thresholds ?? [.. classes.Select(_ => 0.5)];
        Patients = patients ?? new string?[Count];
    }

    /// <summary>Number of recordings.</summary>
    public int Count { get; }

    /// <summary>How the classes relate to each other.</summary>
    public TaskKind Kind { get; }

    /// <summary>Names of the classes, in their order.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>(recording, class): 1 where a class applies, else 0.</summary>
    public IReadOnlyList<float> Targets { get; }

    /// <summary>(recording, class), each from 0 to 1.</summary>
    public IReadOnlyList<float> Probabilities { get; }

    /// <summary>One per class: it is called present when its probability lies above.</summary>
    public IReadOnlyList<double> Thresholds { get; }

    /// <summary>The patient of each recording; null where unknown.</summary>
    public IReadOnlyList<string?> Patients { get; }

    /// <summary>The targets of one class, one per recording.</summary>
    public float[] TargetsOf(int index) => Column(Targets, index);

    /// <summary>The probabilities of one class, one per recording.</summary>
    public float[] ProbabilitiesOf(int index) => Column(Probabilities, index);

    /// <summary>Some of the recordings, such as a subgroup.</summary>
    /// <param name="recordings">Their places, from 0.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public ScoredRecordings Subset(IReadOnlyList<int> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        return new ScoredRecordings(
            Kind, Classes, [.. Rows(Targets)], [.. Rows(Probabilities)], Thresholds, [.. recordings.Select(r => Patients[r])]);

        IEnumerable<float> Rows(IReadOnlyList<float> block) =>
            recordings.SelectMany(r => Enumerable.Range(r * Classes.Count, Classes.Count)).Select(i => block[i]);
    }

    /// <summary>Whether a class is called present: above its threshold; of a multiclass task, the first of the highest.</summary>
    /// <param name="recording">Its place, from 0.</param>
    /// <param name="index">The class's place, from 0.</param>
    public bool IsCalled(int recording, int index)
    {
        var start = recording * Classes.Count;
        var p = Probabilities[start + index];
        if (Kind != TaskKind.Multiclass)
            return p > Thresholds[index];
        for (var c = 0; c < Classes.Count; c++)
            if (Probabilities[start + c] > p || (c < index && Probabilities[start + c] == p))
                return false;
        return true;
    }

    private float[] Column(IReadOnlyList<float> block, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Classes.Count);
        var column = new float[Count];
        for (var r = 0; r < Count; r++)
            column[r] = block[r * Classes.Count + index];
        return column;
    }
}
