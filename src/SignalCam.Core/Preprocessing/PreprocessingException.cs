using SignalCam.Abstractions;

namespace SignalCam.Core.Preprocessing;

/// <summary>
/// A recording cannot be preprocessed: a sample that is not a number, or too few samples for the step. The message names them.
/// </summary>
public sealed class PreprocessingException : SignalCamException
{
    /// <summary>Creates the exception.</summary>
    public PreprocessingException(string message)
        : base(message)
    {
    }
}
