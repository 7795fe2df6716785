using SignalCam.Abstractions;

namespace SignalCam.Torch.Training;

/// <summary>A training cannot continue.</summary>
public sealed class TrainingException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public TrainingException(string message)
        : base(message)
    {
    }
}
