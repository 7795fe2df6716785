using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SignalCam.Abstractions;
using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace SignalCam.Torch.Training;

/// <summary>What a training came to.</summary>
/// <param name="Epochs">The statistics of each finished epoch.</param>
/// <param name="Best">The epoch with the best figure; null when none was finished.</param>
/// <param name="BestState">The weights of that epoch; those at the stop when none was finished.</param>
/// <param name="LastState">The weights at the end, or at the stop.</param>
/// <param name="Cancelled">Whether it was stopped before its last epoch.</param>
public sealed record TrainingResult(
    IReadOnlyList<EpochStatistics> Epochs,
    EpochStatistics? Best,
    IReadOnlyList<NamedTensor> BestState,
    IReadOnlyList<NamedTensor> LastState,
    bool Cancelled);

/// <summary>Trains a network on labeled recordings.</summary>
/// <remarks>
/// Everything that is random comes from <see cref="TrainingOptions.Seed"/>: on the CPU the same options give the same weights to the bit,
/// as long as torch's number of threads stays the same. Not safe for concurrent callers: torch's generator is one for all.
/// </remarks>
public sealed partial class Trainer
{
    private readonly TrainingOptions _options;
    private readonly ILogger _logger;

    /// <summary>Prepares a training.</summary>
    public Trainer(TrainingOptions options, ILogger<Trainer>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _logger = logger ?? NullLogger<Trainer>.Instance;
    }

    /// <summary>Called at the end of each epoch with its statistics and the network as it is then.</summary>
    public Action<EpochStatistics, EcgNetwork>? EpochEnded { get; set; }

