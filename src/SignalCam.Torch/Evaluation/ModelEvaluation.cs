using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Torch.Evaluation;

/// <summary>Predictions of labelled recordings and the figures that follow from them.</summary>
public sealed class ModelEvaluation
{
    private ModelEvaluation(Predictions predictions, float[] targets, TaskKind kind)
    {
        Predictions = predictions;
        Targets = targets;
        if (kind == TaskKind.Binary)
            Binary = BinaryMetrics.Compute<float>(targets, predictions.Probabilities);
        else if (kind == TaskKind.Multilabel)
            Multilabel = MultilabelMetrics.Compute<float>(targets, predictions.Probabilities, predictions.Classes);
        else
            Multiclass = MulticlassMetrics.Compute<float>(targets, predictions.Probabilities, predictions.Classes);
    }

    /// <summary>The scores.</summary>
    public Predictions Predictions { get; }

    /// <summary>(recording, class): 1 where a class applies, else 0.</summary>
    public float[] Targets { get; }

    /// <summary>The figures of a binary task, else null.</summary>
    public BinaryMetrics? Binary { get; }

    /// <summary>The figures of a multilabel task, else null.</summary>
    public MultilabelMetrics? Multilabel { get; }

    /// <summary>The figures of a multiclass task, else null.</summary>
    public MulticlassMetrics? Multiclass { get; }

    /// <summary>Compares predictions with the targets of a task.</summary>
    /// <param name="predictions">Scores of recordings that all have a label for the task.</param>
    /// <param name="task">The task that the model was trained for.</param>
    /// <exception cref="ArgumentException">The classes differ, or a recording has no label.</exception>
    public static ModelEvaluation Of(Predictions predictions, IEcgTask task)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(task);
        if (!predictions.Classes.SequenceEqual(task.Classes))
            throw new ArgumentException($"the model's classes are {string.Join(", ", predictions.Classes)}; those of task '{task.Name}' are {string.Join(", ", task.Classes)}", nameof(task));
        var classes = task.Classes.Count;
        var targets = new float[predictions.Entries.Count * classes];
        for (var i = 0; i < predictions.Entries.Count; i++)
            if (!task.TryGetTarget(predictions.Entries[i], targets.AsSpan(i * classes, classes)))
                throw new ArgumentException($"recording {predictions.Entries[i].Id} has no label for task '{task.Name}'", nameof(predictions));
        return new ModelEvaluation(predictions, targets, task.Kind);
    }
}
