using SignalCam.Core.Models;
using SignalCam.Torch.Networks;
using SignalCam.Torch.Training.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace SignalCam.Torch.Training.Optimization;

/// <summary>
/// The exponential moving average of a network's weights and batch-norm statistics over the steps (Polyak and Juditsky 1992; as in
/// Tarvainen and Valpola 2017, with a shorter memory at the start). It is the average that is validated and kept.
/// </summary>
internal sealed class WeightAverage : ITrainingPart, IDisposable
{
    private const string Updates = "updates";

    private readonly (string Name, Tensor Current, Tensor Average)[] _pairs;
    private readonly double _decay;
    private long _updates;

    /// <param name="network">The network.</param>
    /// <param name="decay">The share of the average that stays at each step.</param>
    /// <param name="headOnly">Whether the backbone is unchanged: averaging equal weights would round them.</param>
    public WeightAverage(EcgNetwork network, double decay, bool headOnly = false)
    {
        _decay = decay;
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var head = network.Head.state_dict();
        // Counters of batches are whole numbers and stay the network's own.
        _pairs = [.. network.State.Where(named => named.Value.is_floating_point()
            && (!headOnly || head.ContainsKey(named.Key))).Select(named =>
            (named.Key, named.Value, named.Value.detach().clone().DetachFromDisposeScope()))];
    }

    public string Name => "average";

    /// <summary>Adds the weights after a step.</summary>
    public void Update()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var decay = Math.Min(_decay, (1.0 + _updates) / (10.0 + _updates));
        using Scalar keep = decay, add = 1 - decay;
        foreach (var (_, current, average) in _pairs)
            average.mul_(keep).add_(current, add);
        _updates++;
    }

    /// <summary>Exchanges the network's weights and the averages; the same call again undoes it.</summary>
    public void Swap()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (_, current, average) in _pairs)
        {
            var former = current.detach().clone();
            current.copy_(average);
            average.copy_(former);
        }
    }

    public IEnumerable<NamedTensor> Capture()
    {
        yield return new NamedTensor(Updates, [1], new[] { _updates });
        foreach (var (name, _, average) in _pairs)
            yield return NetworkState.ToNamed(name, average);
    }

    public void Restore(RememberedTensors remembered)
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        _updates = remembered.Get(Updates, 1).ToInt64s()[0];
        foreach (var (name, _, average) in _pairs)
            average.copy_(tensor(remembered.Get(name, average.numel()).ToSingles(), average.shape));
    }

    public void Dispose()
    {
        foreach (var (_, _, average) in _pairs)
            average.Dispose();
    }
}
