using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Architectures;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Data;
using SignalCam.Torch.Training.Runs;
using SignalCam.Torch.Training.Teaching;
using SignalCam.Torch.Training.Validation;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Sessions;

/// <summary>Trains a network on labeled recordings.</summary>
/// <remarks>
/// All randomness comes from <see cref="TrainingOptions.Seed"/>: on the CPU the same options give the same weights to the bit,
/// as long as torch's number of threads stays the same. Not thread-safe: torch's generator is one for all.
/// </remarks>
internal sealed partial class Trainer
{
    private readonly TrainingOptions _options;
    private readonly ILogger _logger;

    /// <summary>Creates a trainer with the given options.</summary>
    public Trainer(TrainingOptions options, ILogger<Trainer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger<Trainer>.Instance;
    }

    /// <summary>Called at the end of each epoch with its statistics and the network as it is then.</summary>
    public Action<EpochStatistics, EcgNetwork>? EpochEnded { get; set; }

    /// <summary>
    /// Called with a checkpoint to keep: before the first step, at the end of each epoch (before <see cref="EpochEnded"/>), on
    /// cancellation, and between steps as often as <see cref="TrainingOptions.CheckpointSeconds"/> says.
    /// </summary>
    internal Action<TrainingCheckpoint>? CheckpointDue { get; set; }

    /// <summary>A checkpoint to resume from, and its file; null to start a new training.</summary>
    internal (TrainingCheckpoint Checkpoint, string File)? From { get; set; }

    /// <summary>Networks that score each batch before it is learned from; null for none. The caller disposes of them.</summary>
    internal ConsistentTeachers? Teachers { get; set; }

