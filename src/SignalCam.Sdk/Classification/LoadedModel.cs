using SignalCam.Abstractions;
using SignalCam.Core.Inference;
using SignalCam.Core.Signals;
using SignalCam.Torch.Networks;

namespace SignalCam.Sdk.Classification;

/// <summary>A model in memory with a count of its users: the slot that holds it is one, each call another. The last one out disposes it.</summary>
/// <param name="model">The model; disposed with the last user.</param>
/// <param name="length">What may be done to a recording of another length.</param>
/// <param name="scorer">The same model compiled; null for TorchSharp.</param>
internal sealed class LoadedModel(EcgModel model, LengthPolicy length, CompiledScorer? scorer)
{
    private readonly SignalAdapter _adapter = new(model.Input, length);
    private int _users = 1;

    public EcgModel Model => model;

    /// <summary>The same model compiled; null for TorchSharp.</summary>
    public CompiledScorer? Scorer => scorer;

    /// <summary>Samples per recording of the network's input.</summary>
    public int Size => model.Input.LeadCount * model.Input.Length;

    /// <summary>From a raw recording of any rate and leads to a raw one of the model's.</summary>
    public EcgSignal Adapt(EcgSignal recording) => _adapter.Adapt(recording);

    /// <summary>From a raw recording of any rate and leads to the network's input.</summary>
    public EcgSignal Prepare(EcgSignal recording) => model.Prepare(_adapter.Adapt(recording));

    /// <summary>Counts a user in; false when the last one has left already.</summary>
    public bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            model.Dispose();
    }
}
