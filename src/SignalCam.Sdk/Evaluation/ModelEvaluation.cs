using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Sdk.Evaluation;

/// <summary>Predictions of labelled recordings and the figures that follow from them.</summary>
public sealed class ModelEvaluation
{
    private ModelEvaluation(Predictions predictions, float[] targets, TaskKind kind, IReadOnlyList<double>? thresholds)
    {
        Predictions = predictions;
        Targets = targets;
        Scores = new ScoredRecordings(
            kind, predictions.Classes, targets, predictions.Probabilities, thresholds, [.. predictions.Entries.Select(e => e.PatientId)]);
        if (kind == TaskKind.Binary)
            Binary = BinaryMetrics.Compute<float>(targets, predictions.Probabilities, Scores.Thresholds[0]);
        else if (kind == TaskKind.Multilabel)
            Multilabel = MultilabelMetrics.Compute<float>(targets, predictions.Probabilities, predictions.Classes, Scores.Thresholds);
        else
            Multiclass = MulticlassMetrics.Compute<float>(targets, predictions.Probabilities, predictions.Classes);
    }

    /// <summary>The scores, and the entries of the recordings.</summary>
    public Predictions Predictions { get; }

    /// <summary>(recording, class): 1 where a class applies, else 0.</summary>
    public float[] Targets { get; }

    /// <summary>Targets, probabilities, thresholds and patients: what figures with intervals are computed from.</summary>
    public ScoredRecordings Scores { get; }

    /// <summary>The figures of a binary task, else null.</summary>
    public BinaryMetrics? Binary { get; }

    /// <summary>The figures of a multilabel task, else null.</summary>
    internal MultilabelMetrics? Multilabel { get; }

    /// <summary>The figures of a multiclass task, else null.</summary>
    internal MulticlassMetrics? Multiclass { get; }

    /// <summary>Compares predictions with the targets of a task.</summary>
    /// <param name="predictions">Scores of recordings that all have a label for the task.</param>
    /// <param name="task">The task that the model was trained for.</param>
    /// <param name="thresholds">
    /// The probability of each class above which it is called present, as the model file says; null for 0.5 each.
    /// </param>
    /// <exception cref="ArgumentException">The classes differ, or a recording has no label.</exception>
    public static ModelEvaluation Of(Predictions predictions, IEcgTask task, IReadOnlyList<double>? thresholds = null)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(task);
        if (!predictions.Classes.SequenceEqual(task.Classes))
            throw new ArgumentException(
                $"the model's classes are {string.Join(", ", predictions.Classes)}; those of task '{task.Name}' are "
                + $"{string.Join(", ", task.Classes)}", nameof(task));
        var classes = task.Classes.Count;
        var targets = new float[predictions.Entries.Count * classes];
        for (var i = 0; i < predictions.Entries.Count; i++)
            if (!task.TryGetTarget(predictions.Entries[i], targets.AsSpan(i * classes, classes)))
                throw new ArgumentException(
                    $"recording {predictions.Entries[i].Id} has no label for task '{task.Name}'", nameof(predictions));
        return new ModelEvaluation(predictions, targets, task.Kind, thresholds);
    }

    internal EvaluationFigures? MeasureWhere(Func<int, bool> choose, int resamples, ulong seed = 1)
    {
        int[] chosen = [.. Enumerable.Range(0, Scores.Count).Where(choose)];
        return chosen.Length == 0 ? null : EvaluationFigures.Compute(Scores.Subset(chosen), resamples, seed);
    }

    /// <summary>All figures, each with its 95 % interval over resampled patients.</summary>
    /// <param name="resamples">Resamples for the intervals; 0 for none.</param>
    /// <param name="seed">Seed of the resamples.</param>
    public EvaluationFigures Measure(int resamples = EvaluationFigures.DefaultResamples, ulong seed = 1) =>
        EvaluationFigures.Compute(Scores, resamples, seed);

    /// <summary>The figures of some of the recordings, such as those of one sex.</summary>
    /// <param name="choose">Whether a recording is one of them.</param>
    /// <param name="resamples">Resamples for the intervals; 0 for none.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <returns>Null when it chooses none.</returns>
    public EvaluationFigures? MeasureWhere(Func<EcgEntry, bool> choose, int resamples = EvaluationFigures.DefaultResamples, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(choose);
        return MeasureWhere(i => choose(Predictions.Entries[i]), resamples, seed);
    }
}