    /// <summary>Trains; cancelling ends it after the current step and returns what there is.</summary>
    /// <param name="network">The network; its weights are changed and end as the last epoch's.</param>
    /// <param name="kind">How the outputs relate, for the accuracy.</param>
    /// <param name="train">Recordings to learn from.</param>
    /// <param name="valid">Recordings to choose the best epoch on.</param>
    /// <param name="augmentation">Applied to training recordings; null for none.</param>
    /// <param name="progress">Told after each step and epoch.</param>
    /// <param name="cancellationToken">Stops the training.</param>
    /// <exception cref="ArgumentException">There is nothing to train or validate on, or the two sets have different shapes.</exception>
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
            throw new ArgumentException($"there are {train.Count} recordings to train on and {valid.Count} to validate on; both must be above 0");
        if (!train.Layout.Equals(valid.Layout) || train.ClassCount != valid.ClassCount)
            throw new ArgumentException($"training recordings are {train.Layout} with {train.ClassCount} classes, validation recordings are {valid.Layout} with {valid.ClassCount}", nameof(valid));
        // A thread of its own for the whole training: torch's scopes belong to a thread, so no await may come between.
        return Task.Factory.StartNew(
            () => Train(network, kind, train, valid, augmentation, progress, cancellationToken),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private TrainingResult Train(
        EcgNetwork network, TaskKind kind, LabeledRecordings train, LabeledRecordings valid,
        IAugmentation? augmentation, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        set_num_threads(_options.TorchThreads > 0 ? _options.TorchThreads : Environment.ProcessorCount);
        var device = TorchDevice.Select(_options.Device, _options.AllowDeviceFallback);
        network.To(device);
        using var optimizer = CreateOptimizer(network);
        var loader = new BatchLoader(train, _options.BatchSize, augmentation, _options.Seed, _options.LoaderThreads);
        var rate = new LearningRatePolicy(optimizer, _options, loader.Steps);
        var epochs = new List<EpochStatistics>();
        EpochStatistics? best = null;
        IReadOnlyList<NamedTensor>? bestState = null;
        var parameters = network.ParameterCount;
        LogStart(train.Count, valid.Count, parameters, device);

        try
        {
            for (var epoch = 1; epoch <= _options.Epochs; epoch++)
            {
                var clock = Stopwatch.StartNew();
                var trained = TrainEpoch(network, kind, loader, optimizer, rate, epoch, device, progress, cancellationToken);
                var lastRate = rate.Current;
                var validated = Validate(network, kind, valid, device, cancellationToken);
                var accuracy = _options.ValidateAsPublished ? validated.MeanBatchAccuracy : validated.Accuracy;
                rate.AfterEpoch(accuracy);
                var figures = new EpochStatistics(
                    epoch, lastRate, trained.Loss, _options.ValidateAsPublished ? trained.MeanBatchAccuracy : trained.Accuracy,
                    validated.Loss, accuracy, validated.RocAuc(), clock.Elapsed.TotalSeconds, false);
                if (best is null || Figure(figures) > Figure(best))
                {
                    best = figures = figures with { IsBest = true };
                    bestState = NetworkState.Copy(network);
                }
                epochs.Add(figures);
                EpochEnded?.Invoke(figures, network);
                progress?.Report(new(epoch, _options.Epochs, loader.Steps, loader.Steps, figures.TrainLoss, figures));
                LogEpoch(epoch, figures.TrainLoss, figures.ValidLoss, figures.ValidAccuracy, figures.ValidRocAuc, figures.Seconds);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogCancelled(epochs.Count, _options.Epochs);
        }
        var last = NetworkState.Copy(network);
        return new TrainingResult(epochs, best, bestState ?? last, last, epochs.Count < _options.Epochs);
    }

    private double Figure(EpochStatistics epoch) =>
        _options.Selection == ModelSelection.Accuracy ? epoch.ValidAccuracy : epoch.ValidRocAuc ?? double.NegativeInfinity;

    private Optimizer CreateOptimizer(EcgNetwork network) => _options.Optimizer switch
    {
        OptimizerKind.Adam => Adam(network.Parameters, _options.LearningRate, weight_decay: _options.WeightDecay),
        OptimizerKind.AdamW => AdamW(network.Parameters, _options.LearningRate, weight_decay: _options.WeightDecay),
        _ => throw new InvalidOperationException($"no such optimizer: {_options.Optimizer}"),
    };

    private EpochScores TrainEpoch(
        EcgNetwork network, TaskKind kind, BatchLoader loader, Optimizer optimizer, LearningRatePolicy rate,
        int epoch, Device device, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        network.Train();
        var scores = new EpochScores(kind, loader.ClassCount);
        var step = 0;
        foreach (var batch in loader.Epoch(epoch, cancellationToken))
        {
            var loss = Step(network, optimizer, batch, loader, device, scores);
            loader.Return(batch);
            if (!double.IsFinite(loss))
                throw new TrainingException($"the loss of epoch {epoch}, step {step + 1} is {loss}; records {string.Join(", ", batch.Records.Select(loader.IdOf))}");
            step++;
            rate.AfterStep(isLast: epoch == _options.Epochs && step == loader.Steps);
            progress?.Report(new(epoch, _options.Epochs, step, loader.Steps, loss, null));
        }
        return scores;
    }

    /// <summary>One step in one dispose scope: forward, backward, update.</summary>
    private static double Step(EcgNetwork network, Optimizer optimizer, Batch batch, BatchLoader loader, Device device, EpochScores scores)
    {
        using var scope = NewDisposeScope();
        var signals = tensor(batch.Samples, [batch.Count, loader.Layout.LeadCount, loader.Layout.Length]).to(device);
        var targets = tensor(batch.Targets, [batch.Count, loader.ClassCount]).to(device);
        optimizer.zero_grad();
        var logits = network.Forward(signals);
        var loss = network.Head.Loss(logits, targets);
        loss.backward();
        optimizer.step();
        using var quiet = no_grad();
        var value = loss.item<float>();
        scores.Add(value, network.Head.Probabilities(logits.detach()).cpu().data<float>().ToArray(), batch.Targets);
        return value;
    }

    private EpochScores Validate(EcgNetwork network, TaskKind kind, LabeledRecordings valid, Device device, CancellationToken cancellationToken)
    {
        if (_options.ValidateAsPublished)
            network.Train();
        else
            network.Evaluate();
        var scores = new EpochScores(kind, valid.ClassCount);
        // One buffer for all full batches: garbage of this size would pile up between full collections.
        var buffer = new float[Math.Min(_options.BatchSize, valid.Count) * valid.SamplesPerRecording];
        using var quiet = no_grad();
        for (var start = 0; start < valid.Count; start += _options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(_options.BatchSize, valid.Count - start);
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

    [LoggerMessage(Level = LogLevel.Information, Message = "Training on {Train} recordings, validating on {Valid}; {Parameters} parameters on {Device}")]
    private partial void LogStart(int train, int valid, long parameters, Device device);

    [LoggerMessage(Level = LogLevel.Information, Message = "Epoch {Epoch}: loss {TrainLoss:F4}, validation loss {ValidLoss:F4}, accuracy {Accuracy:F4}, ROC-AUC {RocAuc:F4}, {Seconds:F1} s")]
    private partial void LogEpoch(int epoch, double trainLoss, double validLoss, double accuracy, double? rocAuc, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Training stopped after {Done} of {Epochs} epochs")]
    private partial void LogCancelled(int done, int epochs);
}
