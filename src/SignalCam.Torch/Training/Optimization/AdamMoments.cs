using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Optimization;

/// <summary>
/// The state of Adam and AdamW for one parameter, read and set through the fields of the optimizer's own state, in which nothing is
/// rounded.
/// </summary>
internal sealed class AdamMoments
{
    private readonly Adam.State? _adam;
    private readonly AdamW.State? _adamW;

    private AdamMoments(OptimizerState state) => (_adam, _adamW) = state switch
    {
        Adam.State adam => (adam, (AdamW.State?)null),
        AdamW.State adamW => (null, adamW),
        _ => throw new InvalidOperationException($"no way to keep the state of {state.GetType()}"),
    };

    /// <summary>The moving average of the gradient.</summary>
    public Tensor Mean => _adam?.exp_avg ?? _adamW!.exp_avg;

    /// <summary>The moving average of its square.</summary>
    public Tensor Square => _adam?.exp_avg_sq ?? _adamW!.exp_avg_sq;

    /// <summary>Steps taken.</summary>
    public long Step
    {
        get => _adam?.step ?? _adamW!.step;
        set
        {
            if (_adam is not null)
                _adam.step = value;
            else
                _adamW!.step = value;
        }
    }

    /// <summary>The moments of an optimizer, in the order of its parameters.</summary>
    public static AdamMoments[] Of(OptimizerHelper optimizer) => [.. optimizer.state_dict().State.Select(state => new AdamMoments(state))];
}
