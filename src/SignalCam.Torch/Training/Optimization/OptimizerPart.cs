using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Optimization;

/// <summary>
/// The state of Adam and AdamW for each parameter: both moments and the number of steps. Rates and betas are the schedule's, which is
/// replayed.
/// </summary>
internal sealed class OptimizerPart(OptimizerHelper optimizer, IReadOnlyList<string> parameterNames) : ITrainingPart
{
    private const string Steps = "steps";

    public string Name => "optimizer";

    public IEnumerable<NamedTensor> Capture()
    {
        var moments = AdamMoments.Of(optimizer);
        yield return new NamedTensor(Steps, [moments.Length], [.. moments.Select(m => m.Step)]);
        for (var i = 0; i < moments.Length; i++)
        {
            yield return NetworkState.ToNamed($"exp_avg/{parameterNames[i]}", moments[i].Mean);
            yield return NetworkState.ToNamed($"exp_avg_sq/{parameterNames[i]}", moments[i].Square);
        }
    }

    public void Restore(RememberedTensors remembered)
    {
        var moments = AdamMoments.Of(optimizer);
        var steps = remembered.Get(Steps, moments.Length).ToInt64s();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < moments.Length; i++)
        {
            var (mean, square) = (moments[i].Mean, moments[i].Square);
            mean.copy_(tensor(remembered.Get($"exp_avg/{parameterNames[i]}", mean.numel()).ToSingles(), mean.shape));
            square.copy_(tensor(remembered.Get($"exp_avg_sq/{parameterNames[i]}", square.numel()).ToSingles(), square.shape));
            moments[i].Step = steps[i];
        }
    }
}
