using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace SignalCam.Torch.Training.Optimization;

/// <summary>
/// Steps torch's learning-rate schedulers as their schedule requires: after every step, or after every epoch with a figure.
/// </summary>
internal sealed class LearningRatePolicy
{
    private readonly Optimizer _optimizer;
    private readonly LRScheduler? _perStep;
    private readonly LRScheduler? _perEpoch;

    public LearningRatePolicy(Optimizer optimizer, TrainingOptions options, int stepsPerEpoch)
    {
        _optimizer = optimizer;
        switch (options.Schedule)
        {
            case LearningRateSchedule.Constant:
                break;
            case LearningRateSchedule.OneCycle:
                _perStep = OneCycleLR(optimizer, options.LearningRate, total_steps: options.Epochs * stepsPerEpoch);
                break;
            case LearningRateSchedule.PublishedPlateau:
                _perEpoch = ReduceLROnPlateau(optimizer, mode: "min", factor: 0.5, patience: 8, threshold: 5e-4, threshold_mode: "rel");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Schedule, "no such schedule");
        }
    }

    public double Current => _optimizer.ParamGroups.First().LearningRate;

    /// <summary>After each step but the very last one, which has no rate to continue to.</summary>
    public void AfterStep(bool isLast)
    {
        if (!isLast)
            _perStep?.step();
    }

    public void AfterEpoch(double validAccuracy) => _perEpoch?.step(validAccuracy);

    /// <summary>
    /// Advances a new schedule to the position after these steps and epochs: a scheduler depends only on its inputs, so replaying them
    /// gives the same rates to the bit.
    /// </summary>
    /// <param name="steps">Calls of <see cref="AfterStep"/> that advanced the schedule.</param>
    /// <param name="validAccuracies">The arguments of <see cref="AfterEpoch"/>, in order.</param>
    public void Replay(int steps, IEnumerable<double> validAccuracies)
    {
        for (var step = 0; step < steps; step++)
            AfterStep(isLast: false);
        foreach (var accuracy in validAccuracies)
            AfterEpoch(accuracy);
    }
}
