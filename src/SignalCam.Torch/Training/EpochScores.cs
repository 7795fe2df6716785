using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SignalCam.Abstractions;
using SignalCam.Core.Metrics;

namespace SignalCam.Torch.Training;

/// <summary>Collects losses, probabilities and targets of an epoch, batch by batch.</summary>
internal sealed class EpochScores(TaskKind kind, int classes)
{
    private readonly List<float> _probabilities = [];
    private readonly List<float> _targets = [];
    private double _lossSum;
    private double _batchAccuracySum;
    private int _batches;

    public int Count => _targets.Count / classes;

    public double Loss => _lossSum / Count;

    /// <summary>Share of right decisions over all recordings (and classes, where any number applies).</summary>
    public double Accuracy => Right(CollectionsMarshal.AsSpan(_probabilities), CollectionsMarshal.AsSpan(_targets)) / (double)Decisions(Count);

    /// <summary>Mean of the batches' accuracies, as published: the last, smaller batch weighs as much as the others.</summary>
    public double MeanBatchAccuracy => _batchAccuracySum / _batches;

    public void Add(double meanLoss, float[] probabilities, float[] targets)
    {
        var count = targets.Length / classes;
        _lossSum += meanLoss * count;
        _batchAccuracySum += Right(probabilities, targets) / (double)Decisions(count);
        _batches++;
        _probabilities.AddRange(probabilities);
        _targets.AddRange(targets);
    }

    /// <summary>ROC-AUC, the mean over the classes for which it is defined; null where it is for none.</summary>
    public double? RocAuc()
    {
        var names = Enumerable.Range(0, classes).Select(c => c.ToString(CultureInfo.InvariantCulture)).ToArray();
        return MultilabelMetrics.Compute<float>(CollectionsMarshal.AsSpan(_targets), CollectionsMarshal.AsSpan(_probabilities), names).MacroRocAuc;
    }

    private int Decisions(int recordings) => kind == TaskKind.Multiclass ? recordings : recordings * classes;

    private int Right(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> targets)
    {
        var right = 0;
        if (kind == TaskKind.Multiclass)
        {
            for (var start = 0; start < targets.Length; start += classes)
                if (TensorPrimitives.IndexOfMax<float>(probabilities.Slice(start, classes)) == TensorPrimitives.IndexOfMax<float>(targets.Slice(start, classes)))
                    right++;
            return right;
        }
        for (var i = 0; i < targets.Length; i++)
            if (probabilities[i] > 0.5f == targets[i] > 0.5f)
                right++;
        return right;
    }
}
