using System.Diagnostics;
using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Optimization;
using SignalCam.Torch.Training.Runs;
using SignalCam.Torch.Training.Validation;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Sessions;

/// <summary>
/// All state that changes during training, and nothing else: what <see cref="Capture"/> copies and <see cref="Restore"/> puts
/// back determines how the training continues. A piece with a memory of its own is one more <see cref="ITrainingPart"/> in the
/// list.
/// </summary>
internal sealed class TrainingState : IDisposable
{
    private readonly ITrainingPart[] _parts;
    private readonly WeightAverage? _average;
    private readonly TrainingOptions _options;
    private readonly int _steps;
    private double _earlierSeconds;
    private long _epochStarted = Stopwatch.GetTimestamp();

    public TrainingState(EcgNetwork network, TrainingOptions options, int stepsPerEpoch)
    {
        _options = options;
        _steps = stepsPerEpoch;
        Network = network;
        Optimizer = CreateOptimizer(network, options);
        Update = new AdamStep(
            Optimizer, network.Parameters, options.WeightDecay, network.Backbone.parameters().Count(),
                (options.HeadLearningRate ?? options.LearningRate) / options.LearningRate);
        Rate = new LearningRatePolicy(Optimizer, options, stepsPerEpoch);
        string[] names = [.. network.Backbone.named_parameters().Concat(network.Head.named_parameters()).Select(named => named.name)];
        _average = options.AverageDecay > 0 ? new WeightAverage(network, options.AverageDecay, options.Freeze == FrozenPart.Backbone)
            : null;
        _parts = [new OptimizerPart(Optimizer, names), new RandomPart(), .. _average is null ? [] : new ITrainingPart[] { _average }];
    }

    public EcgNetwork Network { get; }

    public OptimizerHelper Optimizer { get; }

    /// <summary>The optimizer's step.</summary>
    public AdamStep Update { get; }

    public LearningRatePolicy Rate { get; }

    /// <summary>The current epoch, from 1.</summary>
    public int Epoch { get; private set; } = 1;

    /// <summary>Steps done in it.</summary>
    public int Step { get; private set; }

    /// <summary>The sums of its steps.</summary>
    public EpochSums Sums { get; private set; } = new();

    /// <summary>Seconds spent on it, including those before a resume.</summary>
    public double SecondsOfEpoch => _earlierSeconds + Stopwatch.GetElapsedTime(_epochStarted).TotalSeconds;

    /// <summary>The statistics of the finished epochs.</summary>
    public List<EpochStatistics> Epochs { get; private set; } = [];

    public EpochStatistics? Best { get; private set; }

    /// <summary>The weights of the best epoch.</summary>
    public IReadOnlyList<NamedTensor>? BestWeights { get; private set; }

    /// <summary>Runs an action while the network has the weights that are validated and kept: their average, if enabled.</summary>
    public void WithKeptWeights(Action action)
    {
        _average?.Swap();
        try
        {
            action();
        }
        finally
        {
            _average?.Swap();
        }
    }

    /// <summary>Completes a step: counts it, averages the weights and advances the schedule.</summary>
    public void StepDone(EpochSums sums)
    {
        _average?.Update();
        Step++;
        Sums = sums;
        // The very last step has no rate to continue to.
        Rate.AfterStep(isLast: Epoch == _options.Epochs && Step == _steps);
    }

    /// <summary>Completes an epoch and starts the next.</summary>
    public void EpochDone(EpochStatistics statistics)
    {
        Epochs.Add(statistics);
        if (statistics.IsBest)
        {
            Best = statistics;
            WithKeptWeights(() => BestWeights = NetworkState.Copy(Network));
        }
        Rate.AfterEpoch(statistics.ValidAccuracy);
        (Epoch, Step, Sums) = (Epoch + 1, 0, new EpochSums());
        (_earlierSeconds, _epochStarted) = (0, Stopwatch.GetTimestamp());
    }

    /// <summary>Copies of all of it.</summary>
    public TrainingCheckpoint Capture() => new(
        new TrainingPosition(Epoch, Step, Sums, SecondsOfEpoch, [.. Epochs], Best?.Epoch),
        NetworkState.Copy(Network),
        BestWeights,
        _parts.ToDictionary(part => part.Name, part => (IReadOnlyList<NamedTensor>)[.. part.Capture()]));

    /// <summary>Restores a checkpoint; call it before the first step.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="file">Its file, for messages.</param>
    /// <exception cref="Abstractions.ModelFormatException">It belongs to another network or optimizer, or is incomplete.</exception>
    public void Restore(TrainingCheckpoint checkpoint, string file)
    {
        var position = checkpoint.Position;
        NetworkState.Load(Network, checkpoint.Weights, file);
        foreach (var part in _parts)
            part.Restore(checkpoint.Remembered(part.Name, file));
        (Epoch, Step, Sums) = (position.Epoch, position.Step, position.Sums);
        (_earlierSeconds, _epochStarted) = (position.SecondsOfEpoch, Stopwatch.GetTimestamp());
        Epochs = [.. position.Epochs];
        Best = position.Best is { } best ? position.Epochs[best - 1] : null;
        BestWeights = checkpoint.BestWeights;
        var steps = Math.Min((Epoch - 1) * _steps + Step, _options.Epochs * _steps - 1);
        Rate.Replay(steps, Epochs.Select(epoch => epoch.ValidAccuracy));
    }

    public void Dispose()
    {
        _average?.Dispose();
        Optimizer.Dispose();
    }

    private static OptimizerHelper CreateOptimizer(EcgNetwork network, TrainingOptions options) => options.Optimizer switch
    {
        OptimizerKind.Adam => optim.Adam(network.Parameters, options.LearningRate, weight_decay: options.WeightDecay),
        OptimizerKind.AdamW => optim.AdamW(network.Parameters, options.LearningRate, weight_decay: options.WeightDecay),
        _ => throw new InvalidOperationException($"no such optimizer: {options.Optimizer}"),
    };
}
