using System.Globalization;
using System.Numerics.Tensors;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Torch.Training.Validation;

/// <summary>The sums from which an epoch's loss and accuracy are computed; a checkpoint keeps those of the current epoch.</summary>
/// <param name="Count">Recordings seen.</param>
/// <param name="Loss">Sum of the losses of all recordings.</param>
/// <param name="Right">Correct decisions.</param>
/// <param name="Decisions">All decisions: one for each recording, and for each class where any number applies.</param>
/// <param name="BatchAccuracy">Sum of the batches' accuracies.</param>
/// <param name="Batches">Batches seen.</param>
internal sealed record EpochSums(
    int Count = 0, double Loss = 0, long Right = 0, long Decisions = 0, double BatchAccuracy = 0, int Batches = 0)
{
    public double MeanLoss => Loss / Count;

    /// <summary>Share of correct decisions over all recordings (and classes, where any number applies).</summary>
    public double Accuracy => Right / (double)Decisions;

    /// <summary>Mean of the batches' accuracies, as published: the last, smaller batch weighs as much as the others.</summary>
    public double MeanBatchAccuracy => BatchAccuracy / Batches;

    /// <summary>The sums with one batch more.</summary>
    public EpochSums With(TaskKind kind, int classes, double meanLoss, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> targets)
    {
        var count = targets.Length / classes;
        var decisions = kind == TaskKind.Multiclass ? count : count * classes;
        var right = RightOf(kind, classes, probabilities, targets);
        return new(Count + count, Loss + meanLoss * count, Right + right, Decisions + decisions,
            BatchAccuracy + right / (double)decisions, Batches + 1);
    }

    private static int RightOf(TaskKind kind, int classes, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> targets)
    {
        var right = 0;
        if (kind == TaskKind.Multiclass)
        {
            for (var start = 0; start < targets.Length; start += classes)
                if (TensorPrimitives.IndexOfMax<float>(probabilities.Slice(start, classes))
                    == TensorPrimitives.IndexOfMax<float>(targets.Slice(start, classes)))
                    right++;
            return right;
        }
        for (var i = 0; i < targets.Length; i++)
            if (probabilities[i] > 0.5f == targets[i] > 0.5f)
                right++;
        return right;
    }
}

/// <summary>Collects losses, probabilities and targets of a pass over the validation recordings, batch by batch.</summary>
internal sealed class EpochScores(TaskKind kind, int classes)
{
    private readonly List<float> _probabilities = [];
    private readonly List<float> _targets = [];

    public EpochSums Sums { get; private set; } = new();

    public void Add(double meanLoss, float[] probabilities, float[] targets)
    {
        Sums = Sums.With(kind, classes, meanLoss, probabilities, targets);
        _probabilities.AddRange(probabilities);
        _targets.AddRange(targets);
    }

    /// <summary>ROC-AUC, the mean over the classes for which it is defined; null if it is for none.</summary>
    public double? RocAuc()
    {
        var names = Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture)).ToArray();
        return ScoreKernel.Mean(new ScoredRecordings(kind, names, [.. _targets], [.. _probabilities]), ClassFigure.RocAuc);
    }
}
