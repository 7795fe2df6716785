using SignalCam.Abstractions;

namespace SignalCam.Torch.Training;

/// <summary>A training cannot go on from a checkpoint, because the checkpoint is of another training.</summary>
public sealed class ResumeException : SignalCamException
{
    /// <summary>Creates the error.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="what">What differs: "option epochs", "torch threads", "training recordings".</param>
    /// <param name="saved">What the checkpoint says.</param>
    /// <param name="current">What holds now.</param>
    public ResumeException(string file, string what, string saved, string current)
        : base($"cannot go on from {file}: {what} is {saved} in the checkpoint and {current} now")
    {
        What = what;
        Saved = saved;
        Current = current;
    }

    /// <summary>What differs: "option epochs", "torch threads", "training recordings".</summary>
    public string What { get; }

    /// <summary>What the checkpoint says.</summary>
    public string Saved { get; }

    /// <summary>What holds now.</summary>
    public string Current { get; }
}
