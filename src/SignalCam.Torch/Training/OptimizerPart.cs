using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training;

/// <summary>
/// What Adam and AdamW remember of each parameter: both moments and the number of steps. Read and set through the fields of the optimizer's
/// own states, in which nothing is rounded; rates and betas are the schedule's, which is replayed.
/// </summary>
internal sealed class OptimizerPart(OptimizerHelper optimizer, IReadOnlyList<string> parameterNames) : ITrainingPart
{
    private const string Steps = "steps";

    public string Name => "optimizer";

    public IEnumerable<NamedTensor> Capture()
    {
        var states = Moments();
        yield return new NamedTensor(Steps, [states.Length], [.. states.Select(state => state.Step)]);
        for (var i = 0; i < states.Length; i++)
        {
            yield return NetworkState.ToNamed($"exp_avg/{parameterNames[i]}", states[i].Mean);
            yield return NetworkState.ToNamed($"exp_avg_sq/{parameterNames[i]}", states[i].Square);
        }
    }

    public void Restore(RememberedTensors remembered)
    {
        var (states, owners) = (Moments(), optimizer.state_dict().State);
        var steps = remembered.Get(Steps, states.Length).ToInt64s();
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        for (var i = 0; i < states.Length; i++)
        {
            var (_, mean, square) = states[i];
            mean.copy_(tensor(remembered.Get($"exp_avg/{parameterNames[i]}", mean.numel()).ToSingles(), mean.shape));
            square.copy_(tensor(remembered.Get($"exp_avg_sq/{parameterNames[i]}", square.numel()).ToSingles(), square.shape));
            SetStep(owners[i], steps[i]);
        }
    }

    private (long Step, Tensor Mean, Tensor Square)[] Moments() => [.. optimizer.state_dict().State.Select(state => state switch
    {
        Adam.State adam => (adam.step, adam.exp_avg, adam.exp_avg_sq),
        AdamW.State adamW => (adamW.step, adamW.exp_avg, adamW.exp_avg_sq),
        _ => throw NoSuch(state),
    })];

    private static void SetStep(OptimizerState state, long step)
    {
        switch (state)
        {
            case Adam.State adam:
                adam.step = step;
                break;
            case AdamW.State adamW:
                adamW.step = step;
                break;
            default:
                throw NoSuch(state);
        }
    }

    private static InvalidOperationException NoSuch(OptimizerState state) => new($"no way to keep the state of {state.GetType()}");
}
