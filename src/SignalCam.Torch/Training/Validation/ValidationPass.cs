using SignalCam.Abstractions;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Validation;

/// <summary>Loss and figures of a network over the validation recordings.</summary>
internal static class ValidationPass
{
    /// <param name="network">The network; left in the mode that it was validated in.</param>
    /// <param name="kind">How the outputs relate.</param>
    /// <param name="valid">The recordings.</param>
    /// <param name="signals">Their samples.</param>
    /// <param name="options">Batch size, and whether to validate as published: in training mode.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public static EpochScores Run(
        EcgNetwork network, TaskKind kind, LabeledRecordings valid, ValidationSignals signals, TrainingOptions options, Device device,
        CancellationToken cancellationToken)
    {
        if (options.ValidateAsPublished)
            network.Train();
        else
            network.Evaluate();
        var scores = new EpochScores(kind, valid.ClassCount);
        using var quiet = no_grad();
        for (var start = 0; start < valid.Count; start += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(options.BatchSize, valid.Count - start);
            var targetValues = valid.AllTargets.Slice(start * valid.ClassCount, count * valid.ClassCount).ToArray();
            var targets = DeviceTransfer.ToDevice(targetValues, [count, valid.ClassCount], device);
            var logits = network.Forward(signals.Batch(start, count));
            var figures = DeviceTransfer.Join(network.Head.Loss(logits, targets), network.Head.Probabilities(logits));
            var (loss, probabilities) = DeviceTransfer.Split(figures);
            scores.Add(loss, probabilities, targetValues);
        }
        return scores;
    }
}
