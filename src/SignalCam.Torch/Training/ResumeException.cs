using SignalCam.Abstractions;

namespace SignalCam.Torch.Training;

/// <summary>A training cannot resume from a checkpoint, because the checkpoint is of another training.</summary>
public sealed class ResumeException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The checkpoint.</param>
    /// <param name="what">The difference: "option epochs", "torch threads", "training recordings".</param>
    /// <param name="saved">The value in the checkpoint.</param>
    /// <param name="current">The current value.</param>
    public ResumeException(string file, string what, string saved, string current)
        : base($"cannot resume from {file}: {what} is {saved} in the checkpoint and {current} now")
    {
        What = what;
        Saved = saved;
        Current = current;
    }

    /// <summary>The difference: "option epochs", "torch threads", "training recordings".</summary>
    public string What { get; }

    /// <summary>The value in the checkpoint.</summary>
    public string Saved { get; }

    /// <summary>The current value.</summary>
    public string Current { get; }
}
