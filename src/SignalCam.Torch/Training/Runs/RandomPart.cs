using SignalCam.Core.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Runs;

/// <summary>
/// The state of torch's random generator on the CPU, which dropout draws from. Order and augmentation have no state: they depend only on
/// seed, epoch and recording.
/// </summary>
internal sealed class RandomPart : ITrainingPart
{
    private const string Cpu = "cpu";

    public string Name => "random";

    public IEnumerable<NamedTensor> Capture()
    {
        using var state = get_rng_state();
        return [new NamedTensor(Cpu, TensorDType.U8, state.shape, state.data<byte>().ToArray())];
    }

    public void Restore(RememberedTensors remembered)
    {
        using var now = get_rng_state();
        using var state = tensor(remembered.Get(Cpu, now.numel()).Data.ToArray(), now.shape);
        set_rng_state(state);
    }
}
