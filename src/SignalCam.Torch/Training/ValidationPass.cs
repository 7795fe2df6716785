using SignalCam.Abstractions;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training;

/// <summary>Loss and figures of a network over the validation recordings.</summary>
internal static class ValidationPass
{
    /// <param name="network">The network; left in the mode that it was validated in.</param>
    /// <param name="kind">How the outputs relate.</param>
    /// <param name="valid">The recordings.</param>
    /// <param name="options">Batch size, and whether to validate as published: in training mode.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    public static EpochScores Run(
        EcgNetwork network, TaskKind kind, LabeledRecordings valid, TrainingOptions options, Device device, CancellationToken cancellationToken)
    {
        if (options.ValidateAsPublished)
            network.Train();
        else
            network.Evaluate();
        var scores = new EpochScores(kind, valid.ClassCount);
        // One buffer for all full batches: garbage of this size would pile up between full collections.
        var buffer = new float[Math.Min(options.BatchSize, valid.Count) * valid.SamplesPerRecording];
        using var quiet = no_grad();
        for (var start = 0; start < valid.Count; start += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(options.BatchSize, valid.Count - start);
            var targetValues = valid.AllTargets.Slice(start * valid.ClassCount, count * valid.ClassCount).ToArray();
            var samples = count * valid.SamplesPerRecording == buffer.Length ? buffer : new float[count * valid.SamplesPerRecording];
            valid.Samples(start, count).CopyTo(samples);
            var signals = tensor(samples, [count, valid.Layout.LeadCount, valid.Layout.Length]).to(device);
            var targets = tensor(targetValues, [count, valid.ClassCount]).to(device);
            var logits = network.Forward(signals);
            scores.Add(network.Head.Loss(logits, targets).item<float>(), network.Head.Probabilities(logits).cpu().data<float>().ToArray(), targetValues);
        }
        return scores;
    }
}
