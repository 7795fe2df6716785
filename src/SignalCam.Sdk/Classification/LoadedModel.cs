using SignalCam.Core.Scoring;

namespace SignalCam.Sdk.Classification;

/// <summary>
/// A model in memory with a count of its users: the slot that holds it is one, each call another. The last one out disposes it.
/// </summary>
/// <param name="model">The model; disposed with the last user.</param>
internal sealed class LoadedModel(ScoringModel model)
{
    private int _users = 1;

    public ScoringModel Model => model;

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