    /// <summary>Trains; cancelling ends the training after the current step and returns the results so far.</summary>
    /// <param name="network">The network; its weights are changed and end as the last epoch's.</param>
    /// <param name="kind">How the outputs relate, for the accuracy.</param>
    /// <param name="train">Recordings to learn from.</param>
    /// <param name="valid">Recordings to choose the best epoch on.</param>
    /// <param name="augmentation">Applied to training recordings; null for none.</param>
    /// <param name="progress">Receives progress after each step and epoch.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <exception cref="ArgumentException">
    /// There is nothing to train or validate on, the two sets have different shapes, or the network does not support the requested
    /// precision.
    /// </exception>
    /// <exception cref="TrainingException">The loss became infinite or not a number.</exception>
    public Task<TrainingResult> TrainAsync(
        EcgNetwork network,
        TaskKind kind,
        LabeledRecordings train,
        LabeledRecordings valid,
        IAugmentation? augmentation = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(valid);
        if (train.Count == 0 || valid.Count == 0)
            throw new ArgumentException(
                $"there are {train.Count} recordings to train on and {valid.Count} to validate on; both must be above 0");
        if (!train.Layout.Equals(valid.Layout) || train.ClassCount != valid.ClassCount)
            throw new ArgumentException(
                $"training recordings are {train.Layout} with {train.ClassCount} classes, validation recordings are {valid.Layout} with "
                + $"{valid.ClassCount}", nameof(valid));
        if (_options.Crop > train.Layout.Length)
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Crop)} is {_options.Crop} samples, the recordings have {train.Layout.Length}", nameof(train));
        // A thread of its own for the whole training: torch's scopes belong to a thread, so no await may come between.
        return Task.Factory.StartNew(
            () => Train(network, kind, train, valid, augmentation, progress, cancellationToken),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private TrainingResult Train(
        EcgNetwork network, TaskKind kind, LabeledRecordings train, LabeledRecordings valid,
        IAugmentation? augmentation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        set_num_threads(_options.EffectiveTorchThreads);
        var device = TorchDevice.Select(_options.Device, _options.AllowDeviceFallback);
        network.To(device);
        RequirePrecision(network);
        var loader = new BatchLoader(train, _options, augmentation, Teachers);
        using var state = new TrainingState(network, _options, loader.Steps);
        using var validSignals = new ValidationSignals(valid, _options.BatchSize, device);
        var work = new Work(kind, loader, device, progress, cancellationToken);
        LogStart(train.Count, valid.Count, network.ParameterCount, device);
        Begin(state);
        var end = TrainingEnd.Completed;
        // A stop during validation leaves what was there before it: validation as published changes the network.
        TrainingCheckpoint? beforeValidation = null;
        try
        {
            while (state.Epoch <= _options.Epochs)
            {
                if (IsPatienceExhausted(state))
                {
                    end = TrainingEnd.EarlyStopped;
                    break;
                }
                TrainEpoch(state, work);
                EpochScores? validated = null;
                beforeValidation = state.Capture();
                state.WithKeptWeights(
                    () => validated = ValidationPass.Run(network, kind, valid, validSignals, _options, device, cancellationToken));
                beforeValidation = null;
                FinishEpoch(state, work, validated!);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            end = TrainingEnd.Cancelled;
            if (beforeValidation is not null)
                NetworkState.Load(network, beforeValidation.Weights, "checkpoint");
            Keep(beforeValidation ?? state.Capture());
        }
        IReadOnlyList<NamedTensor> last = [];
        state.WithKeptWeights(() => last = NetworkState.Copy(network));
        var reason = Reason(end, state, loader.Steps);
        LogEnd(reason);
        return new TrainingResult(state.Epochs, state.Best, state.BestWeights ?? last, last, end, reason);
    }

    private void Begin(TrainingState state)
    {
        if (From is var (checkpoint, file))
        {
            state.Restore(checkpoint, file);
            LogResumed(state.Epoch, state.Step);
        }
        else
        {
            Keep(state.Capture());
        }
    }

    private void TrainEpoch(TrainingState state, Work work)
    {
        state.Network.Train();
        if (_options.Freeze == FrozenPart.Backbone)
            state.Network.Backbone.eval();
        var sinceKept = Stopwatch.StartNew();
        foreach (var batch in work.Loader.Epoch(state.Epoch, state.Step, work.CancellationToken))
        {
            var (loss, sums) = Step(state, batch, work);
            work.Loader.Return(batch);
            state.StepDone(sums);
            work.Progress?.Report(new(state.Epoch, _options.Epochs, state.Step, work.Loader.Steps, loss, null));
            if (sinceKept.Elapsed.TotalSeconds < _options.CheckpointSeconds)
                continue;
            Keep(state.Capture());
            sinceKept.Restart();
        }
    }

    /// <summary>One step in one dispose scope: forward, backward, update. The host waits for the device once, before the update.</summary>
    private (double Loss, EpochSums Sums) Step(TrainingState state, Batch batch, Work work)
    {
        using var scope = NewDisposeScope();
        var (network, loader) = (state.Network, work.Loader);
        var signals = DeviceTransfer.ToDevice(batch.Samples, [batch.Count, loader.Layout.LeadCount, loader.Layout.Length], work.Device);
        var targets = DeviceTransfer.ToDevice(batch.Targets, [batch.Count, loader.ClassCount], work.Device);
        state.Optimizer.zero_grad();
        var logits = network.Forward(_options.Precision == TrainingPrecision.Bfloat16 ? signals.to(bfloat16) : signals);
        var loss = network.Head.Loss(logits, targets);
        var figures = DeviceTransfer.Join(loss, network.Head.Probabilities(logits.detach()));
        loss.backward();
        var (value, probabilities) = DeviceTransfer.Split(figures);
        if (!float.IsFinite(value))
            throw new TrainingException($"the loss of epoch {state.Epoch}, step {state.Step + 1} is {value}; records "
                + $"{string.Join(", ", batch.Records.Select(loader.IdOf))}");
        state.Update.Run();
        return (value, state.Sums.With(work.Kind, loader.ClassCount, value, probabilities, batch.Targets));
    }

    private void RequirePrecision(EcgNetwork network)
    {
        if (_options.Precision != TrainingPrecision.Float32 && !network.Backbone.TakesBfloat16)
            throw new ArgumentException(
                $"{nameof(TrainingOptions.Precision)} is bfloat16, but {network.Backbone.GetName()} computes in float32 only "
                + $"({nameof(Backbone.TakesBfloat16)} is false)", nameof(network));
    }

    private void FinishEpoch(TrainingState state, Work work, EpochScores validated)
    {
        var (epoch, trained) = (state.Epoch, state.Sums);
        var figures = new EpochStatistics(
            epoch, state.Rate.Current, trained.MeanLoss, Accuracy(trained),
            validated.Sums.MeanLoss, Accuracy(validated.Sums), validated.RocAuc(), state.SecondsOfEpoch, false);
        if (state.Best is null || Figure(figures) > Figure(state.Best))
            figures = figures with { IsBest = true };
        state.EpochDone(figures);
        Keep(state.Capture());
        state.WithKeptWeights(() => EpochEnded?.Invoke(figures, state.Network));
        work.Progress?.Report(new(epoch, _options.Epochs, work.Loader.Steps, work.Loader.Steps, figures.TrainLoss, figures));
        LogEpoch(epoch, figures.TrainLoss, figures.ValidLoss, figures.ValidAccuracy, figures.ValidRocAuc, figures.Seconds);
    }

    /// <summary>
    /// Returns a checkpoint, unless it cannot be resumed: then the last good one is kept, and the next loss reports the problem.
    /// </summary>
    private void Keep(TrainingCheckpoint checkpoint)
    {
        if (CheckpointDue is { } due && checkpoint.IsFinite)
            due(checkpoint);
    }

    private double Accuracy(EpochSums sums) => _options.ValidateAsPublished ? sums.MeanBatchAccuracy : sums.Accuracy;

    private double Figure(EpochStatistics epoch) => _options.Selection switch
    {
        ModelSelection.Accuracy => epoch.ValidAccuracy,
        ModelSelection.LastEpoch => epoch.Epoch,
        _ => epoch.ValidRocAuc ?? double.NegativeInfinity,
    };

    private bool IsPatienceExhausted(TrainingState state) =>
        _options.Patience is { } patience && state.Best is { } best && state.Epochs.Count - best.Epoch >= patience;

    private string Reason(TrainingEnd end, TrainingState state, int steps) => end switch
    {
        TrainingEnd.Completed => $"all {_options.Epochs} epochs done",
        TrainingEnd.EarlyStopped => string.Create(CultureInfo.InvariantCulture,
            $"no {(_options.Selection == ModelSelection.Accuracy ? "accuracy" : "ROC-AUC")} above {Figure(state.Best!):F4} (epoch "
            + $"{state.Best!.Epoch}) for {_options.Patience} epochs"),
        _ => $"cancelled in epoch {state.Epoch} of {_options.Epochs}, after {state.Step} of {steps} steps",
    };

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Training on {Train} recordings, validating on {Valid}; {Parameters} parameters on {Device}")]
    private partial void LogStart(int train, int valid, long parameters, Device device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Resuming from a checkpoint: epoch {Epoch}, {Step} steps done")]
    private partial void LogResumed(int epoch, int step);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Epoch {Epoch}: loss {TrainLoss:F4}, validation loss {ValidLoss:F4}, accuracy {Accuracy:F4}, ROC-AUC {RocAuc:F4}, "
            + "{Seconds:F1} s")]
    private partial void LogEpoch(int epoch, double trainLoss, double validLoss, double accuracy, double? rocAuc, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Training ended: {Reason}")]
    private partial void LogEnd(string reason);

    /// <summary>The constant parts of a training.</summary>
    private sealed record Work(
        TaskKind Kind, BatchLoader Loader, Device Device, IProgress<TrainingProgress>? Progress, CancellationToken CancellationToken);
}
